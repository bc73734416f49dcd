/** What was measured, as medians and ratios: for people (Markdown) and for programs (JSON). */
import type { Row, Standing, Trouble } from "./contest.ts";
import type { Figures } from "./measure.ts";
import { median, showNumber } from "./numbers.ts";

export interface Result {
  readonly row: Pick<Row, "name" | "title" | "counts" | "note">;
  /** None where the row could not begin. */
  readonly standings: readonly Standing[];
  /** Why there are none. */
  readonly trouble: Trouble | null;
}

/** Where and how the figures came about. */
export interface Circumstances {
  readonly machine: string;
  readonly loadAverage: number;
  readonly runs: number;
  readonly isSmall: boolean;
  /** What was measured on. */
  readonly inputs: readonly Extent[];
}

export interface Extent {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
}

export interface Medians {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMiB: number | null;
  readonly outputBytes: number | null;
}

/** initgraph's figure over a peer's: 0.5 is half of it. */
export interface Ratios {
  readonly cpu: number;
  readonly wall: number;
  readonly size: number | null;
}

export function mediansOf({ runs, outputBytes }: Standing): Medians | null {
  if (runs.length === 0) return null;
  const middle = (figure: (run: Figures) => number): number => median(runs.map(figure));
  const peakMiB = runs.every((run) => run.peakMiB !== null) ? middle((run) => run.peakMiB!) : null;
  return {
    cpuSeconds: middle((run) => run.cpuSeconds),
    wallSeconds: middle((run) => run.wallSeconds),
    peakMiB,
    outputBytes,
  };
}

export function ratiosOf(ours: Standing, peer: Standing): Ratios | null {
  const [own, other] = [mediansOf(ours), mediansOf(peer)];
  if (own === null || other === null) return null;
  const size =
    own.outputBytes === null || other.outputBytes === null ? null : own.outputBytes / other.outputBytes;
  return { cpu: own.cpuSeconds / other.cpuSeconds, wall: own.wallSeconds / other.wallSeconds, size };
}

const HEAD = [
  "| what | who | runs | cpu s | wall s | peak MiB | image MB | cpu | wall | size |",
  "| ---- | --- | ---: | ----: | -----: | -------: | -------: | --: | ---: | ---: |",
];

export function writeMarkdown(results: readonly Result[], circumstances: Circumstances): string {
  const { machine, loadAverage, runs, isSmall, inputs } = circumstances;
  const about = [
    `Medians of up to ${runs} runs${isSmall ? " on the small inputs" : ""}, contestants in turn. ${machine}; load average at the start: ${loadAverage.toFixed(2)}.`,
    "The last three columns: initgraph's figure over this peer's. `cpu` is user and system time of all processes,",
    "`peak` the memory of the largest one.",
    "",
    ...inputs.map(showExtent),
  ];
  const notes = results.flatMap(({ row }) => (row.note === undefined ? [] : [`- ${row.title}: ${row.note}`]));
  const failures = results.flatMap(failuresOf);
  return [
    ...about,
    "",
    ...HEAD,
    ...results.flatMap(rowsOf),
    ...(notes.length > 0 ? ["", ...notes] : []),
    ...(failures.length > 0 ? ["", "What failed:", "", "```", ...failures, "```"] : []),
    "",
  ].join("\n");
}

function showExtent({ name, entries, bytes }: Extent): string {
  const many = entries > 1 ? `${entries.toLocaleString("en")} entries, ` : "";
  return `- ${name}: ${many}${(bytes / 1e6).toFixed(0)} MB`;
}

function rowsOf({ row, standings, trouble }: Result): string[] {
  if (trouble !== null) return [line([row.title, inShort(trouble)])];
  return standings.map((standing, index) => {
    const medians = mediansOf(standing);
    const title = index === 0 ? row.title : "";
    if (medians === null) return line([title, `${standing.name}: ${inShort(standing.trouble)}`]);
    const ratios = index === 0 ? null : ratiosOf(standings[0]!, standing);
    return line([
      title,
      standing.name,
      String(standing.runs.length),
      showNumber(medians.cpuSeconds),
      showNumber(medians.wallSeconds),
      medians.peakMiB === null ? "" : medians.peakMiB.toFixed(0),
      medians.outputBytes === null ? "" : (medians.outputBytes / 1e6).toFixed(1),
      ratios === null ? "" : showNumber(ratios.cpu),
      ratios === null ? "" : showNumber(ratios.wall),
      ratios?.size == null ? "" : percent(ratios.size),
    ]);
  });
}

function line(cells: readonly string[]): string {
  const missing = Array.from({ length: 10 - cells.length }, () => "");
  return `| ${[...cells, ...missing].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function percent(ratio: number): string {
  const difference = (ratio - 1) * 100;
  return `${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(1)} %`;
}

/** What went wrong, whole. */
function failuresOf({ row, standings, trouble }: Result): string[] {
  const all = [trouble, ...standings.map((standing) => standing.trouble)];
  return all.flatMap((one) => (one?.kind === "failed" ? [`${row.name}: ${one.says}`, ""] : []));
}

export function hasFailures(results: readonly Result[]): boolean {
  return results.some((result) => failuresOf(result).length > 0);
}

function inShort(trouble: Trouble | null): string {
  return trouble?.kind === "missing" ? trouble.says : "failed, see below";
}

export function writeJson(results: readonly Result[], circumstances: Circumstances): string {
  const rows = results.map(({ row, standings, trouble }) => ({
    name: row.name,
    title: row.title,
    counts: row.counts,
    note: row.note ?? null,
    trouble,
    contestants: standings.map((standing, index) => ({
      name: standing.name,
      trouble: standing.trouble,
      medians: mediansOf(standing),
      ratios: index === 0 ? null : ratiosOf(standings[0]!, standing),
      runs: standing.runs,
    })),
  }));
  return `${JSON.stringify({ ...circumstances, rows }, null, 1)}\n`;
}
