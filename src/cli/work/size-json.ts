/** What `size` says, for programs. Sizes are bytes; a compressed one that is null is not known. */
import { showPath } from "../../core/path.ts";
import type { LineAccount } from "../../size/account.ts";
import { adviceFor } from "../text/suggestions.ts";
import type { Measured } from "./size.ts";
import { largestFiles, largestHolders } from "./size-files.ts";

export function sizeJson(measured: Measured): object {
  const { sized, account, suggestions, by, rows, top } = measured;
  const { image, from } = sized;
  const { entries } = image;
  const hasLines = from !== "image";
  return {
    ok: true,
    name: image.name,
    from,
    total: account.total,
    by,
    parts: rows.slice(0, top),
    lines: hasLines ? account.lines.map(lineJson) : null,
    shared: hasLines ? account.shared : null,
    layers: account.layers.map(({ name, own, retained }) => {
      return { name, own, retained: hasLines ? retained : null };
    }),
    files: largestFiles(measured)
      .slice(0, top)
      .map(({ name, amount: { unpacked, compressed } }) => ({ path: name, unpacked, compressed })),
    holders: hasLines
      ? largestHolders(measured)
          .slice(0, top)
          .map(({ name, retained }) => ({ path: name, retained }))
      : null,
    suggestions: suggestions.map((one) => ({
      kind: one.kind,
      ...(one.which === "" ? {} : { which: one.which }),
      concerns: one.concerns,
      saves: one.saves,
      advice: adviceFor(one),
      files: one.entries.map((at) => showPath(entries[at]!.path)),
    })),
  };
}

function lineJson({ at, label, layer, own, retained }: LineAccount): object {
  const place = at === null ? null : { file: at.file, line: at.line, column: at.column };
  return { at: place, label, layer, own, retained };
}
