/** The sentences of the host page: what the machine refused. */
import { showBytes } from "../../core/path.ts";
import type { HostProblem } from "../../core/problems/host.ts";
import { sayNixHostProblem } from "./nix.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayHostProblem(problem: HostProblem): Sentence {
  switch (problem.code) {
    case "host/cannot-read":
      return sentence(`cannot read ${showBytes(problem.path)}: ${problem.what} (${problem.errno})`);
    case "host/cannot-write":
      return sentence(`cannot write ${showBytes(problem.path)}: ${problem.what} (${problem.errno})`, {
        help: isFull(problem.errno) ? "make room there, or write elsewhere with --out" : "",
      });
    case "host/file-changed":
      return sentence(`${showBytes(problem.path)} changed while it was read`, {
        help: "build again when nothing writes to it",
      });
    case "host/not-a-directory":
      return problem.found === null
        ? sentence(`the directory ${showBytes(problem.path)} is not there`)
        : sentence(`${showBytes(problem.path)} is a ${showKind(problem.found)}, not a directory`);
    case "host/not-empty":
      return sentence(
        `the directory ${showBytes(problem.path)} is not empty: it has ${showBytes(problem.found)}`,
        {
          help: "name a new or an empty directory; `initgraph unpack --add` puts names beside others",
        },
      );
    case "host/names-taken":
      return sentence(`${showBytes(problem.path)} has names already that are to be made there`, {
        details: [["there are", listed(problem.names.map(showBytes), "none")]],
        help: "nothing that is there is written over; take them away, or name another directory",
      });
    case "host/no-room":
      return sentence(`there is no room for it below ${showBytes(problem.path)}`, {
        details: [
          ["it takes", `${problem.needed} bytes`],
          ["there are", `${problem.free} bytes free`],
        ],
        help: "make room there, or write elsewhere with --out",
      });
    case "host/is-a-directory":
      return sentence(`${showBytes(problem.path)} is a directory, and a file is to be written there`, {
        help: "remove it, or write elsewhere with --out",
      });
    case "host/cannot-run":
      return sentence(`cannot run ${showBytes(problem.program)}: ${problem.what} (${problem.errno})`);
    case "host/program-output-too-large":
      return sentence(
        `${showBytes(problem.program)} printed more than ${problem.limit} bytes and was stopped`,
      );
    case "host/cache-unusable":
      return sentence(
        `the cache ${showBytes(problem.directory)} cannot be used: ${problem.what} (${problem.errno})`,
        { help: elsewhere(isFull(problem.errno) ? "make room with `initgraph cache gc`, or " : "") },
      );
    case "host/not-a-cache":
      return sentence(
        `${showBytes(problem.directory)} is no cache of initgraph: it holds ${problem.found} and no CACHEDIR.TAG of ours`,
        { help: "name a new or empty directory; only a cache's own directory is safe to clean up later" },
      );
    case "host/cache-busy":
      return sentence(`the cache ${showBytes(problem.directory)} is in use`, {
        details: [["held by", listed(problem.holders, "nobody")]],
        help: "try again when they are done",
      });
    case "host/cache-damages":
      return sentence("the cache's disk damages what is written to it", {
        details: [["content", problem.digest]],
        help: "take another directory with --cache, and look at that disk",
      });
    case "host/no-cache-place":
      return sentence("there is no place for the cache: neither HOME nor XDG_CACHE_HOME is set", {
        help: elsewhere(""),
      });
    default:
      return sayNixHostProblem(problem);
  }
}

function showKind(kind: string): string {
  return kind === "char" || kind === "block" ? `${kind} device` : kind;
}

function isFull(errno: string): boolean {
  return errno === "ENOSPC" || errno === "EDQUOT";
}

function elsewhere(first: string): string {
  return `${first}name another place with --cache or INITGRAPH_CACHE`;
}
