/** The corridor: a recipe goes in, an image comes out, and nothing flows back. */
import type { Digest } from "./core/digest.ts";
import type { Entry } from "./core/entry.ts";
import { NO_MEMORY } from "./core/no-memory.ts";
import type { HostPath } from "./core/path.ts";
import {
  DamagedContent,
  type Host,
  type InputMemory,
  type Progress,
  type Store,
  type StoreDatabases,
} from "./core/ports.ts";
import { BuildFailure } from "./core/problem.ts";
import type { Warning } from "./core/warning.ts";
import { closeReferences } from "./graph/close.ts";
import type { Closure } from "./graph/graph.ts";
import { openMemories, rememberContents } from "./graph/memories.ts";
import { knownReferences } from "./graph/store/known-references.ts";
import { openTrees, type SourceTrees } from "./graph/trees.ts";
import { assembleImage, prepareCompressor } from "./image/assemble.ts";
import { keeperFor } from "./image/compress.ts";
import type { Image, PreparedCompressor } from "./image/image.ts";
import { PlainImage } from "./image/plain-image.ts";
import { checkEarly, type EarlySegment } from "./inspect/early.ts";
import type { KernelContents } from "./kernel/kernel.ts";
import { readKernel } from "./kernel/read-kernel.ts";
import { buildLayers, type Layer } from "./layers/build-layers.ts";
import { contentOpener } from "./layers/read-content.ts";
import { manifestEntries } from "./plan/manifest-entries.ts";
import type { Plan } from "./plan/plan.ts";
import { planImage } from "./plan/plan-image.ts";
import { loadSpec, type RecipeInput } from "./spec/load.ts";
import type { Spec } from "./spec/spec.ts";

export interface BuildPorts {
  readonly host: Host;
  readonly store: Store;
  readonly databases: StoreDatabases;
  /** Part of the embedded gzip's identity: its bytes may change with the library. */
  readonly zlibVersion: string;
  readonly tell: Progress;
  readonly memory: InputMemory;
}

export interface BuildResult {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly layers: readonly Layer[];
  readonly image: Image;
  /** All of them, those that the recipe silences too. */
  readonly warnings: readonly Warning[];
}

/**
 * Builds the image of a recipe into a directory. Throws BuildFailure with all problems of the first stage
 * that finds any; what an earlier build left in the directory then stays as it was.
 */
export async function build(recipe: RecipeInput, out: HostPath, ports: BuildPorts): Promise<BuildResult> {
  const { host, tell } = ports;
  const spec = loadSpec(recipe);
  const prepared = await prepareCompressor(spec.image, ports);
  const early = await checkEarly(spec.prepend, { host });
  const trees = await openTrees(spec, ports);
  const references = knownReferences(spec.store, ports);
  const kernel = await kernelOf(spec, trees);
  const closure = closeReferences(spec, trees, references, tell, kernel, ports.memory);
  const plan = planImage(spec, closure, early);
  const { claims: _, ...about } = closure; // the plan has settled them: a large tree need not be held twice
  const built = await buildImage({ spec, prepared, early, trees, about, plan, out }, ports);
  return { spec, plan, ...built, warnings: about.warnings };
}

/** The first half alone: what a recipe's contents refer to, and why. Throws BuildFailure. */
export async function closureOf(
  recipe: RecipeInput,
  ports: Pick<BuildPorts, "host" | "store" | "databases" | "tell">,
): Promise<Closure> {
  const spec = loadSpec(recipe);
  const trees = await openTrees(spec, { ...ports, memory: NO_MEMORY });
  const kernel = await kernelOf(spec, trees);
  return closeReferences(spec, trees, knownReferences(spec.store, ports), ports.tell, kernel);
}

async function kernelOf({ kernel }: Spec, { sysroot }: SourceTrees): Promise<KernelContents | null> {
  return kernel === null ? null : await readKernel(kernel, sysroot);
}

interface Planned {
  readonly spec: Spec;
  readonly prepared: PreparedCompressor | null;
  readonly early: readonly EarlySegment[];
  readonly trees: SourceTrees;
  readonly about: Pick<Closure, "references" | "machine" | "warnings">;
  readonly plan: Plan;
  readonly out: HostPath;
}

/** The last two stages, begun again where the cache proves damaged: the assembler has made it forget by then. */
async function buildImage(
  planned: Planned,
  ports: BuildPorts,
): Promise<Pick<BuildResult, "layers" | "image">> {
  const damaged = new Set<Digest>();
  for (;;) {
    try {
      return await tryToBuildImage(planned, ports);
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      const { digest } = error.content;
      if (damaged.has(digest)) throw new BuildFailure([{ code: "host/cache-damages", digest }]);
      damaged.add(digest);
    }
  }
}

async function tryToBuildImage(
  planned: Planned,
  ports: BuildPorts,
): Promise<Pick<BuildResult, "layers" | "image">> {
  const { spec, prepared, trees, about, plan, early, out } = planned;
  const { store, tell, host, memory } = ports;
  const { isPrivate } = plan;
  // A uInitrd's header tells of the bytes behind it, so those are kept until it is written.
  const isPlain = prepared === null && spec.image.uInitrd === null;
  const plain = isPlain ? new PlainImage({ spec, out, isPrivate, early }, ports) : null;
  try {
    const keeper = plain === null ? keeperFor(prepared, ports) : plain.keeper;
    const open = contentOpener(trees, { sysroot: spec.sysroot, store: spec.store.root });
    const layerPorts = { store, tell, open, keeper, jobs: host.jobs };
    const { layers, contents } = await buildLayers(plan, spec.image.epoch, layerPorts);
    if (contents.size > 0) rememberContents(entriesOf(plan), contents, openMemories(trees, memory));
    const { references, machine, warnings } = about;
    const entries = () => manifestEntries(plan, references, contents);
    const parts = { ...planned, layers, machine, warnings, entries, isPrivate };
    return { layers, image: plain === null ? await assembleImage(parts, ports) : plain.finish(parts) };
  } finally {
    plain?.discard(); // harmless once it is finished
  }
}

function* entriesOf({ layers }: Plan): Generator<Entry> {
  for (const { entries } of layers) for (const { entry } of entries) yield entry;
}
