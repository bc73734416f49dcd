/**
 * A picture for Graphviz. Source: https://graphviz.org/doc/info/lang.html: in a quoted string only `"` is escaped for the parser; in
 * labels a backslash begins an escape, and `&` an entity.
 */
import type { Arrow, Box, Frame, Picture } from "./picture.ts";

const FILLS: Readonly<Record<Box["kind"], string>> = {
  line: "#e3eefb",
  file: "#ffffff",
  link: "#ffffff",
  directory: "#f1f2f0",
  device: "#f1f2f0",
  tree: "#e7f4ea",
  group: "#f3eefb",
};

export function writeDot({ title, boxes, arrows, frames, notes }: Picture): string {
  const loose = boxes.filter(({ frame }) => frame === null);
  return [
    ...notes.map((note) => `// ${note}`),
    "digraph initgraph {",
    '  charset = "UTF-8";',
    `  label = ${quoteLabel([title])};`,
    "  rankdir = LR;",
    '  fontname = "sans-serif";',
    '  node [shape = box, style = "rounded,filled", fontname = "sans-serif", fontsize = 11];',
    '  edge [fontname = "sans-serif", fontsize = 9, color = "#565c64"];',
    ...frames.flatMap((frame) => writeFrame(frame, boxes)),
    ...loose.map((box) => `  ${writeBox(box)}`),
    ...arrows.map((arrow) => `  ${writeArrow(arrow)}`),
    "}",
    "",
  ].join("\n");
}

function writeFrame({ id, title }: Frame, boxes: readonly Box[]): string[] {
  return [
    `  subgraph ${quote(`cluster_${id}`)} {`,
    `    label = ${quoteLabel([title])};`,
    '    color = "#6b3fa0";',
    ...boxes.filter(({ frame }) => frame === id).map((box) => `    ${writeBox(box)}`),
    "  }",
  ];
}

function writeBox({ id, texts, kind, named, naming, isFocus }: Box): string {
  const counts = [
    ...(named > 0 ? [`${named} boxes refer to it`] : []),
    ...(naming > 0 ? [`it refers to ${naming} boxes`] : []),
  ];
  const looks = `fillcolor = ${quote(FILLS[kind])}${isFocus ? ", penwidth = 3" : ""}`;
  return `${quote(id)} [label = ${quoteLabel([...texts, ...counts])}, ${looks}];`;
}

function writeArrow({ from, to, reasons, label }: Arrow): string {
  const tooltip = `tooltip = ${quoteLabel([reasons.join(", ")])}`;
  const style = reasons.every((reason) => reason === "symlink") ? ", style = dashed" : "";
  const shown = label === "" ? "" : `, label = ${quoteLabel([label])}`;
  return `${quote(from)} -> ${quote(to)} [${tooltip}${style}${shown}];`;
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

function quoteLabel(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;"),
  );
  return `"${escaped.join("\\n")}"`;
}
