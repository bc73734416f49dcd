/**
 * A file of the machine, open for reading. Most are opened for their bytes alone, and pay for no more; a class, since
 * a build opens very many, and closures for each would be a good part of its garbage.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { HostPath } from "../core/path.ts";
import type { FileVersion, OpenFile } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { cannotRead, fsPath, systemError } from "./system-error.ts";

/** A fifo must not block and a symlink must not lead elsewhere where the tree changed under us. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** What open(2) says of a symlink, and pread(2) of a fifo and of a directory. */
const NO_FILE = ["ELOOP", "ESPIPE", "EISDIR"];

/** Throws BuildFailure, as its methods do: host/cannot-read and host/file-changed. */
export class DiskFile implements OpenFile {
  readonly #path: HostPath;
  readonly #descriptor: number;
  #size: number | null = null;

  constructor(path: HostPath) {
    this.#path = path;
    try {
      this.#descriptor = openSync(fsPath(path), OPEN_FLAGS);
    } catch (error) {
      throw problemOf(error, path);
    }
  }

  get size(): number {
    this.#size ??= this.#statsNow().size;
    return this.#size;
  }

  /** A single read may give less than asked for, on network file systems and above 2 GiB. */
  read(into: Uint8Array, position: number): number {
    let filled = 0;
    try {
      while (filled < into.length) {
        const count = readSync(this.#descriptor, into, filled, into.length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
    } catch (error) {
      throw problemOf(error, this.#path);
    }
    return filled;
  }

  versionNow(): FileVersion {
    return versionOf(this.#statsNow());
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #statsNow(): Stats {
    const stats = fstatSync(this.#descriptor);
    if (!stats.isFile()) throw new BuildFailure([{ code: "host/file-changed", path: this.#path }]);
    return stats;
  }
}

export function versionOf({ mtimeMs, ctimeMs, ino, dev }: Stats): FileVersion {
  return { mtimeMs, ctimeMs, inode: ino, device: dev };
}

function problemOf(error: unknown, path: HostPath): unknown {
  if (!NO_FILE.includes(systemError(error)?.errno ?? "")) return cannotRead(path, error);
  return new BuildFailure([{ code: "host/file-changed", path }]);
}
