/** The sentences of the trace page. */
import { unreachable } from "../../core/entry.ts";
import { showBytes } from "../../core/path.ts";
import type { TraceProblem } from "../../core/problems/trace.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayTraceProblem(problem: TraceProblem): Sentence {
  switch (problem.code) {
    case "trace/not-in-image":
      return sentence(`${problem.asked} is not in the image ${problem.image}`, {
        details: [["nearest", listed(problem.nearest, "nothing of a name like this")]],
        help: "`initgraph why-not` says what kept it out",
      });
    case "trace/no-manifest":
      return sentence(`no manifest beside ${showBytes(problem.image)} tells what it was made of`, {
        help: "a build writes NAME.manifest.json beside its image; keep the two together, or name the recipe instead",
      });
    case "trace/bad-manifest":
      return sentence(
        `${showBytes(problem.manifest)} is not as initgraph writes its manifests: ${problem.why}`,
        {
          help: "take it back from where it is kept, or build the image again",
        },
      );
    case "trace/manifest-version":
      return sentence(
        `${showBytes(problem.manifest)} was written by another version of initgraph: ${problem.why}`,
        {
          help: "build the image again, or name the recipe instead",
        },
      );
    case "trace/other-image":
      return sentence(
        `${showBytes(problem.manifest)} tells of another image than ${showBytes(problem.image)}`,
        {
          help: "the image or its manifest was changed or replaced since it was built: build it again, or name the recipe instead",
        },
      );
    default:
      return unreachable(problem);
  }
}
