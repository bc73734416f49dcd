/** What `why-not` answers, for people. */
import type { Absence, Obstacle } from "../../absence/obstacle.ts";
import { showPath, type TargetPath } from "../../core/path.ts";
import { sayObstacle } from "../report/absence.ts";
import type { Sentence } from "../report/sentence.ts";
import { layoutLine } from "../text/chain.ts";
import { safeText } from "../text/safe.ts";
import { wrapText } from "../text/wrap.ts";

export interface AbsenceToTell {
  readonly word: string;
  readonly image: string;
  readonly absence: Absence;
}

const INDENT = "    ";
const LABEL_COLUMNS = 16;

export function absenceText({ word, image, absence }: AbsenceToTell, columns: number): string {
  const { places, obstacles, nearest } = absence;
  const layout = (one: Obstacle, path: TargetPath | null) => layoutReason(sayObstacle(one, path), columns);
  const atPlaces = places.flatMap(({ path, obstacles: own }) => [
    `  ${showPath(path)} is in the recipe's trees:`,
    ...own.flatMap((one) => layout(one, path)),
  ]);
  const ofName = obstacles.flatMap((one) => layout(one, null));
  const nowhere =
    places.length > 0 || obstacles.length > 0 ? [] : ["  nothing of that name is in the recipe's trees"];
  const near = nearest.length === 0 ? [] : layoutDetail("nearest", nearest.join(", "), columns);
  const head = `${safeText(word)} is not in the image ${safeText(image)}:`;
  return `${[head, ...atPlaces, ...ofName, ...nowhere, ...near].join("\n")}\n`;
}

function layoutReason({ headline, at, details, help }: Sentence, columns: number): string[] {
  return [
    ...wrapText(safeText(headline), columns - INDENT.length).map((line) => `${INDENT}${line}`),
    ...(at === null ? [] : layoutDetail("at", layoutLine({ at, label: "" }), columns)),
    ...details.flatMap(([label, text]) => layoutDetail(label, text, columns)),
    ...(help === "" ? [] : layoutDetail("help", help, columns)),
  ];
}

function layoutDetail(label: string, text: string, columns: number): string[] {
  const room = Math.max(columns - INDENT.length - 2 - LABEL_COLUMNS, 20);
  const lines = wrapText(safeText(text), room);
  return lines.map((line, at) =>
    `${INDENT}  ${(at === 0 ? label : "").padEnd(LABEL_COLUMNS)}${line}`.trimEnd(),
  );
}
