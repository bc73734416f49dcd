/**
 * Files that are whole or not there. An output is written beside its target under a name of its own, synced
 * and renamed, so a build that is killed at any moment leaves the earlier file as it was; what it left behind
 * goes when the same target is written again.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  write,
  writeSync,
} from "node:fs";
import type { ByteString, HostPath } from "../core/path.ts";
import type { Output, ProcessNames } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { fsPath, systemError, writing } from "./system-error.ts";
import { parentOf, removeLeftovers, temporaryBeside } from "./temporary.ts";

/** Throws BuildFailure (host/cannot-write, host/is-a-directory), as the output's methods do; nothing is left then. */
export function createOutput(path: HostPath, mode: number, processes: ProcessNames): Output {
  prepareTarget(path, processes);
  const temporary = temporaryBeside(path, processes);
  const descriptor = writing(path, () => openSync(fsPath(temporary), "wx", 0o600));
  let isOpen = true;
  let end = 0;
  /** Those beside that have not ended: the descriptor's number must not pass to another file before. */
  let unfinished = 0;

  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    if (unfinished === 0) closeSync(descriptor);
  };
  const discard = (): void => {
    if (!isOpen) return;
    close();
    rmSync(fsPath(temporary), { force: true });
  };
  const orDiscard = (step: () => void): void => {
    try {
      writing(path, step);
    } catch (error) {
      discard();
      throw error;
    }
  };
  return {
    discard,
    write: (bytes) =>
      orDiscard(() => {
        writeFully(descriptor, bytes, end);
        end += bytes.length;
      }),
    writeBeside: async (bytes) => {
      if (!isOpen) throw new TypeError("written after its end");
      const position = end;
      end += bytes.length;
      unfinished += 1;
      try {
        await writeFullyBeside(descriptor, bytes, position);
      } catch (error) {
        orDiscard(() => {
          throw error;
        });
      } finally {
        unfinished -= 1;
        if (!isOpen && unfinished === 0) closeSync(descriptor);
      }
    },
    writeAt: (bytes, position) => {
      if (position + bytes.length > end) throw new RangeError("writeAt beyond what was written");
      orDiscard(() => writeFully(descriptor, bytes, position));
    },
    commit: () => {
      orDiscard(() => {
        fchmodSync(descriptor, mode); // the mode of open(2) is cut by the umask, this one is not
        fsyncSync(descriptor);
        renameSync(fsPath(temporary), fsPath(path));
      });
      close();
      syncDirectory(parentOf(path));
    },
  };
}

/** Throws BuildFailure (host/cannot-write, host/is-a-directory). */
export function replaceSymlink(path: HostPath, to: ByteString, processes: ProcessNames): void {
  prepareTarget(path, processes);
  const temporary = temporaryBeside(path, processes);
  writing(path, () => {
    symlinkSync(fsPath(to), fsPath(temporary));
    try {
      renameSync(fsPath(temporary), fsPath(path));
    } catch (error) {
      rmSync(fsPath(temporary), { force: true });
      throw error;
    }
  });
  syncDirectory(parentOf(path));
}

/** With its parents; one that is there is left as it is. Throws BuildFailure (host/cannot-write). */
export function makeDirectory(path: HostPath): void {
  const stats = writing(path, () => statSync(fsPath(path), { throwIfNoEntry: false }));
  if (stats !== undefined && !stats.isDirectory()) {
    throw new BuildFailure([{ code: "host/not-a-directory", path, found: "file" }]);
  }
  writing(path, () => mkdirSync(fsPath(path), { recursive: true }));
}

function prepareTarget(path: HostPath, processes: ProcessNames): void {
  makeDirectory(parentOf(path));
  const stats = writing(path, () => lstatSync(fsPath(path), { throwIfNoEntry: false }));
  if (stats?.isDirectory()) throw new BuildFailure([{ code: "host/is-a-directory", path }]);
  const parent = parentOf(path);
  writing(parent, () => removeLeftovers(path, processes));
}

function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}

async function writeFullyBeside(descriptor: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const rest = [descriptor, bytes, done, bytes.length - done, position + done] as const;
    done += await new Promise<number>((resolve, reject) => {
      write(...rest, (error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }
}

/** The rename itself lasts through a power failure only when the directory is synced. */
function syncDirectory(directory: HostPath): void {
  writing(directory, () => {
    const descriptor = openSync(fsPath(directory), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(descriptor);
    } catch (error) {
      // Some network file systems cannot sync a directory; the file is in place all the same.
      if (systemError(error)?.errno !== "EINVAL") throw error;
    } finally {
      closeSync(descriptor);
    }
  });
}
