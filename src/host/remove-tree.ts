/** Removes a directory of ours with all that is in it, whatever modes it has by now. No symlink is followed. */
import { chmodSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import type { HostPath } from "../core/path.ts";
import { fsPath } from "./system-error.ts";

/** Throws Node's own errors. Nothing there is fine. */
export function removeTree(root: HostPath): void {
  if (lstatSync(fsPath(root), { throwIfNoEntry: false }) === undefined) return;
  // Not by recursion: it may be as deep as a path is long.
  const todo: { readonly path: HostPath; isEmpty: boolean }[] = [{ path: root, isEmpty: false }];
  for (let next = todo.at(-1); next !== undefined; next = todo.at(-1)) {
    if (next.isEmpty) {
      rmdirSync(fsPath(next.path));
      todo.pop();
      continue;
    }
    next.isEmpty = true;
    chmodSync(fsPath(next.path), 0o700);
    for (const entry of readdirSync(fsPath(next.path), { encoding: "buffer", withFileTypes: true })) {
      const path = `${next.path}/${(entry.name as unknown as Buffer).toString("latin1")}` as HostPath;
      if (entry.isDirectory()) todo.push({ path, isEmpty: false });
      else unlinkSync(fsPath(path));
    }
  }
}
