/** Runs the compiled command line as its users do: as a process of its own. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

export const MAIN = join(import.meta.dirname, "../../bin/cli/main.js");

export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface CliSurroundings {
  readonly cwd: string;
  /** Added to an environment of PATH and HOME alone. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another user's number; root alone may say it. */
  readonly uid?: number;
}

/** Output is taken byte by byte as latin1 where it is no UTF-8; transcripts hold no such bytes. */
export function runCli(words: readonly string[], { cwd, env = {}, uid }: CliSurroundings): Promise<CliRun> {
  const surroundings = { PATH: process.env["PATH"] ?? "", HOME: cwd, ...env };
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: surroundings,
    ...(uid === undefined ? {} : { uid }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (status, signal) => {
      // As a shell counts it.
      const code = signal === null ? status : 128 + constants.signals[signal];
      done({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code });
    });
  });
}
