/** Closures as values, for tests of the stages behind graph. */
import type { FileEntry } from "../../src/core/entry.ts";
import type { Claim, Closure } from "../../src/graph/graph.ts";
import { fileNode, ReferenceGraph, recipeNode } from "../../src/graph/references.ts";
import { spanAt } from "./specs.ts";

const BY = recipeNode("contents/0");

/** All of it is named by one line of the recipe; what its files hold is known. */
export function closureOf(...claims: readonly Claim[]): Closure {
  const references = new ReferenceGraph();
  references.addNode(BY, { kind: "recipe", at: spanAt(7), label: "contents/0" });
  for (const { entry } of claims) {
    references.addNode(fileNode(entry.path), { kind: "file", path: entry.path });
    references.addReference({
      from: BY,
      to: fileNode(entry.path),
      reason: "named",
      says: "",
      found: "",
      tried: [],
    });
  }
  const contentOf = (one: FileEntry) => one.content!;
  return { references, claims, renamed: new Map(), machine: null, warnings: [], contentOf };
}
