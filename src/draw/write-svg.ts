/**
 * A picture as SVG, to be seen in a browser, in a document, on paper: light and dark by the reader's wish, its shapes named for
 * who hears it. Source: SVG 2 (https://www.w3.org/TR/SVG2/), and XML 1.0 for what characters may stand in it.
 */
import { escapeHtml } from "../pages/html.ts";
import { type Layout, layoutPicture, type Placed, type PlacedArrow, TEXT } from "./layout.ts";
import type { Arrow, Box, Frame, Picture } from "./picture.ts";
import { SVG_STYLE } from "./svg-style.ts";
import { middleOf, wayOf } from "./svg-way.ts";

const FOOT = 18;

export function writeSvg(picture: Picture): string {
  const layout = layoutPicture(picture);
  const height = layout.height + FOOT * picture.notes.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${height}" width="${layout.width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(picture.title)}</title>`,
    `<desc id="desc">${escapeXml(describePicture(picture))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    MARKER,
    `<rect class="page" width="100%" height="100%"/>`,
    ...drawLayout(layout),
    ...picture.notes.map(
      (note, at) => `<text class="note" x="24" y="${layout.height + at * FOOT}">${escapeXml(note)}</text>`,
    ),
    "</svg>",
    "",
  ].join("\n");
}

export const MARKER =
  '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0.8 7.4 4 0 7.2Z"/></marker></defs>';

function describePicture({ boxes, arrows, notes }: Picture): string {
  const counts = `${boxes.length} boxes and ${arrows.length} arrows. An arrow leads from what refers to something to what it refers to.`;
  return [counts, ...notes].join(" ");
}

/** Frames lie below arrows, boxes over them. */
export function drawLayout({ frames, arrows, boxes, headings }: Layout): string[] {
  const titles = new Map(boxes.map(({ of }) => [of.id, of.texts[0] ?? ""]));
  return [
    ...frames.map(drawFrame),
    ...arrows.map((arrow) => drawArrow(arrow, titles)),
    ...boxes.map(drawBox),
    ...headings.map(({ text, x, y }) => `<text class="heading" x="${x}" y="${y}">${escapeXml(text)}</text>`),
  ];
}

function drawFrame({ of, x, y, width, height }: Placed<Frame>): string {
  return (
    `<g class="frame"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>` +
    `<text x="${x + 8}" y="${y - 4}">${escapeXml(of.title)}</text></g>`
  );
}

function drawArrow({ of, points }: PlacedArrow, titles: ReadonlyMap<string, string>): string {
  const title = `${titles.get(of.from)} → ${titles.get(of.to)}: ${tellReasons(of)}`;
  const way = `<path class="arrow ${looksOf(of)}" d="${wayOf(points)}" marker-end="url(#tip)"><title>${escapeXml(title)}</title></path>`;
  const middle = middleOf(points);
  return of.label === ""
    ? way
    : `${way}<text class="label" x="${middle.x}" y="${middle.y - 3}">${escapeXml(of.label)}</text>`;
}

export function tellReasons({ references, reasons }: Arrow): string {
  return reasons.join(", ") + (references > 1 ? ` (${references} references)` : "");
}

/** Colour and dashes say the same. */
export function looksOf({ reasons }: Arrow): string {
  if (reasons.length > 1) return "several";
  const [reason = ""] = reasons;
  if (reason === "named" || reason === "copied") return "named";
  if (reason === "symlink") return "link";
  return /^(module|softdep|weakdep|firmware|modprobe)/.test(reason) ? "module" : "needs";
}

function drawBox({ of, x, y, width, height }: Placed<Box>): string {
  const named = of.named > 0 ? `${of.named} boxes refer to it` : "";
  const naming = of.naming > 0 ? `it refers to ${of.naming} boxes` : "";
  const texts = of.texts.map((text, at) => {
    const top = y + TEXT.padding / 2 + (at + 0.75) * TEXT.line;
    return `<text class="${at === 0 ? "name" : "more"}" x="${x + TEXT.padding}" y="${Math.round(top * 10) / 10}">${escapeXml(text)}</text>`;
  });
  const title = [...of.texts, named, naming].filter((text) => text !== "").join("\n");
  const looks = `box ${of.kind}${of.isFocus ? " focus" : ""}`;
  const badges =
    (of.named === 0 ? "" : drawBadge(`→ ${of.named}`, x + width, y)) +
    (of.naming === 0 ? "" : drawBadge(`${of.naming} →`, x + width, y + height));
  return (
    `<g class="${looks}" id="${of.id}"><title>${escapeXml(title)}</title>` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>${texts.join("")}${badges}</g>`
  );
}

/** How many arrows to or from a box were left out. */
function drawBadge(count: string, middle: number, y: number): string {
  const width = 10 + 7 * count.length;
  const x = Math.round((middle - width / 2) * 10) / 10;
  return (
    `<rect class="badge" x="${x}" y="${y - 8}" width="${width}" height="16" rx="8"/>` +
    `<text class="count" x="${Math.round((x + width / 2) * 10) / 10}" y="${y + 4}">${count}</text>`
  );
}

/** What XML cannot hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return escapeHtml(text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd"));
}
