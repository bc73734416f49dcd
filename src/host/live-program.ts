/** A program of the building machine that is talked with while it runs: bytes in as they are typed, bytes out as they come. */
import { spawn } from "node:child_process";
import { constants as os } from "node:os";
import type { HostPath } from "../core/path.ts";
import type { ProgramResult } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ProcessGroups } from "./process-groups.ts";
import { cleanEnvironment, DEFAULT_PATH } from "./programs.ts";
import { fsPath, systemError } from "./system-error.ts";

export interface LiveRun {
  readonly program: HostPath;
  readonly args: readonly string[];
  /** Takes standard output; the next piece comes when it has settled. */
  readonly hear: (piece: Uint8Array) => Promise<void>;
}

export interface LiveProgram {
  type(bytes: Uint8Array): void;
  kill(): void;
  /** Settles once it has ended and all was heard. Rejects with BuildFailure host/cannot-run, and with what `hear` throws. */
  readonly ended: Promise<Omit<ProgramResult, "bytes">>;
}

const COMPLAINT_BYTES = 4096;

export function startProgram({ program, args, hear }: LiveRun, groups: ProcessGroups): LiveProgram {
  const group = groups.enter();
  const child = spawn(fsPath(program).toString(), args, {
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: it does not get the terminal's Ctrl-C, and is stopped with all that it started.
    detached: true,
    env: cleanEnvironment(DEFAULT_PATH),
    cwd: "/",
  });
  group.started(child.pid);
  child.stdin.on("error", () => {}); // it ended while we typed
  let complaint = Buffer.alloc(0);
  child.stderr.on("data", (piece: Buffer) => {
    complaint = Buffer.from(Buffer.concat([complaint, piece]).subarray(-COMPLAINT_BYTES));
  });
  const exitCode = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : os.signals[signal])));
  });
  const heard = (async () => {
    try {
      for await (const piece of child.stdout as AsyncIterable<Buffer>) await hear(piece);
    } catch (error) {
      group.kill();
      throw error;
    }
  })();
  const ended = Promise.all([exitCode, heard])
    .then(([code]) => ({ exitCode: code, complaint: new TextDecoder().decode(complaint).trim() }))
    .catch((error: unknown) => {
      const said = systemError(error);
      throw said === null ? error : new BuildFailure([{ code: "host/cannot-run", program, ...said }]);
    })
    .finally(() => group.leave());
  return {
    type: (bytes) => {
      if (!child.stdin.destroyed) child.stdin.write(bytes);
    },
    kill: () => group.kill(),
    ended,
  };
}
