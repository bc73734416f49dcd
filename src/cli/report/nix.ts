/** The sentences of the Nix page: holes in the closure of a store, and what the machine's Nix refused. */
import { unreachable } from "../../core/entry.ts";
import { showBytes, showPath } from "../../core/path.ts";
import type { NixGraphProblem, NixHostProblem } from "../../core/problems/nix.ts";
import { type Sentence, sentence, showChain } from "./sentence.ts";

export function sayNixGraphProblem(problem: NixGraphProblem): Sentence {
  switch (problem.code) {
    case "graph/store-path-missing":
      return sentence(`${showPath(problem.path)} is not in the store`, {
        details: [
          ["needed by", showChain(problem.chain)],
          ["looked in", problem.tree],
        ],
        help: "copy the whole closure to this store (nix copy), or check storeRoot",
      });
    case "graph/store-path-unknown":
      return sentence(`the references of ${showPath(problem.path)} are not known`, {
        details: [
          ["needed by", showChain(problem.chain)],
          ["looked in", problem.told],
        ],
        help: "let it cover the whole closure, or leave it out: then contents are searched for references",
      });
    case "graph/not-a-store-path":
      return sentence(`${showPath(problem.path)} lies in the store and is no store path`, {
        details: [["needed by", showChain(problem.chain)]],
        help: "a store path is <hash>-<name>, the hash 32 characters long",
      });
    case "graph/store-derivation":
      return sentence(`${showPath(problem.path)} is a derivation, not what it builds`, {
        details: [["needed by", showChain(problem.chain)]],
        help: "name its output (nix-store --query --outputs); or take the references from Nix if you want the derivation itself",
      });
    case "graph/store-foreign-file":
      return sentence(
        `${showPath(problem.path)} is no file, directory or symlink: no store path can hold it`,
        {
          details: [["needed by", showChain(problem.chain)]],
          help: "the store was changed by hand: nix-store --verify --check-contents",
        },
      );
    case "graph/store-cycle":
      return sentence(`${showBytes(problem.paths[0]!)} refers to itself through others`, {
        details: problem.paths
          .slice(1)
          .map((path, at) => [at === 0 ? "by way of" : "", showBytes(path)] as const),
        help: "the store was changed by hand: nix-store --verify --check-contents",
      });
    case "graph/cannot-rewrite":
      return sentence(
        `${showPath(problem.path)} names ${showPath(problem.mentions)}, and cannot be rewritten: ${whyFixed(problem)}`,
        {
          details: [["needed by", showChain(problem.chain)]],
          help: 'leave it out, build it without the name, or remove "content-pure"',
        },
      );
    case "graph/closure-file-missing":
      return sentence(`the closure file ${showBytes(problem.file)} is not there`, { at: problem.at });
    case "graph/bad-closure-file":
      return sentence(`${problem.file} does not say which store path refers to which: ${problem.why}`, {
        at: problem.at,
        help: "an exportReferencesGraph file, closureInfo's registration, .attrs.json, nix path-info --json or nix-store --dump-db does",
      });
    default:
      return unreachable(problem);
  }
}

function whyFixed({ why, what }: Extract<NixGraphProblem, { code: "graph/cannot-rewrite" }>): string {
  switch (why) {
    case "signed":
      return `it is signed (${what})`;
    case "summed":
      return `${what} keeps sums of its bytes`;
    case "packed":
      return `the name stands in what it packs (${what})`;
  }
}

export function sayNixHostProblem(problem: NixHostProblem): Sentence {
  switch (problem.code) {
    case "host/nix-not-found":
      return sentence("the references are to come from Nix, and neither nix-store nor nix is in the PATH", {
        details: [["store", showBytes(problem.store)]],
        help: "install Nix, or let the contents be searched for references: that needs no Nix",
      });
    case "host/nix-failed":
      return sentence(
        `${problem.command} failed${problem.exitCode === null ? "" : ` with exit code ${problem.exitCode}`}`,
        {
          details: problem.complaint.split("\n").map((line) => ["it says", line] as const),
        },
      );
    case "host/nix-store-elsewhere":
      return sentence(
        `Nix cannot be asked for the store at ${showBytes(problem.store)}: it does not end with /${showBytes(problem.directory)}`,
        { help: "let the contents be searched for references, or name the database or a closure file" },
      );
    case "host/no-sqlite":
      return sentence(`${showBytes(problem.database)} cannot be read: Node ${problem.node} has no SQLite`, {
        help: "use Node 22.15 or later, install the sqlite3 program, or ask Nix itself",
      });
    case "host/bad-nix-database":
      return sentence(`${showBytes(problem.database)} cannot be read as a database of Nix: ${problem.what}`);
    default:
      return unreachable(problem);
  }
}
