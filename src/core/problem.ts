/**
 * The catalogue of all that a user can do wrong and a machine can lack, as data. A code is `room/what` and
 * never changes once released; `cli/report/` alone makes sentences of it. Each room has its own page.
 */
import type { ArchiveProblem } from "./problems/archives.ts";
import type { BootProblem } from "./problems/boot.ts";
import type { CliProblem } from "./problems/cli.ts";
import type { GraphProblem } from "./problems/graph.ts";
import type { HostProblem } from "./problems/host.ts";
import type { ImageProblem } from "./problems/image.ts";
import type { KernelProblem } from "./problems/kernel.ts";
import type { LockProblem } from "./problems/lock.ts";
import type { PlanProblem } from "./problems/plan.ts";
import type { SecretProblem } from "./problems/secrets.ts";
import type { SizeProblem } from "./problems/size.ts";
import type { SpecProblem } from "./problems/spec.ts";
import type { TraceProblem } from "./problems/trace.ts";

export type Problem =
  | SpecProblem
  | ArchiveProblem
  | KernelProblem
  | GraphProblem
  | PlanProblem
  | SecretProblem
  | ImageProblem
  | LockProblem
  | SizeProblem
  | TraceProblem
  | HostProblem
  | BootProblem
  | CliProblem;
export type ProblemCode = Problem["code"];

/** One or more problems: a stage collects all that it finds and throws once. */
export class BuildFailure extends Error {
  override readonly name = "BuildFailure";
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.code).join(", "));
    this.problems = problems;
  }
}

/** Gathers the problems of a stage. */
export class ProblemCollector {
  readonly #problems: Problem[] = [];

  add(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** Runs a piece of the stage; its problems join the others and it gives null. Bugs travel on. */
  attempt<T>(piece: () => T): T | null {
    try {
      return piece();
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      this.#problems.push(...error.problems);
      return null;
    }
  }

  throwIfAny(): void {
    if (this.#problems.length > 0) throw new BuildFailure(this.#problems);
  }
}
