/** The sentences of the size page. */
import { unreachable } from "../../core/entry.ts";
import type { SizeProblem } from "../../core/problems/size.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function saySizeProblem(problem: SizeProblem): Sentence {
  switch (problem.code) {
    case "size/unknown-lines":
      return sentence(`no manifest beside ${problem.image} tells which line of a recipe brought what`, {
        help: "of such an image --by directory and --by layer (its members) can be told",
      });
    case "size/unknown-packages":
      return sentence(`${problem.image} does not tell which package its files belong to`, {
        help: "packages are known of a recipe whose root tree a package manager installed, and of store paths",
      });
    default:
      return unreachable(problem);
  }
}
