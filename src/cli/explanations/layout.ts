/** An explanation on the terminal, and the list of all codes. */
import { layoutTable } from "../text/table.ts";
import { wrapProse } from "../text/wrap.ts";
import { type Explained, ROOMS } from "./index.ts";

const INDENT = "    ";

/** What happened, why, what to do, and an example, at most `columns` wide where words allow. */
export function layoutExplanation(one: Explained, columns: number): string {
  const { code, kind, title, happened, causes, remedies, example, mended } = one;
  const parts = [
    wrapProse(`${kind}[${code}]: ${title}`, columns),
    wrapProse(happened, columns),
    ["Usual causes:", ...causes.flatMap((cause) => layoutPoint(cause, columns))],
    ["What to do:", ...remedies.flatMap((remedy) => layoutPoint(remedy, columns))],
    ["Example:", ...indented(example)],
    ...(mended === null ? [] : [["Instead:", ...indented(mended)]]),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Codes under their rooms, each with what it stands for. Errors stand before warnings. */
export function layoutCodes(codes: readonly Explained[]): string {
  const rooms = Object.entries(ROOMS).flatMap(([room, about]) => {
    const ofRoom = codes.filter(({ code }) => code.startsWith(`${room}/`));
    const rows = ofRoom.map(({ code, kind, title }) => [
      `  ${code}`,
      kind === "error" || kind === "fault" ? title : `(${kind}) ${title}`,
    ]);
    return rows.length === 0
      ? []
      : [[`${room}: ${about}`, ...layoutTable(rows, ["left", "left"]), ""].join("\n")];
  });
  return rooms.join("\n");
}

function layoutPoint(text: string, columns: number): string[] {
  return wrapProse(text, columns - INDENT.length).map(
    (line, index) => `${index === 0 ? "  - " : INDENT}${line}`,
  );
}

function indented(text: string): string[] {
  return text.split("\n").map((line) => `${INDENT}${line}`);
}
