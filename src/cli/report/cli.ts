/** The sentences of the command line's own page. */
import { unreachable } from "../../core/entry.ts";
import { showBytes } from "../../core/path.ts";
import type { CliProblem } from "../../core/problems/cli.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

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
