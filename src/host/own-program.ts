/** Another run of this very program, under circumstances of its own: another user, umask, environment, directory. */
import { spawn } from "node:child_process";
import { constants as os } from "node:os";
import type { Readable } from "node:stream";
import type { ProcessGroups } from "./process-groups.ts";

export interface OwnRun {
  /** The program's script. */
  readonly script: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** All of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly umask: number;
  /** Its user and group; null: ours. */
  readonly user: number | null;
}

export interface OwnRunResult {
  /** One that a signal ended has 128 and the signal's number, as in a shell. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is collected of each stream: the last of it. Bytes. */
const MOST_SAID = 8 * 2 ** 20;

/** Rejects with Node's own error where it does not start. */
export async function runOwnProgram(run: OwnRun, groups: ProcessGroups): Promise<OwnRunResult> {
  const { script, args, directory, environment, umask, user } = run;
  const group = groups.enter();
  try {
    // A child has the umask that we have when it is made; there is no other way to give it one.
    const own = process.umask(umask);
    const child = (() => {
      try {
        return spawn(process.execPath, [script, ...args], {
          cwd: directory,
          env: environment,
          stdio: ["ignore", "pipe", "pipe"],
          // A group of its own, so that whatever it started is stopped with it.
          detached: true,
          ...(user === null ? {} : { uid: user, gid: user }),
        });
      } finally {
        process.umask(own);
      }
    })();
    group.started(child.pid);
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : os.signals[signal])));
    });
    const [exitCode, stdout, stderr] = await Promise.all([ended, said(child.stdout), said(child.stderr)]);
    return { exitCode, stdout, stderr };
  } finally {
    group.leave();
  }
}

async function said(stream: Readable): Promise<string> {
  let last = Buffer.alloc(0);
  for await (const piece of stream as AsyncIterable<Buffer>) {
    last = Buffer.from(Buffer.concat([last, piece]).subarray(-MOST_SAID));
  }
  return last.toString("utf8");
}
