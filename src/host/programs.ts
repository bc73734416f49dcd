/**
 * Programs of the building machine: looked up, asked for their version, and run on whole files. Their bytes go
 * from descriptor to descriptor, never through this process (execa's buffers would change and keep them).
 */
import { accessSync, closeSync, constants, openSync, rmSync, statSync } from "node:fs";
import { constants as os } from "node:os";
import type { Readable } from "node:stream";
import { bytesOf, decodeUtf8, type HostPath, parseHostPath } from "../core/path.ts";
import type { ProgramResult, ProgramRun } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ProcessGroups } from "./process-groups.ts";
import { fsPath, systemError } from "./system-error.ts";

const COLLECTED_BYTES = 64 * 1024 * 1024;
const COMPLAINT_BYTES = 4096;
const VERSION_BYTES = 65536;
const VERSION_TIMEOUT_MS = 10_000;

/** Where a shell would look when PATH is not set. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A name is looked up in `searchPath` as execvp(3) does, but relative directories in it count for nothing. */
export function findProgram(name: string, searchPath: string): HostPath | null {
  if (name === "" || name.includes("\0")) return null;
  if (name.includes("/")) {
    const path = parseHostPath(bytesOf(name), bytesOf(process.cwd()) as HostPath);
    return path !== null && isProgram(path) ? path : null;
  }
  const directories = searchPath.split(":").filter((directory) => directory.startsWith("/"));
  const places = directories.map((directory) =>
    parseHostPath(bytesOf(`${directory}/${name}`), "/" as HostPath),
  );
  return places.find((place) => place !== null && isProgram(place)) ?? null;
}

function isProgram(path: HostPath): boolean {
  try {
    accessSync(fsPath(path), constants.X_OK);
    return statSync(fsPath(path)).isFile();
  } catch {
    return false;
  }
}

export interface Surroundings {
  /** PATH for the program itself, which may run others. */
  readonly searchPath: string;
  readonly groups: ProcessGroups;
}

/**
 * A program that ends with an exit code other than 0 is no problem here; one that a signal ended has 128 and
 * the signal's number, as in a shell. An output file that was not wholly written is the caller's to remove.
 * Throws BuildFailure: host/cannot-run, host/cannot-read (input), host/cannot-write (output: it exists, or no
 * room), host/program-output-too-large.
 */
export async function runProgram(run: ProgramRun, surroundings: Surroundings): Promise<ProgramResult> {
  const input = "file" in run.input ? openInput(run.input.file) : null;
  try {
    const output = run.output === null ? null : createOutputFile(run.output);
    try {
      return await start(run, { stdin: input, stdout: output, ...surroundings });
    } catch (error) {
      if (run.output !== null) rmSync(fsPath(run.output), { force: true });
      throw error;
    } finally {
      if (output !== null) closeSync(output);
    }
  } finally {
    if (input !== null) closeSync(input);
  }
}

/** The first line that is not empty; from stderr where stdout gives none that is text (bzip2, lzop, pixz differ). */
export async function programVersion(program: HostPath, surroundings: Surroundings): Promise<string> {
  const run = { program, args: ["--version"], input: { bytes: new Uint8Array(0) }, output: null };
  const timeout = { timeoutMs: VERSION_TIMEOUT_MS, collect: VERSION_BYTES };
  try {
    const result = await start(run, { stdin: null, stdout: null, ...surroundings, ...timeout });
    if (result.exitCode !== 0) return ""; // pixz has no such option and says so
    return firstLine(result.bytes) || firstLine(Buffer.from(result.complaint, "utf8"));
  } catch (error) {
    // What cannot run, or never stops printing, has no version; running it in earnest will say why.
    if (error instanceof BuildFailure) return "";
    throw error;
  }
}

function firstLine(bytes: Uint8Array): string {
  const text = decodeUtf8(Buffer.from(bytes).toString("latin1")) ?? "";
  // bzip2 --version compresses its empty input to stdout and tells its version on stderr.
  const isText = !/[\u0000-\u0008\u000e-\u001f]/.test(text);
  return isText
    ? (text
        .split("\n")
        .find((line) => line.trim() !== "")
        ?.trim() ?? "")
    : "";
}

