/** A tree copied as another machine may have it: names made in the other order, other times, equal files hard-linked. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Directories, files and symlinks. @returns how many files became links of another. */
export function copyAltered(from: string, to: string, mtime: number): number {
  const first = new Map<string, string>();
  let links = 0;
  const copy = (source: string, target: string): void => {
    const stats = lstatSync(source);
    if (stats.isSymbolicLink()) symlinkSync(readlinkSync(source, "buffer"), target);
    else if (stats.isDirectory()) {
      mkdirSync(target);
      for (const name of readdirSync(source).sort().reverse()) copy(join(source, name), join(target, name));
      utimesSync(target, mtime, mtime);
      chmodSync(target, stats.mode & 0o7777);
    } else if (stats.isFile()) {
      const bytes = readFileSync(source);
      const key = `${stats.mode} ${createHash("sha256").update(bytes).digest("hex")}`;
      const known = first.get(key);
      if (known !== undefined) {
        linkSync(known, target);
        links += 1;
        return;
      }
      first.set(key, target);
      writeFileSync(target, bytes);
      utimesSync(target, mtime, mtime);
      chmodSync(target, stats.mode & 0o7777);
    }
  };
  copy(from, to);
  return links;
}
