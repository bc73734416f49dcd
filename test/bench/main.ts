/**
 * `npm run bench`: initgraph and its peers on the same contents, in turn, as whole processes.
 *
 *   npm run bench                          all rows; makes its inputs first (some GB, a few minutes, root, network)
 *   npm run bench -- --small               two minutes in all, on inputs that need nothing
 *   npm run bench -- --rows one-file,ls    only these
 *   npm run bench -- --runs 9 --out DIR --inputs DIR
 *
 * What is not installed is told in the table; a command that failed makes the exit code 1.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { extentOf, INPUTS, SMALL_INPUTS } from "./inputs.ts";
import { measure } from "./measure.ts";
import { barsOf, writePlot } from "./plot.ts";
import { ROWS } from "./rows/index.ts";
import { runRow } from "./run-rows.ts";
import {
  type Circumstances,
  type Extent,
  hasFailures,
  type Result,
  writeJson,
  writeMarkdown,
} from "./table.ts";

const { values } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    rows: { type: "string" },
    runs: { type: "string" },
    out: { type: "string", default: "result/bench" },
    inputs: { type: "string" },
  },
});

const isSmall = values.small;
const directory = resolve(
  values.inputs ?? process.env["INITGRAPH_BENCH"] ?? join(tmpdir(), "initgraph-bench"),
);
const runs = Number(values.runs ?? (isSmall ? 3 : 5));
if (!Number.isInteger(runs) || runs < 1) refuse(`--runs: ${values.runs} is no number of runs`);
const names = values.rows?.split(",") ?? ROWS.map(({ name }) => name);
const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0)
  refuse(`no row is called ${unknown.join(", ")}; there are ${ROWS.map(({ name }) => name).join(", ")}`);

const inputs = isSmall ? SMALL_INPUTS : INPUTS;
const place = { directory: isSmall ? join(directory, "small") : directory, inputs };
const loadAverage = loadavg()[0]!;
const rules = { runs, limitSeconds: isSmall ? 5 : 300, measure };
const rows = names
  .map((name) => ROWS.find((row) => row.name === name)!)
  .filter((row) => !isSmall || row.inputs.every((input) => input in inputs));
const used = new Map<string, Extent>();
const circumstances = (): Circumstances => ({
  machine: `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} cores, Node.js ${process.version}`,
  loadAverage,
  runs,
  isSmall,
  inputs: [...used.values()],
});

const results: Result[] = [];
mkdirSync(values.out, { recursive: true });
for (const row of rows) {
  console.error(`measuring ${row.name}`);
  results.push(runRow(row, place, rules));
  for (const name of row.inputs)
    if (!used.has(name)) used.set(name, extentOf(name, join(place.directory, name)));
  // After each row: a long run that is stopped has not been for nothing.
  write(results);
}
console.log(writeMarkdown(results, circumstances()));
if (hasFailures(results)) process.exitCode = 1;

function write(results: readonly Result[]): void {
  writeFileSync(join(values.out, "bench.md"), writeMarkdown(results, circumstances()));
  writeFileSync(join(values.out, "bench.json"), writeJson(results, circumstances()));
  writeFileSync(join(values.out, "bench.svg"), writePlot(barsOf(results)));
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
