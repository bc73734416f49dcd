/** Names beside a target for what is not whole yet, and what dead processes left under such names. */
import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { type HostPath, nameOf } from "../core/path.ts";
import type { ProcessNames } from "../core/ports.ts";
import { removeTree } from "./remove-tree.ts";
import { fsPath } from "./system-error.ts";

const NAME_MAX = 255;

/** `.<name>.<process>.<random>.tmp`; a long name is cut so that the whole fits into a file name. */
export function temporaryBeside(path: HostPath, processes: ProcessNames): HostPath {
  const random = randomBytes(4).toString("hex");
  return joined(parentOf(path), `${temporaryStem(path)}${processes.self}.${random}.tmp`);
}

/**
 * Of builds that are dead. One that cannot be judged from here, of another container, stays, and so does a directory of another
 * user: its owner could lead us elsewhere while it is removed. Throws Node's own errors.
 */
export function removeLeftovers(path: HostPath, processes: ProcessNames): void {
  const directory = parentOf(path);
  const stem = temporaryStem(path);
  for (const name of readdirSync(fsPath(directory), "latin1")) {
    if (!name.startsWith(stem)) continue;
    const [, owner] = /^([^.]+)\.[0-9a-f]{8}\.tmp$/.exec(name.slice(stem.length)) ?? [];
    if (owner === undefined || processes.isAlive(owner) !== false) continue;
    const left = joined(directory, name);
    const stats = lstatSync(fsPath(left), { throwIfNoEntry: false });
    if (!stats?.isDirectory()) rmSync(fsPath(left), { force: true });
    else if (stats.uid === process.getuid?.()) removeTree(left);
  }
}

export function parentOf(path: HostPath): HostPath {
  return (path.slice(0, path.lastIndexOf("/")) || "/") as HostPath;
}

export function joined(directory: HostPath, name: string): HostPath {
  return (directory === "/" ? `/${name}` : `${directory}/${name}`) as HostPath;
}

function temporaryStem(path: HostPath): string {
  return `.${nameOf(path).slice(0, NAME_MAX - 80)}.`;
}
