/** HTML as a type of its own: what was not escaped cannot stand in a page. */

export type Html = string & { readonly [isHtml]: true };
declare const isHtml: unique symbol;

export const EMPTY = "" as Html;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text between tags and for quoted values of attributes. */
export function escapeHtml(text: string): Html {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!) as Html;
}

/** html`<p title="${text}">${inner}</p>`: texts are escaped; HTML is put in by `raw`. */
export function html(
  { raw: fixed }: TemplateStringsArray,
  ...pieces: readonly (string | number | Raw)[]
): Html {
  return fixed.map((text, at) => text + (at < pieces.length ? shownPiece(pieces[at]!) : "")).join("") as Html;
}

/** HTML that stands in a template as it is. */
export interface Raw {
  readonly html: string;
}

export function raw(...parts: readonly Html[]): Raw {
  return { html: parts.join("") };
}

function shownPiece(piece: string | number | Raw): string {
  return typeof piece === "object" ? piece.html : escapeHtml(String(piece));
}
