/** A finished build in words, and as data for programs. */
import type { Warning } from "../core/warning.ts";
import type { ProblemJson } from "./report/json.ts";
import type { Said } from "./report/layout.ts";
import type { BuildSummary } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { safeText } from "./text/safe.ts";
import { showCount, showNumber, showSize, showTime } from "./text/size.ts";

export interface Telling {
  readonly milliseconds: number;
  readonly wantsReasons: boolean;
  /** How many of the reused pieces other images of the run have, by their names. Null: it is the run's only one. */
  readonly shared: ReadonlyMap<string, number> | null;
}

/** What `--json` prints of it. */
export async function builtJson({ pieces: _, ...built }: BuildSummary) {
  return { ...built, warnings: await warningsOf(built.warnings) };
}

/** Where it is, on standard output; all else beside it. */
export async function tellBuilt(built: BuildSummary, told: Telling, terminal: Terminal): Promise<void> {
  if (built.warnings.length > 0) {
    const { layoutWarnings } = await import("./report/layout.ts");
    terminal.complain(layoutWarnings(await wordsOf(built.warnings), terminal.page));
  }
  if (built.movedFromLock.length > 0) terminal.note(noteOfDrift(built));
  if (told.wantsReasons) terminal.note(built.explanation.map((line) => `${safeText(line)}\n`).join(""));
  if (built.sbom !== null) terminal.note(noteOfSbom(built.sbom));
  const size = `${showSize(built.size)}, ${showCount(built.entries, "entry", "entries")}`;
  const work = `${workOf(built)}${noteOfShared(told.shared)}`;
  terminal.note(`${safeText(built.name)}: ${size}; ${work}; ${showTime(told.milliseconds)}\n`);
  const wantsDigests = told.shared === null && built.digest !== null;
  const digests = wantsDigests ? [built.digest, ...Object.values(built.digests)] : [];
  terminal.note(digests.map((digest) => `${digest}\n`).join(""));
  terminal.print(`${safeText(built.image)}\n`);
}

export function workOf({ rebuilt, reused }: Pick<BuildSummary, "rebuilt" | "reused">): string {
  return `${showCount(rebuilt, "piece")} built, ${reused} reused`;
}

/** " (11 of them board-a's, 2 board-b's)". */
function noteOfShared(shared: Telling["shared"]): string {
  const [first, ...more] = [...(shared ?? [])].map(([name, count]) => ({
    name: `${safeText(name)}'s`,
    count,
  }));
  if (first === undefined) return "";
  const others = more.map(({ name, count }) => `, ${count} ${name}`);
  return ` (${first.count} of them ${first.name}${others.join("")})`;
}

function noteOfDrift({ movedFromLock: [first = "", ...more], lock }: BuildSummary): string {
  const others = more.length === 0 ? "" : `, and ${showCount(more.length, "other input")},`;
  return `note: ${safeText(first)}${others} moved away from ${safeText(lock ?? "")}; \`initgraph lock\` writes it anew\n`;
}

function noteOfSbom({ packages, files, unmapped, changed }: NonNullable<BuildSummary["sbom"]>): string {
  const moved = changed === 0 ? "" : `, ${showNumber(changed)} not as the package brought it`;
  return `sbom: ${showCount(packages, "package")}, ${showCount(files, "file")}, ${showNumber(unmapped)} of no package${moved}\n`;
}

async function warningsOf(warnings: readonly Warning[]): Promise<ProblemJson[]> {
  if (warnings.length === 0) return [];
  const { warningsJson } = await import("./report/json.ts");
  return warningsJson(await wordsOf(warnings));
}

/** Most builds have nothing to warn of, and start faster without the pages. */
async function wordsOf(warnings: readonly Warning[]): Promise<Said[]> {
  const { sayWarnings } = await import("./report/warnings.ts");
  return sayWarnings(warnings);
}
