/** Where a new directory is filled out of sight, and how it then gets its name. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from "node:fs";
import { type ByteString, type HostPath, nameOf } from "../core/path.ts";
import type { ProcessNames } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { makeDirectory } from "./output.ts";
import { removeTree } from "./remove-tree.ts";
import { fsPath, writing } from "./system-error.ts";
import { joined, parentOf, removeLeftovers, temporaryBeside } from "./temporary.ts";

export interface FillPlace {
  /** Beside the name that it gets; or inside a directory that is there, whose names come when all is made. */
  readonly kind: "beside" | "inside";
  /** New and empty. */
  readonly fill: HostPath;
  commit(): void;
  /** Harmless after a commit. */
  discard(): void;
}

/** Throws BuildFailure (host/cannot-write, host/not-a-directory, host/not-empty), `commit` host/names-taken besides. */
export function findFillPlace(
  path: HostPath,
  over: "nothing" | "others",
  processes: ProcessNames,
): FillPlace {
  const there = writing(path, () => statSync(fsPath(path), { throwIfNoEntry: false }));
  const isLink = there === undefined && lstatSync(fsPath(path), { throwIfNoEntry: false }) !== undefined;
  if (isLink || (there !== undefined && !there.isDirectory())) {
    const found = isLink ? "symlink that leads nowhere" : "file";
    throw new BuildFailure([{ code: "host/not-a-directory", path, found }]);
  }
  if (there === undefined) makeDirectory(parentOf(path));
  const target = there === undefined ? path : joined(path, nameOf(path));
  writing(parentOf(target), () => removeLeftovers(target, processes));
  if (there !== undefined && over === "nothing") refuseFull(path);
  const fill = temporaryBeside(target, processes);
  writing(path, () => mkdirSync(fsPath(fill), 0o700));
  let isOver = false;
  return {
    kind: there === undefined ? "beside" : "inside",
    fill,
    commit: () => {
      if (there === undefined) writing(path, () => renameSync(fsPath(fill), fsPath(path)));
      else moveNames(fill, path);
      isOver = true;
    },
    discard: () => {
      if (!isOver) removeTree(fill);
      isOver = true;
    },
  };
}

function refuseFull(path: HostPath): void {
  const [name] = namesIn(path);
  if (name !== undefined) throw new BuildFailure([{ code: "host/not-empty", path, found: name }]);
}

/** All or none. Throws host/names-taken where one is there. */
function moveNames(fill: HostPath, into: HostPath): void {
  const names = namesIn(fill);
  const taken = names.filter(
    (name) => lstatSync(fsPath(joined(into, name)), { throwIfNoEntry: false }) !== undefined,
  );
  if (taken.length > 0) throw new BuildFailure([{ code: "host/names-taken", path: into, names: taken }]);
  const moved: ByteString[] = [];
  try {
    for (const name of names) {
      writing(joined(into, name), () => move(joined(fill, name), joined(into, name)));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) move(joined(into, name), joined(fill, name));
    throw error;
  }
  rmdirSync(fsPath(fill));
}

/** To move a directory to another one takes the right to write to it. */
function move(from: HostPath, to: HostPath): void {
  const stats = lstatSync(fsPath(from));
  const isShut = stats.isDirectory() && (stats.mode & 0o200) === 0;
  if (isShut) chmodSync(fsPath(from), stats.mode | 0o200);
  renameSync(fsPath(from), fsPath(to));
  if (isShut) chmodSync(fsPath(to), stats.mode);
}

function namesIn(path: HostPath): ByteString[] {
  return writing(path, () => readdirSync(fsPath(path), "latin1").sort() as ByteString[]);
}
