/** The ratios as a picture: an SVG that needs nothing besides itself, on light pages and dark ones. */
import { showNumber } from "./numbers.ts";
import { type Result, ratiosOf } from "./table.ts";

export interface Bar {
  readonly row: string;
  readonly peer: string;
  /** initgraph's figure over the peer's. */
  readonly ratio: number;
}

const WIDTH = 960;
const LABELS = 460;
const RIGHT = 70;
const STEP = 22;
const TOP = 56;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .row { font-weight: 600 }
  .peer, .tick { fill: #59636e }
  .grid { stroke: #d1d9e0 }
  .even { stroke: #59636e; stroke-width: 1.5 }
  .less { fill: #1a7f37 }
  .more { fill: #bc4c00 }
  .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .peer, .tick { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .even { stroke: #9198a1 }
    .less { fill: #3fb950 }
    .more { fill: #f0883e }
    .page { fill: #0d1117 }
  }
`;

export function barsOf(results: readonly Result[]): Bar[] {
  return results.flatMap(({ row, standings }) =>
    standings.slice(1).flatMap((peer) => {
      const ratio = ratiosOf(standings[0]!, peer)?.[row.counts];
      const title = `${row.title} (${row.counts})`;
      return ratio === undefined || !Number.isFinite(ratio) || ratio <= 0
        ? []
        : [{ row: title, peer: peer.name, ratio }];
    }),
  );
}

export function writePlot(bars: readonly Bar[]): string {
  const [low, high] = decadesOf(bars);
  const right = WIDTH - RIGHT;
  const at = (ratio: number): number =>
    round(LABELS + ((Math.log10(ratio) - low) / (high - low)) * (right - LABELS));
  const lines = linesOf(bars);
  const height = TOP + lines.length * STEP + 24;
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    "<title>initgraph's cost over each peer's</title>",
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    text(16, 24, "title", "What initgraph costs, as a multiple of what the peer costs: left of 1 is less"),
    ...ticks.flatMap((ratio) => [
      `<line class="${ratio === 1 ? "even" : "grid"}" x1="${at(ratio)}" y1="${TOP - 6}" x2="${at(ratio)}" y2="${height - 16}"/>`,
      text(at(ratio), TOP - 12, "tick", String(ratio), "middle"),
    ]),
    ...lines.flatMap((line, index) => drawLine(line, TOP + index * STEP, at)),
    "</svg>",
    "",
  ].join("\n");
}

type Line = { readonly title: string } | { readonly bar: Bar };

/** A row's title stands above its bars. */
function linesOf(bars: readonly Bar[]): Line[] {
  return bars.flatMap((bar, index) =>
    bar.row === bars[index - 1]?.row ? [{ bar }] : [{ title: bar.row }, { bar }],
  );
}

function drawLine(line: Line, y: number, at: (ratio: number) => number): string[] {
  if ("title" in line) return [text(16, y + 15, "row", line.title)];
  const { peer, ratio } = line.bar;
  const [start, end] = [Math.min(at(1), at(ratio)), Math.max(at(1), at(ratio))];
  const kind = ratio <= 1 ? "less" : "more";
  return [
    text(LABELS - 14, y + 15, "peer", peer, "end"),
    `<rect class="${kind}" x="${start}" y="${y + 4}" width="${round(Math.max(1, end - start))}" height="${STEP - 8}" rx="2"/>`,
    ratio <= 1
      ? text(at(1) + 6, y + 15, "value", showNumber(ratio))
      : text(end + 6, y + 15, "value", showNumber(ratio)),
  ];
}

/** Whole powers of ten around all ratios and 1. */
function decadesOf(bars: readonly Bar[]): [low: number, high: number] {
  const logs = bars.map(({ ratio }) => Math.log10(ratio));
  return [Math.min(-1, Math.floor(Math.min(0, ...logs))), Math.max(1, Math.ceil(Math.max(0, ...logs)))];
}

function text(x: number, y: number, kind: string, words: string, anchor = "start"): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${safe}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
