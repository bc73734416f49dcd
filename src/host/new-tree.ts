/**
 * A directory that is filled out of sight and put in its place when it is whole. Nothing can lead out of it while it is
 * filled: it is our own from the first moment (0700, below a name that nobody knows), every name is made new or not at all
 * (mkdir, O_EXCL), parents come first, and symlinks last, so that no path ever passes through one.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { type ByteString, type HostPath, hostPathOf, ROOT, type TargetPath } from "../core/path.ts";
import type { ProcessNames } from "../core/ports.ts";
import { type FillPlace, findFillPlace } from "./fill-place.ts";
import { fsPath, writing } from "./system-error.ts";

export interface NewTreeOrder {
  readonly path: HostPath;
  /** What may be there already: nothing, or an empty directory; or a directory with other names in it. */
  readonly over: "nothing" | "others";
  /** Whether owners are set: root alone can. */
  readonly keepsOwners: boolean;
}

export interface Looks {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970; null: it has that of now. */
  readonly mtime: number | null;
}

const OPEN_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Paths are canonical: all above one must have been made as directories. Throws BuildFailure (host/cannot-write,
 * host/not-empty, host/names-taken); after that only `discard` may be called.
 */
export class NewTree {
  readonly #place: FillPlace;
  readonly #keepsOwners: boolean;
  #hasSymlinks = false;

  constructor({ path, over, keepsOwners }: NewTreeOrder, processes: ProcessNames) {
    this.#keepsOwners = keepsOwners;
    this.#place = findFillPlace(path, over, processes);
  }

  /** Where it is filled. */
  get fill(): HostPath {
    return this.#place.fill;
  }

  makeDirectory(path: TargetPath): void {
    this.#make(path, (at) => mkdirSync(fsPath(at), 0o700));
  }

  makeFile(path: TargetPath): NewFile {
    return this.#make(path, (at) => new NewFile(at, this.#keepsOwners));
  }

  /** Another name of a file that was made. */
  makeLink(path: TargetPath, to: TargetPath): void {
    this.#make(path, (at) => linkSync(fsPath(hostPathOf(this.#place.fill, to)), fsPath(at)));
  }

  makeSymlink(path: TargetPath, to: ByteString, { uid, gid, mtime }: Looks): void {
    const at = hostPathOf(this.#place.fill, path);
    this.#hasSymlinks = true;
    writing(at, () => {
      symlinkSync(fsPath(to), fsPath(at));
      if (this.#keepsOwners) lchownSync(fsPath(at), uid, gid);
      if (mtime !== null) lutimesSync(fsPath(at), mtime, mtime);
    });
  }

  /** A file that was made. */
  remove(path: TargetPath): void {
    const at = hostPathOf(this.#place.fill, path);
    writing(at, () => unlinkSync(fsPath(at)));
  }

  /** Whether the directory is gone. */
  removeIfEmpty(path: TargetPath): boolean {
    const at = hostPathOf(this.#place.fill, path);
    return writing(at, () => {
      if (readdirSync(fsPath(at)).length > 0) return false;
      rmdirSync(fsPath(at));
      return true;
    });
  }

  /** When all that lies in it is made, and what lies below is dressed. The root of a directory that was there stays as it is. */
  dressDirectory(path: TargetPath, { mode, uid, gid, mtime }: Looks): void {
    if (path === ROOT && this.#place.kind === "inside") return;
    const at = hostPathOf(this.#place.fill, path);
    writing(at, () => {
      if (this.#keepsOwners) lchownSync(fsPath(at), uid, gid);
      if (mtime !== null) utimesSync(fsPath(at), mtime, mtime);
      chmodSync(fsPath(at), mode);
    });
  }

  commit(): void {
    this.#place.commit();
  }

  /** Harmless after a commit. */
  discard(): void {
    this.#place.discard();
  }

  #make<T>(path: TargetPath, make: (at: HostPath) => T): T {
    if (this.#hasSymlinks) throw new TypeError("made after a symlink was");
    const at = hostPathOf(this.#place.fill, path);
    return writing(at, () => make(at));
  }
}

/** A file of a new tree while its bytes come. */
export class NewFile {
  readonly #at: HostPath;
  readonly #keepsOwners: boolean;
  readonly #descriptor: number;

  constructor(at: HostPath, keepsOwners: boolean) {
    this.#at = at;
    this.#keepsOwners = keepsOwners;
    this.#descriptor = openSync(fsPath(at), OPEN_FLAGS, 0o600);
  }

  write(bytes: Uint8Array): void {
    writing(this.#at, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    });
  }

  /** The owner first: to change it takes setuid bits away. */
  close({ mode, uid, gid, mtime }: Looks): void {
    writing(this.#at, () => {
      if (this.#keepsOwners) fchownSync(this.#descriptor, uid, gid);
      fchmodSync(this.#descriptor, mode);
      if (mtime !== null) futimesSync(this.#descriptor, mtime, mtime);
      closeSync(this.#descriptor);
    });
  }
}
