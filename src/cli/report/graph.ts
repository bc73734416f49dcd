/** The sentences of the graph page: holes in the closure, and files that are not what they should be. */
import { showBytes, showPath } from "../../core/path.ts";
import type { GraphProblem } from "../../core/problems/graph.ts";
import { sayNixGraphProblem } from "./nix.ts";
import { listed, type Sentence, sentence, showChain } from "./sentence.ts";

/** So many of a glob's matches are shown. */
const MOST_MATCHES = 5;

export function sayGraphProblem(problem: GraphProblem): Sentence {
  switch (problem.code) {
    case "graph/object-not-found":
      return sentence(`${problem.object} is not there`, {
        at: problem.at,
        mark: problem.nearest ? `did you mean "${problem.nearest}"?` : "",
        details: [["looked in", problem.tree]],
      });
    case "graph/glob-matches-nothing":
      return sentence(`${problem.glob} matches nothing`, {
        at: problem.at,
        details: [["looked in", problem.tree]],
      });
    case "graph/glob-matches-several":
      return sentence(
        `${problem.glob} matches ${problem.matches.length} paths, and there is one place for them`,
        {
          at: problem.at,
          details: [["matches", listed(problem.matches.slice(0, MOST_MATCHES), "")]],
          help: "name one of them, or leave symlink and target out",
        },
      );
    case "graph/library-not-found":
      return sentence(`${showBytes(problem.soname)} is needed and was not found`, {
        details: [
          ["needed by", showChain(problem.chain)],
          ["looked in", listed(problem.searched, "no directory at all")],
          ...problem.skipped.map((skipped) => ["passed by", skipped] as const),
        ],
        help: 'add its directory to closure.libraryPath, or name it under "allow"',
      });
    case "graph/dlopen-not-found":
      return sentence(
        `${problem.sonames.map(showBytes).join(" or ")} is ${problem.priority} at run time and was not found`,
        {
          details: [
            ["opened by", showChain(problem.chain)],
            ...(problem.feature === "" ? [] : [["feature", problem.feature] as const]),
            ["looked in", listed(problem.searched, "no directory at all")],
            ...problem.skipped.map((skipped) => ["passed by", skipped] as const),
          ],
          help: `install it in the sysroot, name it under "allow", or set closure.dlopen to ${problem.priority === "required" ? "none" : "required"}`,
        },
      );
    case "graph/interpreter-not-found":
      return sentence(
        `${showBytes(problem.interpreter)} is the interpreter of a ${problem.isScript ? "script" : "program"} and was not found`,
        {
          details: [
            ["needed by", showChain(problem.chain)],
            ["looked in", problem.tree],
          ],
          help: 'install it in the sysroot, or name it under "allow"',
        },
      );
    case "graph/program-not-found":
      return sentence(`${showBytes(problem.program)} is what a script's first line runs, and was not found`, {
        details: [
          ["needed by", showChain(problem.chain)],
          ["first line", problem.line],
          ["looked in", listed(problem.searched, "no directory at all")],
        ],
        help: 'install it in the sysroot, or name it under "allow"',
      });
    case "graph/command-not-found":
      return sentence(`${showBytes(problem.program)} is what modprobe runs, and was not found`, {
        details: [
          ["needed by", showChain(problem.chain)],
          ["the line", problem.line],
          ["looked in", listed(problem.searched, "no directory at all")],
        ],
        help: 'install it in the sysroot, name it under "allow", or say "modprobe: false" under "kernel"',
      });
    case "graph/dangling-symlink":
      return sentence(
        `${showPath(problem.path)} is a symlink to ${showBytes(problem.to)}, which is not there`,
        {
          details: [["needed by", showChain(problem.chain)]],
          help: 'mend the link, or name its target under "allow"',
        },
      );
    case "graph/symlink-loop":
      return sentence(`${showPath(problem.path)} leads through more than 40 symlinks`, {
        details: [["needed by", showChain(problem.chain)]],
      });
    case "graph/bad-file":
      return sentence(`${showPath(problem.path)} begins as an ELF file and is none: ${problem.why}`, {
        details: [["needed by", showChain(problem.chain)]],
        help: "the file is damaged: install it again",
      });
    case "graph/cannot-carry":
      return sentence(`${showPath(problem.path)} has ${problem.what}, which no initramfs can hold`, {
        details: [["needed by", showChain(problem.chain)]],
        help: "make the archive without them (setcap -r, setfacl -b), and set them when the system runs",
      });
    case "graph/fatal-library":
      return sentence(
        `${showBytes(problem.soname)} is found at ${showPath(problem.path)}, where the loader gives up: ${problem.why}`,
        {
          details: [["needed by", showChain(problem.chain)]],
          help: "the loader does not look further than this file: remove or mend it",
        },
      );
    case "graph/wrong-arch":
      return sentence(`${showPath(problem.path)} is for ${problem.found}, not ${problem.expected}`, {
        details: [["needed by", showChain(problem.chain)]],
        help: 'the recipe says "arch"; take the file of that machine, or change the key',
      });
    case "graph/unused-allow":
      return sentence(`nothing misses ${problem.missing} any more`, {
        at: problem.at,
        help: "remove this exception",
      });
    default:
      return sayNixGraphProblem(problem);
  }
}
