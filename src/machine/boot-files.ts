/** Files that QEMU needs beside an image, in a directory that goes with the run: an image out of its wrapper, a disk for UEFI. */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostPath, hostPathOf, type TargetPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import { type ByteSource, piecesOf } from "../formats/byte-source.ts";
import { fsPath, systemError } from "../host/system-error.ts";
import { hostPathFrom } from "./files.ts";

const PIECE = 2 ** 20;

export class BootFiles {
  #directory: string | null = null;
  readonly #remove = (): void => {
    if (this.#directory !== null) rmSync(this.#directory, { recursive: true, force: true });
    this.#directory = null;
  };

  constructor() {
    process.once("exit", this.#remove);
  }

  /** So many bytes from a place on, as a file of their own. Throws BuildFailure host/cannot-write. */
  copyPart(source: ByteSource, from: number, size: number): string {
    return this.#writing("initrd", (path) => {
      const file = openSync(path, "wx", 0o600);
      try {
        for (const piece of piecesOf(source, from, from + size, PIECE)) writeWhole(file, piece);
      } finally {
        closeSync(file);
      }
    });
  }

  /** A directory with the file where UEFI looks for what it starts. Throws BuildFailure host/cannot-write. */
  makeUefiDisk(file: HostPath, loader: string): string {
    return this.#writing("disk", (path) => {
      const directory = join(path, "EFI", "BOOT");
      mkdirSync(directory, { recursive: true });
      symlinkSync(fsPath(file), join(directory, loader));
    });
  }

  close(): void {
    process.off("exit", this.#remove);
    this.#remove();
  }

  #writing(name: string, write: (path: string) => void): string {
    const place = hostPathFrom(tmpdir());
    try {
      this.#directory ??= mkdtempSync(join(tmpdir(), "initgraph-boot-"));
      const path = join(this.#directory, name);
      write(path);
      return path;
    } catch (error) {
      const said = systemError(error);
      const path = hostPathOf(place, "initgraph-boot" as TargetPath);
      throw said === null ? error : new BuildFailure([{ code: "host/cannot-write", path, ...said }]);
    }
  }
}

/** A write to a disk that is nearly full may take a part. */
function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
