/** The graph in lines. */
import type { ExitCode } from "../command.ts";
import { layoutFocus } from "../text/graph-focus.ts";
import { layoutGroups } from "../text/graph-groups.ts";
import { layoutGraphTree } from "../text/graph-tree.ts";
import { showCount } from "../text/size.ts";
import type { ShownGraph } from "./graph.ts";
import type { GraphOrder } from "./graph-order.ts";
import { type ResultPorts, writeResult } from "./write-result.ts";

/** From so many lines on it is said how there are fewer. */
const LONG = 300;

export function printGraphText(shown: ShownGraph, order: GraphOrder, ports: ResultPorts): ExitCode {
  const { terminal } = ports;
  const lines = linesOf(shown, order, terminal.page.columns);
  writeResult(lines.map((line) => `${line}\n`).join(""), order, ports);
  if (lines.length > LONG && order.depth === null && order.by === null)
    terminal.note(
      `note: ${showCount(lines.length, "line")}; --depth 1, --by recipe-line or --focus NAME show less, --format html unfolds\n`,
    );
  return 0;
}

function linesOf({ document, focus, near }: ShownGraph, order: GraphOrder, columns: number): string[] {
  if (near !== null) return layoutFocus(document, { focus, near, columns });
  if (document.grouping !== null) return layoutGroups(document.grouping, columns);
  return layoutGraphTree(document, { depth: order.depth, columns });
}
