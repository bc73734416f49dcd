/** A build as the command line asks for it, run by the engine with the real machine and the real cache. */
import type { BuildPorts, BuildResult, BuiltContents, MadeImage } from "../carry-out.ts";
import type { OtherDigests } from "../core/digest.ts";
import { showBytes } from "../core/path.ts";
import type { Host, Progress, ProgressEvent } from "../core/ports.ts";
import type { LockDrift } from "../core/problems/lock.ts";
import { audible, type Warning } from "../core/warning.ts";
import { buildAgain } from "../decide-again.ts";
import { BuildStore } from "../machine/build-store.ts";
import { type CacheWish, makeCache, openMemory, openStore } from "../machine/cache.ts";
import { hostPathFrom } from "../machine/files.ts";
import { tidyAfterPlan } from "../machine/garbage.ts";
import { type BuildName, canTellChanges, rememberBuild } from "../machine/last-build.ts";
import { rememberPlan, reopenPlan } from "../machine/last-plan.ts";
import { Observer } from "../machine/observations.ts";
import { withOptimizing } from "../machine/optimizer.ts";
import { machinePorts } from "../machine/ports.ts";
import { type RecipeOrder, readRecipe } from "../machine/recipe.ts";
import type { Description, SbomFormat } from "../sbom/describe-image.ts";
import { SignalGuard } from "./ending.ts";
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
  /** Under which the build is remembered; null: nowhere. */
  readonly name: BuildName | null;
  readonly tell: Progress;
}

/** What a build has to say when it is done. */
export interface BuildSummary {
  readonly name: string;
  /** The final image: what `<out>/<name>` leads to. */
  readonly image: string;
  /** Bytes. */
  readonly size: number;
  /** Null, and `digests` empty: the image holds secrets, and a short one could be guessed from a digest. */
  readonly digest: string | null;
  /** Those that the recipe asks for besides. */
  readonly digests: OtherDigests;
  readonly entries: number;
  readonly outputs: readonly string[];
  /** Segments, by whether any work was done for them. */
  readonly reused: number;
  readonly rebuilt: number;
  readonly explanation: readonly string[];
  /** The recipe's lock; null: there is none. */
  readonly lock: string | null;
  /** What it does not say, by name. */
  readonly movedFromLock: readonly string[];
  /** Those that the recipe does not silence. */
  readonly warnings: readonly Warning[];
  /** What the SBOM tells of; null: nobody wants one. */
  readonly sbom: Pick<Description, "packages" | "files" | "unmapped" | "changed"> | null;
}

/** Throws BuildFailure. */
export async function runBuild(order: BuildOrder): Promise<BuildSummary> {
  return (await performBuild(order)).summary;
}

/** The same, with the keeper of the lock. Throws BuildFailure. */
export async function performBuild(
  order: BuildOrder,
): Promise<{ readonly summary: BuildSummary; readonly keeper: LockKeeper }> {
  const machine = machinePorts(order.jobs);
  const startedAtMs = Date.now();
  const out = hostPathFrom(order.out);
  const before = order.wantsReasons ? readManifests(out, machine.host) : new Map<string, Manifest>();
  const store = new BuildStore(() => {
    signals.listen();
    return openStore(order.cache, order.recipe);
  });
  const signals = new SignalGuard(() => store.close());
  const tidy = tidyAfterPlan();
  const memory = await openMemory(order.cache, order.recipe);
  const keeper = new LockKeeper(order.recipe, order.lock);
  const describing = order.sboms.length === 0 ? null : await sbomWriter(order.sboms);
  const portsWith = async (observer: Observer) => {
    const host = signals.guard(observer.watch(machine.host));
    await keeper.read(host);
    return {
      ...machine,
      databases: observer.watchDatabases(machine.databases, machine.host),
      host,
      store,
      memory,
      tell: (event: ProgressEvent) => {
        signals.notice(event);
        tidy(event);
        order.tell(event);
      },
      approve: (made: MadeImage) => keeper.approve(made),
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
    await signals.unlessEnding();
    signals.release();
    // What a build learned that failed later serves the next.
    if (store.isOpen) memory.save();
    await store.close();
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
  withOptimizing();
  const { build } = await import("../build.ts");
  const observer = new Observer();
  const ports = await portsWith(observer);
  return { result: await build(readRecipe(order, ports.host), out, ports), observer };
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

function summaryOf({ spec, plan, layers, image, warnings }: BuildResult, told: Description | null) {
  const segments = layers.flatMap((layer) => layer.segments);
  // What is one stream is compressed as one.
  const isOne = image.members.some(({ role, wasReused }) => role === "whole" && !wasReused);
  const worked = segments.filter(({ wasReused }) => isOne || !wasReused).length;
  return {
    name: spec.name,
    image: showBytes(image.path),
    size: image.size,
    digest: image.digest,
    digests: image.others,
    entries: plan.layers.reduce((sum, layer) => sum + layer.entries.length, plan.secrets.length),
    outputs: image.outputs.map(showBytes),
    reused: segments.length - worked,
    rebuilt: worked,
    warnings: audible([...warnings, ...(told?.warnings ?? [])], spec.silence),
    sbom: told && {
      packages: told.packages,
      files: told.files,
      unmapped: told.unmapped,
      changed: told.changed,
    },
  };
}
