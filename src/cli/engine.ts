/** A build as the command line asks for it, run by the engine with the real machine and the real cache. */
import { type BuildResult, build } from "../build.ts";
import type { ActionKey } from "../core/digest.ts";
import { showBytes } from "../core/path.ts";
import type { Progress, ProgressEvent } from "../core/ports.ts";
import { audible, type Warning } from "../core/warning.ts";
import type { ImageMember } from "../image/image.ts";
import { BuildStore } from "../machine/build-store.ts";
import { type CacheWish, openStore } from "../machine/cache.ts";
import { hostPathFrom } from "../machine/files.ts";
import { machinePorts } from "../machine/ports.ts";
import { type RecipeOrder, readRecipe } from "../machine/recipe.ts";
import { SignalGuard } from "./ending.ts";
import { explainBuild } from "./work/explain.ts";
import { type Manifest, readManifests } from "./work/manifests.ts";

/** Everything as it was typed; null: not said. */
export interface BuildOrder extends RecipeOrder {
  readonly out: string;
  readonly cache: CacheWish;
  readonly jobs: number | null;
  /** Whether to say what was reused, and why the rest was not. */
  readonly wantsReasons: boolean;
  readonly tell: Progress;
}

/** What a build has to say when it is done. */
export interface BuildSummary {
  readonly name: string;
  /** The final image: what `<out>/<name>` leads to. */
  readonly image: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: string;
  readonly entries: number;
  readonly outputs: readonly string[];
  /** Segments, by whether any work was done for them. */
  readonly reused: number;
  readonly rebuilt: number;
  readonly explanation: readonly string[];
  /** Those that the recipe does not silence. */
  readonly warnings: readonly Warning[];
}

/** Throws BuildFailure. */
export async function runBuild(order: BuildOrder): Promise<BuildSummary> {
  const machine = machinePorts(order.jobs);
  const recipe = readRecipe(order, machine.host);
  const out = hostPathFrom(order.out);
  const before = order.wantsReasons ? readManifests(out, machine.host) : new Map<string, Manifest>();
  const store = new BuildStore(() => {
    signals.listen();
    return openStore(order.cache, order.recipe);
  });
  const signals = new SignalGuard(() => store.close());
  const host = signals.guard(machine.host);
  try {
    const ports = {
      ...machine,
      host,
      store,
      tell: (event: ProgressEvent) => {
        signals.notice(event);
        order.tell(event);
      },
    };
    const result = await build(recipe, out, ports);
    const explanation = order.wantsReasons
      ? explainBuild({ result, built: store.built, before, after: readManifests(out, machine.host) })
      : [];
    return { ...summaryOf(result, store.built), explanation };
  } finally {
    await signals.unlessEnding();
    signals.release();
    await store.close();
  }
}

function summaryOf({ spec, plan, image, warnings }: BuildResult, built: ReadonlySet<ActionKey>) {
  const segments = plan.layers.reduce((sum, layer) => sum + layer.segments.length, 0);
  const worked = plan.layers.flatMap(({ name, segments }) =>
    segments.filter(({ key }, index) => built.has(key) || image.members.some(wasCompressed(name, index))),
  ).length;
  return {
    name: spec.name,
    image: showBytes(image.path),
    size: image.size,
    digest: image.digest,
    entries: plan.layers.reduce((sum, layer) => sum + layer.entries.length, 0),
    outputs: image.outputs.map(showBytes),
    reused: segments - worked,
    rebuilt: worked,
    warnings: audible(warnings, spec.silence),
  };
}

/** Whether a member holds this segment, alone or in one stream with others, and was compressed just now. */
function wasCompressed(layer: string, segment: number): (member: ImageMember) => boolean {
  return (member) =>
    !member.wasReused &&
    member.layer === layer &&
    (member.role === "whole" || (member.role === "segment" && member.segment === segment));
}
