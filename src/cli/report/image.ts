/** The sentences of the image page: compressors, prepended archives, the finished file. */
import { unreachable } from "../../core/entry.ts";
import type { ImageProblem } from "../../core/problems/image.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function sayImageProblem(problem: ImageProblem): Sentence {
  switch (problem.code) {
    case "image/compressor-not-found":
      return sentence(`the compressor ${problem.program} is not on this machine`, {
        at: problem.at,
        help: "install it, or take zstd or gzip, which need no program",
      });
    case "image/compressor-failed":
      return sentence(`${problem.program} ended with exit code ${problem.exitCode}`, {
        details: [["it said", problem.complaint]],
      });
    default:
      return unreachable(problem);
  }
}
