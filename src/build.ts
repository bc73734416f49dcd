/** The corridor: a recipe goes in, an image comes out, and nothing flows back. */
import {
  type BuildPorts,
  type BuildResult,
  carryOut,
  type Decision,
  type Opened,
  openFor,
} from "./carry-out.ts";
import { warnOfStart } from "./check/planned-start.ts";
import { NO_MEMORY } from "./core/no-memory.ts";
import type { HostPath } from "./core/path.ts";
import { BuildFailure } from "./core/problem.ts";
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

/** The stages that look at everything and write nothing. Throws BuildFailure. */
export async function decide(spec: Spec, { trees }: Opened, ports: BuildPorts): Promise<Decision> {
  const { host, tell, memory } = ports;
  const early = await checkEarly(spec.prepend, { host });
  const references = knownReferences(spec.store, ports);
  const kernels = await kernelsOf(spec, trees, ports);
  const closed = closeReferences(spec, trees, references, tell, kernels, memory);
  const closure = await makePure(spec, closed, early, { trees, memory, tell });
  const plan = planImage(spec, closure, early);
  const { machine } = closure;
  const start = { layers: plan.layers, early, uki: spec.image.uki, hasProgram: machine !== null };
  const warnings = [...closure.warnings, ...warnOfStart(start)];
  const modules = kernels.flatMap((kernel) => kernel?.directory ?? []);
  return { spec, early, plan, machine, warnings, modules };
}

/** The first half alone: what a recipe's contents refer to, and why. Throws BuildFailure. */
export async function closureOf(
  recipe: RecipeInput,
  ports: Pick<BuildPorts, "host" | "store" | "databases" | "tell">,
): Promise<Closure> {
  const spec = loadSpec(recipe);
  const trees = await openTrees(spec, { ...ports, memory: NO_MEMORY });
  const kernels = await kernelsOf(spec, trees, { ...ports, memory: NO_MEMORY });
  return closeReferences(spec, trees, knownReferences(spec.store, ports), ports.tell, kernels);
}

/** Throws BuildFailure kernel/two-layers, and what readKernel throws. */
async function kernelsOf(
  { layers }: Spec,
  { sysroot }: SourceTrees,
  ports: KernelPorts,
): Promise<(KernelContents | null)[]> {
  const kernels: (KernelContents | null)[] = [];
  const first = new Map<string, string>();
  for (const { name, kernel } of layers) {
    const read = kernel === null ? null : await readKernel(kernel, sysroot, ports);
    kernels.push(read);
    if (kernel === null || read === null) continue;
    const { version } = read;
    const other = first.get(version);
    if (other !== undefined)
      throw new BuildFailure([{ code: "kernel/two-layers", at: kernel.at, version, layers: [other, name] }]);
    first.set(version, name);
  }
  return kernels;
}
