/** The files of a memory tree, on a disk. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { bytesOf, type HostPath } from "../../src/core/path.ts";
import { type MemoryFile, rawBytes } from "./memory-tree.ts";

/** Keys as for `memoryTree`: "/usr/bin/x". Modes are set whatever the umask is; devices need root. */
export function writeFiles(directory: string, files: Readonly<Record<string, MemoryFile>>): void {
  for (const [key, file] of Object.entries(files)) {
    const path = rawPath(`${directory}/${key.replace(/^\/+|\/+$/g, "")}`);
    mkdirSync(path.subarray(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof file === "string" || file instanceof Uint8Array) {
      writeFileSync(path, rawBytes(file));
      chmodSync(path, 0o644);
    } else if ("symlink" in file) {
      symlinkSync(rawPath(file.symlink), path);
    } else if ("directory" in file) {
      mkdirSync(path, { recursive: true });
      chmodSync(path, file.directory);
    } else if ("bytes" in file) {
      writeFileSync(path, rawBytes(file.bytes));
      chmodSync(path, file.mode);
    } else if ("fifo" in file) {
      execFileSync("mknod", [path.toString(), "p"]);
      chmodSync(path, file.fifo);
    } else if ("socket" in file) {
      throw new TypeError("nothing makes a socket here");
    } else {
      const [kind, numbers] = "char" in file ? ["c", file.char] : ["b", file.block];
      execFileSync("mknod", [path.toString(), kind, String(numbers[0]), String(numbers[1])]);
      chmodSync(path, file.mode);
    }
  }
}

/** A directory that the test made, as the house writes paths. */
export function hostPath(path: string): HostPath {
  return bytesOf(path) as HostPath;
}

function rawPath(path: string): Buffer {
  return Buffer.from(path, "latin1");
}
