/** What is used of @dagrejs/dagre: its own types name modules in a way that Node's resolution refuses. */
import type { Graph } from "@dagrejs/graphlib";

/** Writes x and y into nodes, points into edges, width and height into the graph's own label. */
export function layout(graph: Graph): void;
