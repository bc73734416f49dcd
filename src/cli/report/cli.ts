/** The sentences of the command line's own page. */
import { unreachable } from "../../core/entry.ts";
import { showBytes, showPath } from "../../core/path.ts";
import type { CliProblem } from "../../core/problems/cli.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

/** So many of a list of paths are named. */
const MOST_PATHS = 5;

export function sayCliProblem(problem: CliProblem): Sentence {
  switch (problem.code) {
    case "cli/recipe-not-found":
      return sentence(`the recipe ${problem.file} is not there`, {
        help: "name another file, or write a first recipe with `initgraph init`",
      });
    case "cli/no-recipes":
      return sentence(`no file is called ${problem.pattern}`, {
        help: "* stays within one name, ** crosses directories",
      });
    case "cli/same-name": {
      const { name, recipes, out } = problem;
      return sentence(`two recipes make an image called ${name} in ${out}`, {
        details: [["recipes", listed(recipes, "none")]],
        help: 'give each its own "name", or build one of them with another --out',
      });
    }
    case "cli/no-host-file": {
      const { paths, format } = problem;
      const named = paths.slice(0, MOST_PATHS).map(showPath);
      const more = paths.length - named.length;
      return sentence(
        `a list for ${format} names files where they lie on this machine, and ${paths.length} of these lie nowhere`,
        {
          details: [["they are", listed(more > 0 ? [...named, `and ${more} more`] : named, "none")]],
          help: "add --files DIR: what stands in the recipe or in an archive is written there, and the list names it there",
        },
      );
    }
    case "cli/cannot-list":
      return sentence(`a list for ${problem.format} cannot name ${showPath(problem.path)}: ${problem.why}`, {
        help: "leave it out of the recipe, or pack the image with `initgraph build`",
      });
    case "cli/file-exists":
      return sentence(`${problem.file} is there already`, { help: "name another file, or remove it first" });
    case "cli/second-build-failed":
      return sentence(`the recipe was built once, and not again: exit code ${problem.exitCode}`, {
        details: [["it said", problem.said || "nothing"]],
        help: "what it depends on, besides its inputs, is among what was altered for the second build",
      });
    case "cli/nothing-to-start":
      return sentence(`${showBytes(problem.sysroot)} has nothing that could start an initrd`, {
        details: [["looked for", listed(problem.searched, "nothing")]],
        help: "install busybox there, or a shell and mount",
      });
    default:
      return unreachable(problem);
  }
}