/** All that a program gets of the environment. */
export function cleanEnvironment(searchPath: string) {
  return { PATH: searchPath, LC_ALL: "C", LANG: "C", TZ: "UTC", HOME: "/nonexistent" };
}

interface Started extends Surroundings {
  readonly stdin: number | null;
  readonly stdout: number | null;
  readonly timeoutMs?: number;
  readonly collect?: number;
}

async function start(run: ProgramRun, how: Started): Promise<ProgramResult> {
  const { execa } = await import("execa"); // 100 ms that a build without programs does not pay
  const file = decodeUtf8(run.program);
  if (file === null) throw cannotRun(run.program, "EILSEQ", "its path is not UTF-8");
  const limit = how.collect ?? COLLECTED_BYTES;
  const bytes = "bytes" in run.input ? run.input.bytes : new Uint8Array(0);
  const given = bytes.length > 0 ? bytes : "ignore";
  const group = how.groups.enter();
  const timer = how.timeoutMs === undefined ? null : setTimeout(() => group.kill(), how.timeoutMs);
  try {
    const child = execa(file, run.args, {
      stdin: how.stdin === null ? given : descriptor(how.stdin),
      stdout: how.stdout === null ? "pipe" : descriptor(how.stdout),
      stderr: "pipe",
      buffer: false,
      encoding: "buffer",
      reject: false,
      // A group of its own, so that whatever the program started is stopped with it.
      detached: true,
      cleanup: false,
      extendEnv: false,
      env: cleanEnvironment(how.searchPath),
      cwd: "/",
    });
    group.started(child.pid);
    const stdout = child.stdout === null ? nothing() : collect(child.stdout, limit, () => group.kill());
    const stderr = child.stderr === null ? nothing() : lastBytes(child.stderr, COMPLAINT_BYTES);
    const [collected, complaint, ended] = await Promise.all([stdout, stderr, child]);
    if (collected === null) {
      throw new BuildFailure([{ code: "host/program-output-too-large", program: run.program, limit }]);
    }
    if (child.pid === undefined) {
      const cause = systemError(ended instanceof Error ? ended.cause : null);
      throw cannotRun(run.program, cause?.errno ?? "EUNKNOWN", cause?.what ?? "it did not start");
    }
    return {
      exitCode: ended.exitCode ?? 128 + signalNumber(ended.signal),
      complaint: textOf(complaint) || (ended.signal === undefined ? "" : `ended by ${ended.signal}`),
      bytes: collected,
    };
  } finally {
    if (timer !== null) clearTimeout(timer);
    group.leave();
  }
}

/** execa hands over any descriptor, but its types know only these. */
function descriptor(fd: number): 3 | 4 | 5 | 6 | 7 | 8 | 9 {
  return fd as 3;
}

/** Null: there was more than the limit. */
async function collect(stream: Readable, limit: number, stop: () => void): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size <= limit) pieces.push(piece);
    else stop();
  }
  return size <= limit ? Buffer.concat(pieces) : null;
}

async function lastBytes(stream: Readable, limit: number): Promise<Uint8Array> {
  let last = Buffer.alloc(0);
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    last = Buffer.concat([last, piece]);
    if (last.length > limit) last = Buffer.from(last.subarray(-limit));
  }
  return last;
}

async function nothing(): Promise<Uint8Array> {
  return new Uint8Array(0);
}

/** What a program said, for people; the first character may be cut in two. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim();
}

function signalNumber(signal: string | undefined): number {
  return signal === undefined ? 0 : (os.signals[signal as NodeJS.Signals] ?? 0);
}

function openInput(path: HostPath): number {
  try {
    return openSync(fsPath(path), constants.O_RDONLY);
  } catch (error) {
    const said = systemError(error);
    throw said === null ? error : new BuildFailure([{ code: "host/cannot-read", path, ...said }]);
  }
}

function createOutputFile(path: HostPath): number {
  try {
    return openSync(fsPath(path), "wx", 0o600);
  } catch (error) {
    const said = systemError(error);
    throw said === null ? error : new BuildFailure([{ code: "host/cannot-write", path, ...said }]);
  }
}

function cannotRun(program: HostPath, errno: string, what: string): BuildFailure {
  return new BuildFailure([{ code: "host/cannot-run", program, errno, what }]);
}
