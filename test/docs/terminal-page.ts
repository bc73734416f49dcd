/** What a terminal shows, as a page: text with the few escape sequences that `report/paint.ts` writes. */

const COLOURS: Readonly<Record<string, string>> = {
  "31": "color:#f7768e",
  "33": "color:#e0af68",
  "34": "color:#7aa2f7",
  "36": "color:#7dcfff",
};

export function terminalPage(text: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #1a1b26; color: #c0caf5 }
pre { margin: 0; padding: 14px 18px; font: 14px/19px "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre-wrap }
</style><pre>${coloured(text)}</pre>`;
}

/** 1 begins bold, 22 ends it; 31 to 36 begin a colour, 39 ends it. */
function coloured(text: string): string {
  let isBold = false;
  let colour = "";
  return text
    .split(/\x1b\[(\d+)m/)
    .map((piece, index) => {
      if (index % 2 === 0) {
        const style = [colour, isBold ? "font-weight:bold" : ""].filter((one) => one !== "").join(";");
        return style === "" || piece === ""
          ? escaped(piece)
          : `<span style="${style}">${escaped(piece)}</span>`;
      }
      if (piece === "1") isBold = true;
      else if (piece === "22") isBold = false;
      else colour = COLOURS[piece] ?? "";
      return "";
    })
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
