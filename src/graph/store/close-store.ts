/** The closing stage's part for a Nix store: store paths, their references and their entries join the closure. */
import { ancestorsOf, type ByteString, childOf, showPath, type TargetPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { Chain } from "../../core/problems/chain.ts";
import type { GraphProblem } from "../../core/problems/graph.ts";
import type { Claim } from "../graph.ts";
import { fileNode, type NodeId, type ReferenceGraph } from "../references.ts";
import type { ReferenceSource } from "./reference-source.ts";
import { readStoreClosure, type StoreClosure, type StoreHole, type StoreToRead } from "./store-closure.ts";
import { isDerivation } from "./store-names.ts";
import type { StoreRoot } from "./store-root.ts";

export type { ReferenceSource };

export interface StoreRequest extends StoreToRead {
  readonly roots: readonly StoreRoot[];
}

/**
 * Reads the closure of the roots; gives its entries, and adds a node for every store path and an edge for
 * every reference between two (one to itself says nothing of why it is there). Throws BuildFailure with all
 * that is missing.
 */
export function closeStore(request: StoreRequest, graph: ReferenceGraph): Claim[] {
  const { directory, roots, source } = request;
  const names = [...new Set(roots.map((root) => root.name))];
  const closure = readStoreClosure(request, names);
  for (const root of roots) addRoot(root, directory, graph);
  addClosure(closure, directory, graph);
  const problems = closure.holes.map((hole) => problemOf(hole, request, graph));
  // The text of a derivation names what it makes, not what it refers to.
  const derivations = source.from === "scan" ? names.filter(isDerivation) : [];
  problems.push(...derivations.map((name) => derivationProblem(name, directory, graph)));
  if (problems.length > 0) throw new BuildFailure(problems);
  return claimsOf(closure, layersOf(closure, roots), directory);
}

/** A path belongs to the first layer that reaches it. Roots come in the order of their layers. */
function layersOf({ paths }: StoreClosure, roots: readonly StoreRoot[]): Map<ByteString, number> {
  const layers = new Map<ByteString, number>();
  for (const { name: root, layer } of roots) {
    const todo = [root];
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (layers.has(name)) continue;
      layers.set(name, layer);
      todo.push(...(paths.get(name)?.references ?? []).map(({ to }) => to));
    }
  }
  return layers;
}

function addRoot(root: StoreRoot, directory: TargetPath, graph: ReferenceGraph): void {
  const id = addNode(root.name, directory, graph);
  if (root.by === id || graph.referencesBetween(root.by, id).length > 0) return;
  const reason = graph.node(root.by).kind === "recipe" ? "named" : "store-reference";
  graph.addReference({
    from: root.by,
    to: id,
    reason,
    says: showStorePath(root.name, directory),
    found: "",
    tried: [],
  });
}

function addClosure(closure: StoreClosure, directory: TargetPath, graph: ReferenceGraph): void {
  for (const { name, references } of closure.paths.values()) {
    const from = addNode(name, directory, graph);
    for (const { to, evidence } of references) {
      if (to === name) continue;
      const id = addNode(to, directory, graph);
      const says = showStorePath(to, directory);
      graph.addReference({ from, to: id, reason: "store-reference", says, found: evidence, tried: [] });
    }
  }
}

function addNode(name: ByteString, directory: TargetPath, graph: ReferenceGraph): NodeId {
  const path = childOf(directory, name);
  graph.addNode(fileNode(path), { kind: "tree", path });
  return fileNode(path);
}

function claimsOf(
  closure: StoreClosure,
  layers: ReadonlyMap<ByteString, number>,
  directory: TargetPath,
): Claim[] {
  const claims: Claim[] = [];
  for (const { name, entries } of closure.paths.values()) {
    const by = fileNode(childOf(directory, name));
    const layer = layers.get(name)!;
    if (claims.length === 0) claims.push(...parentClaims(childOf(directory, name), by, layer));
    for (const entry of entries) claims.push({ entry, by, at: null, isImplied: false, layer });
  }
  return claims;
}

/** The store directory of an image is never written to: plain 0755, not the 01775 of a live store. */
function parentClaims(path: TargetPath, by: NodeId, layer: number): Claim[] {
  return ancestorsOf(path).map((parent) => ({
    entry: { kind: "directory", path: parent, mode: 0o755, uid: 0, gid: 0 },
    by,
    at: null,
    isImplied: true,
    layer,
  }));
}

function problemOf(hole: StoreHole, request: StoreRequest, graph: ReferenceGraph): GraphProblem {
  const { directory, source } = request;
  const path = childOf(directory, hole.name);
  const chain = chainTo(path, graph);
  switch (hole.kind) {
    case "missing":
      return { code: "graph/store-path-missing", path, chain, tree: request.tree.label };
    case "unknown":
      return {
        code: "graph/store-path-unknown",
        path,
        chain,
        told: source.from === "known" ? source.told : "",
      };
    case "illegal":
      return { code: "graph/not-a-store-path", path, chain };
    case "foreign-file":
      return { code: "graph/store-foreign-file", path: hole.path, chain };
  }
}

function derivationProblem(name: ByteString, directory: TargetPath, graph: ReferenceGraph): GraphProblem {
  const path = childOf(directory, name);
  return { code: "graph/store-derivation", path, chain: chainTo(path, graph) };
}

/** Who brought a store path: its referrers without itself, the nearest first. */
function chainTo(path: TargetPath, graph: ReferenceGraph): Chain {
  const chain = graph.chainTo(fileNode(path));
  const start = chain[0] ? graph.node(chain[0].from) : null;
  const through = chain.slice(0, -1).map((reference) => graph.node(reference.to));
  return {
    through: through.map((node) => (node.kind === "recipe" ? node.label : showPath(node.path))).reverse(),
    from: start?.kind === "recipe" ? start.at : null,
  };
}

function showStorePath(name: ByteString, directory: TargetPath): string {
  return showPath(childOf(directory, name));
}
