/**
 * Who names whom: the typed graph behind `why`. Nodes are lines of the recipe and files of the image; an
 * edge is a reference with its reason and its evidence. @dagrejs/graphlib holds it; its own algorithms are
 * recursive and overflow on long chains, so those used here are loops of ours.
 */
import { Graph as Graphlib } from "@dagrejs/graphlib";
import type { TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { KernelReason } from "../kernel/kernel.ts";

/** `recipe:contents/3`, or `file:usr/bin/bash`. */
export type NodeId = string & { readonly [isNodeId]: true };
declare const isNodeId: unique symbol;

export type GraphNode =
  | { readonly kind: "recipe"; readonly at: Span | null; readonly label: string }
  | { readonly kind: "file"; readonly path: TargetPath }
  /** A copied directory or store path: one node, however many entries it has. */
  | { readonly kind: "tree"; readonly path: TargetPath };

export type Reason =
  | "named"
  | "copied"
  | KernelReason
  | "needed"
  | "dlopen-note"
  | "hwcaps"
  | "interpreter"
  | "shebang"
  | "wrapped"
  | "symlink"
  | "loader-cache"
  | "store-reference";

export interface Reference {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly reason: Reason;
  /** What the referrer says: a soname, a link's target, a `#!` line, a store path. */
  readonly says: string;
  /** Which rule found it, and where: "runpath of /usr/sbin/dropbear". Empty where there was nothing to find. */
  readonly found: string;
  /** What was tried before, in order. */
  readonly tried: readonly string[];
}

export function recipeNode(place: string): NodeId {
  return `recipe:${place}` as NodeId;
}

export function fileNode(path: TargetPath): NodeId {
  return `file:${path}` as NodeId;
}

export class ReferenceGraph {
  readonly #graph = new Graphlib({ directed: true, multigraph: false });

  addNode(id: NodeId, node: GraphNode): void {
    if (!this.#graph.hasNode(id)) this.#graph.setNode(id, node);
  }

  hasNode(id: NodeId): boolean {
    return this.#graph.hasNode(id);
  }

  node(id: NodeId): GraphNode {
    return this.#graph.node(id) as GraphNode;
  }

  nodes(): NodeId[] {
    return this.#graph.nodes() as NodeId[];
  }

  /** All of them, in the order in which their ends were first joined. */
  references(): Reference[] {
    return this.#graph.edges().flatMap((edge) => this.referencesBetween(edge.v as NodeId, edge.w as NodeId));
  }

  /** Both ends must be there. The same pair may be joined for several reasons; each is kept once. */
  addReference(reference: Reference): void {
    const known = this.referencesBetween(reference.from, reference.to);
    const isKnown = known.some((one) => one.reason === reference.reason && one.says === reference.says);
    if (!isKnown) this.#graph.setEdge(reference.from, reference.to, [...known, reference]);
  }

  referencesBetween(from: NodeId, to: NodeId): readonly Reference[] {
    return (this.#graph.edge(from, to) as readonly Reference[] | undefined) ?? [];
  }

  /** All references a node makes, in the order in which they were added. */
  referencesFrom(id: NodeId): readonly Reference[] {
    const edges = this.#graph.outEdges(id) ?? [];
    return edges.flatMap((edge) => this.referencesBetween(edge.v as NodeId, edge.w as NodeId));
  }

  /** All references made to a node. */
  referencesTo(id: NodeId): readonly Reference[] {
    const edges = this.#graph.inEdges(id) ?? [];
    return edges.flatMap((edge) => this.referencesBetween(edge.v as NodeId, edge.w as NodeId));
  }

  /** The shortest chain of references from a line of the recipe to a node, the recipe's line first. */
  chainTo(id: NodeId): readonly Reference[] {
    const towards = new Map<NodeId, Reference | null>([[id, null]]);
    for (const at of towards.keys()) {
      if (this.node(at).kind === "recipe") return followChain(towards, at);
      for (const reference of this.referencesTo(at)) {
        if (!towards.has(reference.from)) towards.set(reference.from, reference);
      }
    }
    return [];
  }
}

function followChain(towards: ReadonlyMap<NodeId, Reference | null>, start: NodeId): Reference[] {
  const chain: Reference[] = [];
  for (let step = towards.get(start); step; step = towards.get(step.to)) chain.push(step);
  return chain;
}
