/** A traced image as the document that pictures are made of. */
import {
  decodeUtf8,
  directoryOf,
  parseTargetPath,
  showBytes,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import { safeText } from "../core/safe-text.ts";
import { showPlace } from "../core/span.ts";
import type { DocumentNode, GraphDocument } from "../draw/graph-document.ts";
import type { TableNode } from "../graph/reference-table.ts";
import type { TracedEntry, TracedImage } from "./traced-image.ts";

export function describeGraph(image: TracedImage): GraphDocument {
  const { name, layers, references } = image;
  const brought = entriesByNode(image);
  const tree = new Map(image.entries.map((entry) => [entry.path, entry]));
  return {
    graph: 1,
    name,
    layers: layers.map((layer) => layer.name),
    nodes: references.nodes.map((one, id) => ({
      id,
      ...(one.node.kind === "recipe" ? lineFacts(one) : pathFacts(one.node, tree)),
      ...amounts(brought[id]!),
    })),
    references: references.references.map(({ from, to, reason, says, found, tried }) => ({
      from,
      to,
      reason: safeText(reason),
      says: safeText(says),
      found: safeText(found),
      tried: tried.map(safeText),
    })),
    grouping: null,
  };
}

function entriesByNode({ entries, references }: TracedImage): readonly (readonly TracedEntry[])[] {
  const brought: TracedEntry[][] = references.nodes.map(() => []);
  for (const entry of entries) if (entry.node !== null) brought[entry.node]!.push(entry);
  return brought;
}

/** Overridden entries too: the image has their bytes. */
function amounts(entries: readonly TracedEntry[]): Pick<DocumentNode, "entries" | "bytes" | "layers"> {
  return {
    entries: entries.length,
    bytes: entries.reduce((sum, { size }) => sum + size, 0),
    layers: [...new Set(entries.map(({ layer }) => layer))].sort((a, b) => a - b),
  };
}

type Facts = Omit<DocumentNode, "id" | "entries" | "bytes" | "layers">;

const RECIPE = "recipe:";

function lineFacts({ id, node }: TableNode): Facts {
  if (node.kind !== "recipe") throw new TypeError(`${id} is no line of a recipe`);
  const item = safeText(id.slice(RECIPE.length));
  const at = node.at === null ? null : safeText(showPlace(node.at));
  const text = safeText(node.at?.text.trim() || node.label);
  return { kind: "recipe", label: at === null ? text : `${at}  ${text}`, at, item };
}

type Entries = ReadonlyMap<TargetPath, TracedEntry>;

function pathFacts(node: Exclude<TableNode["node"], { kind: "recipe" }>, tree: Entries): Facts {
  const path = safeText(showPath(node.path));
  const bytes =
    decodeUtf8(node.path) === null ? { pathBytes: Buffer.from(node.path, "latin1").toString("hex") } : {};
  const told = { label: path, path, ...bytes };
  if (node.kind === "tree") return { kind: "tree", ...told };
  const entry = tree.get(node.path);
  if (entry === undefined) return { kind: "member", ...told };
  if (entry.to === null) return { kind: entry.kind, ...told };
  const isDirectory = leadsToDirectory(entry, tree) ? { isDirectory: true as const } : {};
  return { kind: "symlink", ...told, to: safeText(showBytes(entry.to)), ...isDirectory };
}

function leadsToDirectory({ path, to }: TracedEntry, tree: Entries): boolean {
  const target = targetOf(path, to ?? "");
  return target !== null && tree.get(target)?.kind === "directory";
}

/** Taken literally: through no further symlink. Null: out of the image. */
function targetOf(path: TargetPath, to: string): TargetPath | null {
  const above = to.startsWith("/") ? [] : directoryOf(path).split("/");
  const parts = above.filter((part) => part !== "");
  for (const part of to.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parseTargetPath(parts.join("/") as TargetPath);
}
