/** The corridor: a recipe goes in, an image comes out, and nothing flows back. */
import type { HostPath } from "./core/path.ts";
import type { Host, Progress, Store, StoreDatabase } from "./core/ports.ts";
import { DamagedContent } from "./core/ports.ts";
import { closeReferences } from "./graph/close.ts";
import type { Closure } from "./graph/graph.ts";
import { knownReferences } from "./graph/store/known-references.ts";
import { openTrees, type SourceTrees } from "./graph/trees.ts";
import { assembleImage, type Image } from "./image/assemble.ts";
import { checkEarly, type EarlySegment } from "./inspect/early.ts";
import { buildLayers } from "./layers/build-layers.ts";
import { contentOpener } from "./layers/read-content.ts";
import { manifestEntries } from "./plan/manifest-entries.ts";
import { type Plan, planImage } from "./plan/plan.ts";
import { loadSpec, type RecipeInput } from "./spec/load.ts";
import type { Spec } from "./spec/spec.ts";

export interface BuildPorts {
  readonly host: Host;
  readonly store: Store;
  readonly nix: StoreDatabase;
  readonly tell: Progress;
}

export interface BuildResult {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly image: Image;
}

/** Damaged content is built anew; a disk that damages it every time is not. */
const MOST_REPAIRS = 3;

/**
 * Builds the image of a recipe into a directory. Throws BuildFailure with all problems of the first stage
 * that finds any; what an earlier build left in the directory then stays as it was.
 */
export async function build(recipe: RecipeInput, out: HostPath, ports: BuildPorts): Promise<BuildResult> {
  const spec = loadSpec(recipe);
  const early = await checkEarly(spec.prepend, ports);
  const trees = openTrees(spec, ports.host);
  const closure = await closureOf(spec, trees, ports);
  const plan = planImage(spec, closure, early);
  const image = await buildImage({ spec, early, trees, closure, plan, out }, ports);
  return { spec, plan, image };
}

/** The first half alone: what a recipe's contents refer to, and why. */
export async function closureOf(
  spec: Spec,
  trees: SourceTrees,
  { nix, tell }: Pick<BuildPorts, "nix" | "tell">,
): Promise<Closure> {
  const references = await knownReferences(spec, nix);
  return closeReferences(spec, trees, references, tell);
}

interface Planned {
  readonly spec: Spec;
  readonly early: readonly EarlySegment[];
  readonly trees: SourceTrees;
  readonly closure: Closure;
  readonly plan: Plan;
  readonly out: HostPath;
}

async function buildImage(planned: Planned, ports: BuildPorts): Promise<Image> {
  const { spec, early, trees, closure, plan, out } = planned;
  const open = contentOpener(trees, { sysroot: spec.sysroot, store: spec.store.root });
  const entries = manifestEntries(plan, closure.references);
  for (let repairs = 0; ; repairs++) {
    try {
      const layers = await buildLayers(plan, spec.image.epoch, { ...ports, open });
      const { machine } = closure;
      const { isPrivate } = plan;
      return await assembleImage({ spec, layers, early, machine, entries, isPrivate, out }, ports);
    } catch (error) {
      if (!(error instanceof DamagedContent) || repairs === MOST_REPAIRS) throw error;
      await ports.store.forget(error.content);
    }
  }
}
