/** The corridor: a recipe goes in, an image comes out, and nothing flows back. */
import {
  type BuildPorts,
  type BuildResult,
  carryOut,
  type Decision,
  type Opened,
  openFor,
} from "./carry-out.ts";
import { NO_MEMORY } from "./core/no-memory.ts";
import type { HostPath } from "./core/path.ts";
import { closeReferences } from "./graph/close.ts";
import type { Closure } from "./graph/graph.ts";
import { knownReferences } from "./graph/store/known-references.ts";
import { openTrees, type SourceTrees } from "./graph/trees.ts";
import { checkEarly } from "./inspect/early.ts";
import type { KernelContents } from "./kernel/kernel.ts";
import { type KernelPorts, readKernel } from "./kernel/read-kernel.ts";
import { planImage } from "./plan/plan-image.ts";
import { makePure } from "./pure/make-pure.ts";
import { loadSpec, type RecipeInput } from "./spec/load.ts";
import type { Spec } from "./spec/spec.ts";

/**
 * Builds the image of a recipe into a directory. Throws BuildFailure with all problems of the first stage
 * that finds any; what an earlier build left in the directory then stays as it was.
 */
export async function build(recipe: RecipeInput, out: HostPath, ports: BuildPorts): Promise<BuildResult> {
  const spec = loadSpec(recipe);
  const opened = await openFor(spec, ports);
  return carryOut(await decide(spec, opened, ports), opened, out, ports);
}

/** The stages that look at everything and write nothing. */
async function decide(spec: Spec, { trees }: Opened, ports: BuildPorts): Promise<Decision> {
  const { host, tell, memory } = ports;
  const early = await checkEarly(spec.prepend, { host });
  const references = knownReferences(spec.store, ports);
  const kernel = await kernelOf(spec, trees, ports);
  const closed = closeReferences(spec, trees, references, tell, kernel, memory);
  const closure = await makePure(spec, closed, early, { trees, memory, tell });
  const plan = planImage(spec, closure, early);
  const { machine, warnings } = closure;
  return { spec, early, plan, machine, warnings, modules: kernel?.directory ?? null };
}

/** The first half alone: what a recipe's contents refer to, and why. Throws BuildFailure. */
export async function closureOf(
  recipe: RecipeInput,
  ports: Pick<BuildPorts, "host" | "store" | "databases" | "tell">,
): Promise<Closure> {
  const spec = loadSpec(recipe);
  const trees = await openTrees(spec, { ...ports, memory: NO_MEMORY });
  const kernel = await kernelOf(spec, trees, { ...ports, memory: NO_MEMORY });
  return closeReferences(spec, trees, knownReferences(spec.store, ports), ports.tell, kernel);
}

async function kernelOf(
  { kernel }: Spec,
  { sysroot }: SourceTrees,
  ports: KernelPorts,
): Promise<KernelContents | null> {
  return kernel === null ? null : await readKernel(kernel, sysroot, ports);
}
