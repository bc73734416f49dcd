/** A building machine that exists only in a test. It has no programs but those that the test gives it. */
import type { ByteString, HostPath } from "../../src/core/path.ts";
import type { Host, Output, ProgramResult, ProgramRun, Tree } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { type MemoryFile, memoryTree } from "./memory-tree.ts";

export interface MemoryHost extends Host {
  /** What was committed, by path. */
  readonly outputs: Map<string, { readonly mode: number; readonly bytes: Uint8Array }>;
  readonly symlinks: Map<string, string>;
  readonly directories: Set<string>;
  /** The files opened in any tree: "/srv/root/usr/bin/x". */
  readonly reads: string[];
  /** The programs that were run, in order. */
  readonly runs: ProgramRun[];
}

/** A stand-in for a program, by its path. */
export type MemoryPrograms = Readonly<Record<string, (run: ProgramRun) => ProgramResult>>;

/** Keys of `files` are absolute host paths; `tree("/srv/root")` shows those below it. */
export function memoryHost(
  files: Readonly<Record<string, MemoryFile>> = {},
  programs: MemoryPrograms = {},
): MemoryHost {
  const outputs: MemoryHost["outputs"] = new Map();
  const symlinks = new Map<string, string>();
  const directories = new Set<string>();
  const reads: string[] = [];
  const runs: ProgramRun[] = [];
  return {
    outputs,
    symlinks,
    directories,
    reads,
    runs,
    jobs: 2,
    limit: (work) => work(),
    tree: (root) => subtree(root, files, reads),
    findProgram: (name) => {
      const path = name.includes("/") ? name : `/usr/bin/${name}`;
      return path in programs ? (path as HostPath) : null;
    },
    programVersion: async (program) => `${program.slice(program.lastIndexOf("/") + 1)} 1.0 (in memory)`,
    runProgram: async (run) => {
      runs.push(run);
      const program = programs[run.program];
      if (program === undefined) throw new TypeError(`this machine has no ${run.program}`);
      return program(run);
    },
    filterProgram: async ({ program, args, input, sink }) => {
      const run = { program, args, input: { bytes: Buffer.concat([...piecesOf(input)]) }, output: null };
      runs.push(run);
      const stub = programs[program];
      if (stub === undefined) throw new TypeError(`this machine has no ${program}`);
      const { bytes, ...end } = stub(run);
      sink(bytes);
      return end;
    },
    createOutput: (path, mode) =>
      memoryOutput((bytes) => {
        outputs.set(path, { mode, bytes });
      }),
    replaceSymlink: (path: HostPath, to: ByteString) => {
      symlinks.set(path, to);
    },
    makeDirectory: (path) => {
      directories.add(path);
    },
  };
}

function* piecesOf(input: Iterator<Uint8Array>): Generator<Uint8Array> {
  for (let piece = input.next(); !piece.done; piece = input.next()) yield Uint8Array.from(piece.value);
}

function subtree(root: HostPath, files: Readonly<Record<string, MemoryFile>>, reads: string[]): Tree {
  const prefix = root === "/" ? "/" : `${root}/`;
  const below = Object.entries(files).filter(([path]) => path.startsWith(prefix));
  const isThere = root === "/" || root in files || below.length > 0;
  if (!isThere) {
    throw new BuildFailure([{ code: "host/cannot-read", path: root, errno: "ENOENT", what: "in memory" }]);
  }
  const tree = memoryTree(
    root,
    Object.fromEntries(below.map(([path, file]) => [path.slice(prefix.length), file])),
  );
  return {
    ...tree,
    open: (path) => {
      const file = tree.open(path);
      reads.push(prefix + path);
      return file;
    },
  };
}

function memoryOutput(commit: (bytes: Uint8Array) => void): Output {
  let bytes = Buffer.alloc(0);
  return {
    write: (more) => {
      bytes = Buffer.concat([bytes, more]);
    },
    writeBeside: async (more) => {
      bytes = Buffer.concat([bytes, more]);
    },
    writeAt: (more, position) => {
      if (position + more.length > bytes.length) throw new RangeError("writeAt beyond what was written");
      bytes.set(more, position);
    },
    commit: () => commit(bytes),
    discard: () => {},
  };
}
