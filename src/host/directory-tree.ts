/** A directory of the machine as a tree of files. */
import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from "node:fs";
import { type ByteString, type HostPath, hostPathOf, ROOT } from "../core/path.ts";
import type { FileFacts, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { DiskFile, versionOf } from "./disk-file.ts";
import { cannotRead, fsPath, systemError } from "./system-error.ts";

/** Not there, below something that is no directory, or a name that no file can have. */
const NOTHING_THERE = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

/**
 * The tree below `root`, which may itself be a symlink to a directory.
 * Throws BuildFailure: host/not-a-directory here; host/cannot-read and host/file-changed from the methods.
 */
export function directoryTree(root: HostPath): Tree {
  const facts = factsOf(root, () => statSync(fsPath(root)));
  if (facts?.kind !== "directory") {
    const found = facts?.kind ?? null;
    throw new BuildFailure([{ code: "host/not-a-directory", path: root, found }]);
  }
  return {
    label: root,
    identity: `directory ${root}`,
    stat: (path) => {
      const at = hostPathOf(root, path);
      if (path === ROOT) return factsOf(at, () => statSync(fsPath(at)));
      return factsOf(at, () => lstatSync(fsPath(at), { throwIfNoEntry: false }));
    },
    readLink: (path) => {
      const at = hostPathOf(root, path);
      return reading(at, () => readlinkSync(fsPath(at), "latin1") as ByteString);
    },
    list: (path) => {
      const at = hostPathOf(root, path);
      // One character is one byte, so the plain order is the order of bytes.
      return reading(at, () => readdirSync(fsPath(at), "latin1").sort() as ByteString[]);
    },
    open: (path) => new DiskFile(hostPathOf(root, path)),
  };
}

function factsOf(path: HostPath, stat: () => Stats | undefined): FileFacts | null {
  try {
    const stats = stat();
    return stats === undefined ? null : toFacts(stats);
  } catch (error) {
    if (NOTHING_THERE.includes(systemError(error)?.errno ?? "")) return null;
    throw cannotRead(path, error);
  }
}

function toFacts(stats: Stats): FileFacts {
  const kind = kindOf(stats);
  const isDevice = kind === "char" || kind === "block";
  return {
    kind,
    mode: stats.mode & 0o7777,
    size: kind === "file" ? stats.size : 0,
    major: isDevice ? majorOf(stats.rdev) : 0,
    minor: isDevice ? minorOf(stats.rdev) : 0,
    // Who unpacked a tree decides over the owners on the disk, so they say nothing.
    uid: 0,
    gid: 0,
    fileSystem: stats.dev,
    uncarried: null,
    version: versionOf(stats),
  };
}

function kindOf(stats: Stats): FileFacts["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isCharacterDevice()) return "char";
  if (stats.isBlockDevice()) return "block";
  return stats.isFIFO() ? "fifo" : "socket";
}

/** As glibc's gnu_dev_major does it: 12 bits above the low 8 of the minor, the rest above bit 44. */
function majorOf(rdev: number): number {
  const device = BigInt(rdev);
  return Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n));
}

function minorOf(rdev: number): number {
  const device = BigInt(rdev);
  return Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n));
}

function reading<T>(path: HostPath, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw cannotRead(path, error);
  }
}
