/** The sentences of the host page: what the machine refused. */
import { unreachable } from "../../core/entry.ts";
import { showBytes } from "../../core/path.ts";
import type { HostProblem } from "../../core/problems/host.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function sayHostProblem(problem: HostProblem): Sentence {
  switch (problem.code) {
    case "host/cannot-read":
      return sentence(`cannot read ${showBytes(problem.path)}: ${problem.what} (${problem.errno})`);
    case "host/cannot-write":
      return sentence(`cannot write ${showBytes(problem.path)}: ${problem.what} (${problem.errno})`);
    case "host/file-changed":
      return sentence(`${showBytes(problem.path)} changed while it was read`, {
        help: "build again when nothing writes to it",
      });
    default:
      return unreachable(problem);
  }
}
