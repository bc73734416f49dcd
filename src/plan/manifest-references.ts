/** The manifest's graph: its nodes and references, ready for JSON, so that `why` can be asked of an image alone. */
import { decodeUtf8, showPath, type TargetPath } from "../core/path.ts";
import { showPlace } from "../core/span.ts";
import type { ReferenceTable, TableNode, TableReference } from "../graph/reference-table.ts";

/** A node: a line of the recipe, a file, or a tree that came whole. Entries and references count them from 0. */
export function* manifestNodes({ nodes }: ReferenceTable): Generator<object> {
  for (const one of nodes) yield nodeFacts(one);
}

/** `[from, to, reason, says, found, tried]`, what is empty at the end left out. */
export function* manifestReferences({ references }: ReferenceTable): Generator<readonly unknown[]> {
  for (const one of references) yield referenceFacts(one);
}

const RECIPE = "recipe:";

function nodeFacts({ id, node }: TableNode): object {
  if (node.kind !== "recipe") return { [node.kind]: showPath(node.path), ...rawBytes(node.path) };
  const { label, at } = node;
  return { recipe: id.slice(RECIPE.length), label, ...(at === null ? {} : { at: showPlace(at) }) };
}

/** What is no UTF-8 is shown escaped, with its bytes beside it in hexadecimal. */
function rawBytes(path: TargetPath): { bytes?: string } {
  return decodeUtf8(path) === null ? { bytes: Buffer.from(path, "latin1").toString("hex") } : {};
}

function referenceFacts({ from, to, reason, says, found, tried }: TableReference): readonly unknown[] {
  const all = [from, to, reason, says, found, tried];
  if (tried.length > 0) return all;
  return found !== "" ? all.slice(0, 5) : says !== "" ? all.slice(0, 4) : all.slice(0, 3);
}
