/**
 * Whole processes, measured from outside: the kernel's account of a finished command and of all that it waited
 * for. bash's `time` gives milliseconds; GNU time, where it is installed, the memory of the largest process.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PATH } from "./needs.ts";

export interface Figures {
  readonly wallSeconds: number;
  /** User and system. */
  readonly cpuSeconds: number;
  /** Of the largest process; null: no GNU time to ask. */
  readonly peakMiB: number | null;
}

/** A command that ended with anything but 0. */
export interface FailedCommand {
  readonly command: readonly string[];
  readonly status: number | null;
  /** The end of what it wrote to standard error. */
  readonly says: string;
}

const GNU_TIME = "/usr/bin/time";

// Given: files for the times and for standard error, then the command.
const TIMED = `TIMEFORMAT='%3R %3U %3S'
times=$1 errors=$2
shift 2
{ time "$@" < /dev/null > /dev/null 2> "$errors"; } 2> "$times"`;

/** Runs a command once. What it prints goes nowhere, as costs of a terminal or a pipe are not its own. */
export function measure(command: readonly string[]): Figures | FailedCommand {
  const scratch = mkdtempSync(join(tmpdir(), "initgraph-measure-"));
  try {
    const [times, errors, peak] = [join(scratch, "times"), join(scratch, "errors"), join(scratch, "peak")];
    const asked = existsSync(GNU_TIME) ? [GNU_TIME, "-q", "-o", peak, "-f", "%M", ...command] : command;
    const env = { ...process.env, LC_ALL: "C", PATH };
    const { status } = spawnSync("bash", ["-c", TIMED, "bash", times, errors, ...asked], { env });
    if (status !== 0) return { command, status, says: lastLines(errors) };
    const [wall = 0, user = 0, system = 0] = readFileSync(times, "utf8").trim().split(" ").map(Number);
    const peakMiB = existsSync(peak) ? Number(readFileSync(peak, "utf8")) / 1024 : null;
    return { wallSeconds: wall, cpuSeconds: user + system, peakMiB };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

export function hasFailed(run: Figures | FailedCommand): run is FailedCommand {
  return "says" in run;
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-12).join("\n") : "";
}
