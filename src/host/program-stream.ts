/**
 * A program of the building machine as a filter: bytes in piece by piece, bytes out as they come, neither held as a
 * whole. Node's own `spawn`, because importing execa takes longer than many an image takes to be read.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants as os } from "node:os";
import type { Writable } from "node:stream";
import type { ProgramFilter, ProgramResult } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { cleanEnvironment, type Surroundings } from "./programs.ts";
import { fsPath, systemError } from "./system-error.ts";

const COMPLAINT_BYTES = 4096;

/** Throws BuildFailure host/cannot-run, and what the sink or the input throws, once the program has ended. */
export async function filterProgram(
  { program, args, input, sink }: ProgramFilter,
  { searchPath, groups }: Surroundings,
): Promise<Omit<ProgramResult, "bytes">> {
  const group = groups.enter();
  const failures: unknown[] = [];
  const attempt = (work: () => void): void => {
    if (failures.length > 0) return;
    try {
      work();
    } catch (error) {
      failures.push(error);
      group.kill();
    }
  };
  try {
    const child = spawn(fsPath(program).toString(), args, {
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own, so that whatever the program started is stopped with it.
      detached: true,
      env: cleanEnvironment(searchPath),
      cwd: "/",
    });
    group.started(child.pid);
    let complaint = Buffer.alloc(0);
    child.stdout.on("data", (piece: Buffer) => attempt(() => sink(piece)));
    child.stderr.on("data", (piece: Buffer) => {
      complaint = Buffer.from(Buffer.concat([complaint, piece]).subarray(-COMPLAINT_BYTES));
    });
    feed(child.stdin, input, attempt);
    const exitCode = await endOf(child);
    if (failures.length > 0) throw failures[0];
    return { exitCode, complaint: new TextDecoder().decode(complaint).trim() };
  } catch (error) {
    const said = systemError(error);
    throw said === null ? error : new BuildFailure([{ code: "host/cannot-run", program, ...said }]);
  } finally {
    group.leave();
  }
}

/** Gives piece after piece, each when the one before is taken. A program that reads no more is none of our business. */
function feed(stdin: Writable, input: Iterator<Uint8Array>, attempt: (work: () => void) => void): void {
  stdin.on("error", () => {});
  const next = (): void =>
    attempt(() => {
      const { value, done } = input.next();
      if (done) stdin.end();
      else if (!stdin.destroyed) stdin.write(value, (error) => error || next());
    });
  next();
}

/** The exit code, that of a signal as a shell counts it. Rejects where the program did not start. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : os.signals[signal])));
  });
}
