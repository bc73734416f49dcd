/** Problem → words. Each room's page is written beside this file; the compiler sees that none is left out. */
import { unreachable } from "../../core/entry.ts";
import type { Problem, ProblemCode } from "../../core/problem.ts";
import { sayArchiveProblem } from "./archives.ts";
import { sayBootProblem } from "./boot.ts";
import { sayCliProblem } from "./cli.ts";
import { sayGraphProblem } from "./graph.ts";
import { sayHostProblem } from "./host.ts";
import { sayImageProblem } from "./image.ts";
import { sayKernelProblem } from "./kernel.ts";
import type { Said } from "./layout.ts";
import { sayLockProblem } from "./lock.ts";
import { sayPlanProblem } from "./plan.ts";
import { saySecretProblem } from "./secrets.ts";
import type { Sentence } from "./sentence.ts";
import { saySizeProblem } from "./size.ts";
import { saySpecProblem } from "./spec.ts";
import { sayTraceProblem } from "./trace.ts";

export function sayProblems(problems: readonly Problem[]): Said[] {
  return problems.map((problem) => ({ code: problem.code, words: sayProblem(problem) }));
}

type RoomOf<Code> = Code extends `${infer Room}/${string}` ? Room : never;

export function sayProblem(problem: Problem): Sentence {
  const room = problem.code.slice(0, problem.code.indexOf("/")) as RoomOf<ProblemCode>;
  switch (room) {
    case "spec":
      return saySpecProblem(problem as Extract<Problem, { code: `spec/${string}` }>);
    case "archives":
      return sayArchiveProblem(problem as Extract<Problem, { code: `archives/${string}` }>);
    case "kernel":
      return sayKernelProblem(problem as Extract<Problem, { code: `kernel/${string}` }>);
    case "graph":
      return sayGraphProblem(problem as Extract<Problem, { code: `graph/${string}` }>);
    case "plan":
      return sayPlanProblem(problem as Extract<Problem, { code: `plan/${string}` }>);
    case "secrets":
      return saySecretProblem(problem as Extract<Problem, { code: `secrets/${string}` }>);
    case "image":
      return sayImageProblem(problem as Extract<Problem, { code: `image/${string}` }>);
    case "lock":
      return sayLockProblem(problem as Extract<Problem, { code: `lock/${string}` }>);
    case "size":
      return saySizeProblem(problem as Extract<Problem, { code: `size/${string}` }>);
    case "trace":
      return sayTraceProblem(problem as Extract<Problem, { code: `trace/${string}` }>);
    case "host":
      return sayHostProblem(problem as Extract<Problem, { code: `host/${string}` }>);
    case "boot":
      return sayBootProblem(problem as Extract<Problem, { code: `boot/${string}` }>);
    case "cli":
      return sayCliProblem(problem as Extract<Problem, { code: `cli/${string}` }>);
    default:
      return unreachable(room);
  }
}
