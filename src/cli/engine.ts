/** A build as the command line asks for it, run by the engine with the real machine and the real cache. */
import type { BuildPorts, BuildResult, BuiltContents, MadeImage } from "../carry-out.ts";
import type { Host, Progress } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { LockDrift } from "../core/problems/lock.ts";
import { buildAgain } from "../decide-again.ts";
import { type CacheWish, makeCache } from "../machine/cache.ts";
import { hostPathFrom } from "../machine/files.ts";
import { tidyAfterPlan } from "../machine/garbage.ts";
import { type BuildName, canTellChanges, rememberBuild } from "../machine/last-build.ts";
import { rememberPlan, reopenPlan } from "../machine/last-plan.ts";
import { Observer } from "../machine/observations.ts";
import { optimizeLongWork } from "../machine/optimizer.ts";
import { type RecipeOrder, readRecipe } from "../machine/recipe.ts";
import { keepTimes } from "../machine/timekeeper.ts";
import type { SbomFormat } from "../sbom/describe-image.ts";
import type { RecipeInput } from "../spec/load.ts";
import { Session } from "./session.ts";
import { type BuildSummary, summaryOf } from "./summary.ts";
import { explainBuild } from "./work/explain.ts";
import { LockKeeper, type LockWish } from "./work/lock-keeper.ts";
import { type Manifest, readManifests } from "./work/manifests.ts";
import type { SbomWriter } from "./work/sbom-writer.ts";

/** Everything as it was typed; null: not said. */
export interface BuildOrder extends RecipeOrder {
  readonly out: string;
  readonly cache: CacheWish;
  readonly jobs: number | null;
  /** Whether to say what was reused, and why the rest was not. */
  readonly wantsReasons: boolean;
  readonly lock: LockWish;
  readonly sboms: readonly SbomFormat[];
  /** Whether each layer is also written as a file of its own. */
  readonly emitsLayers: boolean;
  /** Under which the build is remembered; null: nowhere. */
  readonly name: BuildName | null;
  readonly tell: Progress;
}

/** Throws BuildFailure. */
export async function runBuild(order: BuildOrder): Promise<BuildSummary> {
  return (await performBuild(order)).summary;
}

export interface Performed {
  readonly summary: BuildSummary;
  readonly keeper: LockKeeper;
}

/** The same, with the keeper of the lock. Throws BuildFailure. */
export async function performBuild(order: BuildOrder): Promise<Performed> {
  const session = new Session(order.jobs);
  try {
    return await buildIn(session, order);
  } finally {
    await session.close();
  }
}

/** One build of a run. Throws BuildFailure. */
export async function buildIn(session: Session, order: BuildOrder): Promise<Performed> {
  const { machine, signals } = session;
  const startedAtMs = Date.now();
  const out = hostPathFrom(order.out);
  const before = order.wantsReasons ? readManifests(out, machine.host) : new Map<string, Manifest>();
  const { store, memory } = await session.cacheOf(order.cache, order.recipe);
  const tell = signals.heard(tidyAfterPlan(), optimizeLongWork(), order.tell);
  const keeper = new LockKeeper(order, order.lock);
  const times = keepTimes(() => performance.now());
  const describing = order.sboms.length === 0 ? null : await sbomWriter(order.sboms);
  const portsWith = async (observer: Observer) => {
    const host = signals.guard(observer.watch(machine.host));
    await keeper.read(host);
    return {
      timekeeper: times,
      ...machine,
      databases: observer.watchDatabases(machine.databases, machine.host),
      host,
      store,
      memory,
      tell,
      approve: (made: MadeImage) => keeper.approve(made),
      emitsLayers: order.emitsLayers,
      describe: describing === null ? null : (made: BuiltContents) => describing.describe(made),
    };
  };
  try {
    const { result, observer } = await buildByLeastWork(order, machine.host, portsWith);
    const explanation = order.wantsReasons
      ? explainBuild({ result, before, after: readManifests(out, machine.host) })
      : [];
    const drift = keeper.drift === null ? [] : await namesOf(keeper.drift);
    const lock = keeper.drift === null ? null : keeper.file;
    const told = summaryOf(result, describing?.told ?? null);
    const summary = { ...told, explanation, lock, movedFromLock: drift };
    if (order.name !== null && (store.isOpen || (await makeCache(order.name.cache)))) {
      memory.save();
      times.save(order.name.cache);
      const observations = observer.observations();
      if (canTellChanges(observations, startedAtMs)) {
        const again = { ...summary, reused: summary.reused + summary.rebuilt, rebuilt: 0, explanation: [] };
        const { outputs } = result.image;
        rememberBuild(order.name, machine.host, { observations, outputs, summary: again });
        rememberPlan(order.name, observations, result);
      }
    }
    return { summary, keeper };
  } finally {
    await session.rest();
  }
}

interface Built {
  readonly result: BuildResult;
  /** What saw all that the result depends on. */
  readonly observer: Observer;
}

/** From what the last build decided, where that still holds; else, with YAML, schema and graph loaded, from the recipe. */
async function buildByLeastWork(
  { name, ...order }: BuildOrder,
  host: Host,
  portsWith: (observer: Observer) => Promise<BuildPorts>,
): Promise<Built> {
  const out = hostPathFrom(order.out);
  const last = name === null ? null : reopenPlan(name, host);
  if (last !== null) {
    const { decision, changed, observer } = last;
    const result = await buildAgain(decision, changed, out, await portsWith(observer));
    if (result !== null) return { result, observer };
  }
  const { build } = await import("../build.ts");
  const observer = new Observer();
  // A lock is one kernel's: whether the recipe is for several comes before the question where its lock is.
  if (order.lock === "obey") await refuseSeveral(readRecipe(order, host));
  const ports = await portsWith(observer);
  return { result: await build(readRecipe(order, ports.host), out, ports), observer };
}

/** Throws BuildFailure: kernel/several, and what is wrong with the recipe. */
async function refuseSeveral(recipe: RecipeInput): Promise<void> {
  const { loadSpec } = await import("../spec/load.ts");
  const several = loadSpec(recipe).layers.find(({ kernel }) => kernel !== null && kernel.versions !== null);
  if (several?.kernel) throw new BuildFailure([{ code: "kernel/several", at: several.kernel.at }]);
}

/** Few builds want an SBOM: the others load nothing of it. */
async function sbomWriter(formats: readonly SbomFormat[]): Promise<SbomWriter> {
  const { SbomWriter } = await import("./work/sbom-writer.ts");
  return new SbomWriter(formats);
}

/** Few builds have moved away from a lock. */
async function namesOf(drift: readonly LockDrift[]): Promise<string[]> {
  const { nameOfDrift } = await import("./report/lock.ts");
  return drift.map(nameOfDrift);
}
