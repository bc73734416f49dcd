/**
 * Files of this machine as another might have them: below another directory, the names in each made in the opposite order,
 * with other times and another owner, equal files hard-linked with one another and what was linked parted. Modes, names
 * and bytes stay.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import type { HostPath } from "../core/path.ts";
import { fsPath } from "./system-error.ts";

/** `whole`: with its bytes; `looks`: it was only looked at; `name`: not even that, its directory was listed. */
export type InputNeed = "whole" | "looks" | "name";

export interface CopyOrder {
  /** Without a symlink in the middle of any. */
  readonly inputs: ReadonlyMap<HostPath, InputNeed>;
  /** Not to be copied: a symlink leads to them from their place in the copy. */
  readonly left: ReadonlySet<HostPath>;
  /** There, and empty. What lies at `/a` goes to `<into>/a`. */
  readonly into: HostPath;
  /** Null: whoever copies. Root alone may name another. */
  readonly owner: number | null;
  /** Makes a device node or a fifo. False: it cannot be made. */
  readonly makeNode: (path: HostPath, args: readonly string[]) => Promise<boolean>;
}

export interface InputCopy {
  readonly files: number;
  /** Bytes of these. */
  readonly bytes: number;
  /** Became hard links of an equal one. */
  readonly linked: number;
  /** Had several names, and have one now. */
  readonly parted: number;
  /** What could not be copied; empty: the copy serves as well as what it is of. */
  readonly lacking: readonly HostPath[];
}

/** Larger ones are not looked at for equal ones, and share their blocks where the file system can. Bytes. */
const LARGE = 64 * 2 ** 20;
const PIECE = 2 ** 20;
const PAUSE_AFTER_FILES = 64;
/** Seconds since 1970; each entry has another, and none its own. */
const FIRST_TIME = 1_100_000_000;

/** The bytes that `copyInputs` would write. */
export function bytesToCopy(inputs: CopyOrder["inputs"]): number {
  let sum = 0;
  for (const [path, need] of inputs) {
    if (need !== "whole") continue;
    const stats = lstatSync(fsPath(path), { throwIfNoEntry: false });
    if (stats?.isFile()) sum += stats.size;
  }
  return sum;
}

/** Bytes that may be written below a directory. */
export function roomIn(directory: HostPath): number {
  const { bavail, bsize } = statfsSync(fsPath(directory));
  return bavail * bsize;
}

/** Throws Node's own errors where the disk is full, say. */
export async function copyInputs(order: CopyOrder): Promise<InputCopy> {
  const copier = new Copier(order);
  await copier.copyRoot(treeOf(order.inputs.keys()));
  return copier;
}

/** Names in a directory with what lies below them; one without anything below it is empty. */
interface Below extends Map<string, Below> {}

function treeOf(paths: Iterable<HostPath>): Below {
  const root: Below = new Map();
  for (const path of paths) {
    let at = root;
    for (const part of path.split("/").filter((one) => one !== "")) {
      const next = at.get(part) ?? new Map();
      at.set(part, next);
      at = next;
    }
  }
  return root;
}

class Copier implements InputCopy {
  files = 0;
  bytes = 0;
  linked = 0;
  parted = 0;
  readonly lacking: HostPath[] = [];
  readonly #order: CopyOrder;
  /** The first of equal ones, by mode and content. */
  readonly #firsts = new Map<string, HostPath>();
  #made = 0;

  constructor(order: CopyOrder) {
    this.#order = order;
  }

  async copyRoot(below: Below): Promise<void> {
    await this.#copyBelow("" as HostPath, below);
    this.#dress(this.#order.into, lstatSync("/"));
  }

  async #copyBelow(directory: HostPath, below: Below): Promise<void> {
    for (const name of [...below.keys()].sort().reverse()) {
      await this.#copy(`${directory}/${name}` as HostPath, below.get(name)!);
    }
  }

  /** What is made is made in directories that we made, and never through a symlink. */
  async #copy(path: HostPath, below: Below): Promise<void> {
    const stats = lstatSync(fsPath(path), { throwIfNoEntry: false });
    if (stats === undefined) return; // gone since: the build will say so
    const to = `${this.#order.into}${path}` as HostPath;
    if (this.#order.left.has(path)) {
      symlinkSync(fsPath(path), fsPath(to));
      return;
    }
    const need = this.#order.inputs.get(path) ?? "name";
    if (stats.isDirectory()) {
      mkdirSync(fsPath(to), 0o700);
      await this.#copyBelow(path, below);
    } else {
      for (const name of below.keys()) this.lacking.push(`${path}/${name}` as HostPath);
      if (stats.isSymbolicLink()) symlinkSync(readlinkSync(fsPath(path), "buffer"), fsPath(to));
      else if (stats.isFile()) {
        if (this.#copyFile({ path, to, stats }, need)) return;
      } else if (need === "name") makeHollow(to, 0);
      else if (!(await this.#order.makeNode(to, nodeArgs(stats)))) {
        this.lacking.push(path);
        return;
      }
    }
    this.#dress(to, stats);
    if (++this.#made % PAUSE_AFTER_FILES === 0) await pause();
  }

  /** True: it is a link of another, and dressed as that is. */
  #copyFile({ path, to, stats }: FileToCopy, need: InputNeed): boolean {
    if (need !== "whole") {
      makeHollow(to, stats.size);
      return false;
    }
    this.files += 1;
    this.bytes += stats.size;
    if (stats.nlink > 1) this.parted += 1;
    if (stats.size > LARGE) {
      copyFileSync(fsPath(path), fsPath(to), constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      return false;
    }
    const bytes = readWhole(path, stats.size);
    const key = `${stats.mode} ${createHash("sha256").update(bytes).digest("hex")}`;
    const first = this.#firsts.get(key);
    if (first !== undefined) {
      linkSync(fsPath(first), fsPath(to));
      this.linked += 1;
      return true;
    }
    this.#firsts.set(key, to);
    writeWhole(to, bytes);
    return false;
  }

  #dress(to: HostPath, stats: Stats): void {
    const { owner } = this.#order;
    if (owner !== null) lchownSync(fsPath(to), owner, owner);
    // After the owner, whose change takes setuid bits away; a symlink has no mode.
    if (!stats.isSymbolicLink()) chmodSync(fsPath(to), stats.mode & 0o7777);
    const time = FIRST_TIME + this.#made;
    lutimesSync(fsPath(to), time, time);
  }
}

interface FileToCopy {
  readonly path: HostPath;
  readonly to: HostPath;
  readonly stats: Stats;
}

/** As mknod(1) takes them. */
function nodeArgs(stats: Stats): string[] {
  if (stats.isFIFO()) return ["p"];
  if (!stats.isCharacterDevice() && !stats.isBlockDevice()) return [];
  const device = BigInt(stats.rdev);
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return [stats.isBlockDevice() ? "b" : "c", String(major), String(minor)];
}

/** So long, without a block on the disk: nobody reads it. */
function makeHollow(path: HostPath, size: number): void {
  const descriptor = openSync(fsPath(path), "wx", 0o600);
  try {
    ftruncateSync(descriptor, size);
  } finally {
    closeSync(descriptor);
  }
}

function readWhole(path: HostPath, size: number): Uint8Array {
  const descriptor = openSync(fsPath(path), "r");
  try {
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const count = readSync(descriptor, bytes, at, Math.min(PIECE, size - at), at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(path: HostPath, bytes: Uint8Array): void {
  const descriptor = openSync(fsPath(path), "wx", 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } finally {
    closeSync(descriptor);
  }
}

/** Copying is synchronous: without a pause no signal would be heard. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
