/** Graphs as documents, for tests of what is drawn of them. */
import type {
  DocumentNode,
  DocumentReference,
  GraphDocument,
  NodeKind,
} from "../../src/draw/graph-document.ts";
import { randomSource } from "./random.ts";

export type NodeDraft = readonly [kind: NodeKind, name: string, facts?: Partial<DocumentNode>];
export type ReferenceDraft = readonly [from: number, to: number, reason?: string];

/** Lines are named `file:line:column`, all else by a path. */
export function documentOf(
  nodes: readonly NodeDraft[],
  references: readonly ReferenceDraft[],
): GraphDocument {
  return {
    graph: 1,
    name: "sample",
    layers: ["main"],
    nodes: nodes.map(([kind, name, facts], id) => nodeOf({ id, kind, name, facts: facts ?? {} })),
    references: references.map(([from, to, reason = "named"]): DocumentReference => {
      return { from, to, reason, says: "", found: "", tried: [] };
    }),
    grouping: null,
  };
}

interface Draft {
  readonly id: number;
  readonly kind: NodeKind;
  readonly name: string;
  readonly facts: Partial<DocumentNode>;
}

function nodeOf({ id, kind, name, facts }: Draft): DocumentNode {
  if (kind === "recipe")
    return {
      id,
      kind,
      label: `${name}  - object: ${id}`,
      at: name,
      item: `contents/${id}`,
      ...NOTHING,
      ...facts,
    };
  const bytes = kind === "file" ? 1000 + id : 0;
  return { id, kind, label: name, path: name, entries: 1, bytes, layers: [0], ...facts };
}

const NOTHING = { entries: 0, bytes: 0, layers: [] } as const;

/** Like an image's: some lines, files that they name, and files that those need; circles among them. */
export function randomDocument(seed: number, size: number): GraphDocument {
  const random = randomSource(seed);
  const lines = 1 + random(Math.max(1, Math.floor(size / 4)));
  const kinds: readonly NodeKind[] = [
    "file",
    "file",
    "file",
    "symlink",
    "directory",
    "tree",
    "char",
    "member",
  ];
  const nodes = Array.from({ length: size }, (_, id): NodeDraft => {
    if (id < lines) return ["recipe", `initrd.yaml:${id + 3}:5`];
    const kind = kinds[random(kinds.length)]!;
    const path = `/${"abcd"[random(4)]}/${"xy"[random(2)]}/n${id}`;
    return [
      kind,
      path,
      kind === "symlink" ? { to: "elsewhere", ...(random(3) === 0 ? { isDirectory: true } : {}) } : {},
    ];
  });
  const reasons = ["named", "needed", "symlink", "copied", "module-depends"];
  const references = Array.from({ length: size * 2 }, (): ReferenceDraft => {
    const to = lines + random(Math.max(1, size - lines));
    return [random(size), Math.min(to, size - 1), reasons[random(reasons.length)]!];
  });
  return documentOf(
    nodes,
    references.filter(([, to]) => nodes[to]![0] !== "recipe"),
  );
}
