/** The graph as JSON: the document, or the part of it around a focus. */
import type { ExitCode } from "../command.ts";
import type { ShownGraph } from "./graph.ts";
import type { GraphOrder } from "./graph-order.ts";
import { type ResultPorts, writeResult } from "./write-result.ts";

export function printGraphJson(shown: ShownGraph, order: GraphOrder, ports: ResultPorts): ExitCode {
  const { document, near, focus } = shown;
  const whole = { ok: true, ...document };
  const part = near === null ? whole : { ...whole, ...partOf(document, near), focus: [...focus] };
  const text = `${JSON.stringify(part)}\n`;
  writeResult(text, order, ports);
  return 0;
}

/** Groups stay whole: their sizes are the image's. */
function partOf({ nodes, references }: ShownGraph["document"], near: ReadonlyMap<number, number>) {
  return {
    nodes: nodes.filter(({ id }) => near.has(id)),
    references: references.filter(({ from, to }) => near.has(from) && near.has(to)),
  };
}
