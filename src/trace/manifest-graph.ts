/** The graph of a manifest: what plan/manifest-references.ts writes. */
import { bytesOf, parseTargetPath, type TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { ReferenceTable, TableNode, TableReference } from "../graph/reference-table.ts";
import { fileNode, type Reason, recipeNode } from "../graph/references.ts";
import type { JsonReader } from "./json-reader.ts";

/** Throws FormatError. */
export function readReferences(
  nodes: readonly JsonReader[],
  references: readonly JsonReader[],
): ReferenceTable {
  return {
    nodes: nodes.map(readNode),
    references: references.map((one) => readReference(one, nodes.length)),
  };
}

function readNode(node: JsonReader): TableNode {
  if (node.has("recipe")) {
    const at = node.has("at") ? placeIn(node.text("at"), node) : null;
    return { id: recipeNode(node.text("recipe")), node: { kind: "recipe", at, label: node.text("label") } };
  }
  const kind = node.has("tree") ? "tree" : "file";
  const bytes = node.has("bytes") ? node.hexadecimal("bytes") : bytesOf(node.text(kind));
  const path: TargetPath | null = parseTargetPath(bytes);
  if (path === null) return node.fail(kind, "no path inside an image");
  return { id: fileNode(path), node: { kind, path } };
}

/** `recipes/router.yaml:14:5`; the line itself is not told. */
function placeIn(text: string, node: JsonReader): Span {
  const [, file, line, column] =
    /^(.*):(\d{1,9}):(\d{1,9})$/s.exec(text) ?? node.fail("at", "no place in a recipe");
  return { file: file!, line: Number(line), column: Number(column), width: 0, text: "" };
}

/** A reason of a later version passes: it is shown as it is. */
function readReference(one: JsonReader, nodes: number): TableReference {
  const ends = { from: one.integer("0"), to: one.integer("1") };
  if (ends.from >= nodes) one.fail("0", "no node");
  if (ends.to >= nodes) one.fail("1", "no node");
  return {
    ...ends,
    reason: one.text("2") as Reason,
    says: one.has("3") ? one.text("3") : "",
    found: one.has("4") ? one.text("4") : "",
    tried: one.has("5") ? one.texts("5") : [],
  };
}
