/** The sentences of the spec page: what is wrong with a recipe's text. */
import { unreachable } from "../../core/entry.ts";
import type { SpecProblem } from "../../core/problems/spec.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function saySpecProblem(problem: SpecProblem): Sentence {
  switch (problem.code) {
    case "spec/unknown-key":
      return sentence(`unknown key "${problem.key}"`, {
        at: problem.at,
        mark: problem.nearest ? `did you mean "${problem.nearest}"?` : "",
        help: problem.nearest ? "" : `known here: ${listed(problem.known, "no key at all")}`,
      });
    case "spec/wrong-type":
      return sentence(`"${problem.key}" must be ${problem.expected}, not ${problem.found}`, {
        at: problem.at,
      });
    default:
      return unreachable(problem);
  }
}
