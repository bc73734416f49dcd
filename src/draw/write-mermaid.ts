/**
 * A picture for Mermaid, which renders it inside Markdown. Source: https://mermaid.js.org/syntax/flowchart.html: a text stands in
 * quotes, and whatever could mean something in it is written as its code point, `#35;`.
 */
import type { Arrow, Box, Frame, Picture } from "./picture.ts";

/** Renderers refuse more, unless they are told otherwise (maxEdges and maxTextSize of mermaid's configuration). */
export const MERMAID_LIMITS = { edges: 500, characters: 50_000 } as const;

const CLASSES: Readonly<Record<Box["kind"], string>> = {
  line: "fill:#e3eefb,stroke:#0b5cad,color:#1b1e22",
  file: "fill:#ffffff,stroke:#8a919b,color:#1b1e22",
  link: "fill:#ffffff,stroke:#8a919b,color:#1b1e22,stroke-dasharray:4 2",
  directory: "fill:#f1f2f0,stroke:#8a919b,color:#1b1e22",
  device: "fill:#f1f2f0,stroke:#8a919b,color:#1b1e22",
  tree: "fill:#e7f4ea,stroke:#1a6b3c,color:#1b1e22",
  group: "fill:#f3eefb,stroke:#6b3fa0,color:#1b1e22",
};

export function writeMermaid({ boxes, arrows, frames, notes }: Picture): string {
  const loose = boxes.filter(({ frame }) => frame === null);
  const kinds = [...new Set(boxes.map(({ kind }) => kind))].sort();
  return [
    "flowchart LR",
    ...notes.map((note) => `  %% ${note}`),
    ...frames.flatMap((frame) => writeFrame(frame, boxes)),
    ...loose.map((box) => `  ${writeBox(box)}`),
    ...arrows.map((arrow) => `  ${writeArrow(arrow)}`),
    // "class" is a word of the language: a name of one letter more is not.
    ...kinds.map((kind) => `  classDef ${kind}Box ${CLASSES[kind]}`),
    "",
  ].join("\n");
}

function writeFrame({ id, title }: Frame, boxes: readonly Box[]): string[] {
  return [
    `  subgraph frame_${id}["${escapeText(title)}"]`,
    ...boxes.filter(({ frame }) => frame === id).map((box) => `    ${writeBox(box)}`),
    "  end",
  ];
}

function writeBox({ id, texts, kind, named, naming }: Box): string {
  const counts = [
    ...(named > 0 ? [`${named} boxes refer to it`] : []),
    ...(naming > 0 ? [`it refers to ${naming} boxes`] : []),
  ];
  return `${id}["${[...texts, ...counts].map(escapeText).join("<br/>")}"]:::${kind}Box`;
}

function writeArrow({ from, to, reasons, label }: Arrow): string {
  const line = reasons.every((reason) => reason === "symlink") ? "-.->" : "-->";
  return `${from} ${line}${label === "" ? "" : `|"${escapeText(label)}"|`} ${to}`;
}

/** Letters, digits and blanks are themselves, and so are points and slashes that begin no list and no address. */
function escapeText(text: string): string {
  const isPlain = /[A-Za-z0-9 ,_]/;
  return [...text]
    .map((character, at) => {
      const isInside = at > 0 && /[A-Za-z_]/.test(text[at - 1] ?? "");
      if (isPlain.test(character) || (/[./-]/.test(character) && isInside)) return character;
      return `#${character.codePointAt(0)};`;
    })
    .join("");
}
