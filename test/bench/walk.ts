/** All that is in a directory, without following symlinks (as Node's recursive readdir would). */
import type { Dirent } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";

export function walk(directory: string): Dirent[] {
  const found: Dirent[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    found.push(entry);
    if (entry.isDirectory()) for (const below of walk(join(directory, entry.name))) found.push(below);
  }
  return found;
}

/** Paths of its files in the order of their names, so that every run finds the same ones first. */
export function filesOf(directory: string): string[] {
  return walk(directory)
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
