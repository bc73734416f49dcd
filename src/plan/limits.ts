/** What a newc archive and the kernel's unpacker cannot carry. Measured limits: the kernel drops the rest silently. */
import type { Entry } from "../core/entry.ts";
import type { Problem } from "../core/problem.ts";
import { LARGEST_FILE } from "../formats/cpio.ts";

/** A name field of the kernel's PATH_MAX, its NUL included. */
const LONGEST_PATH = 4095;
/** NAME_MAX of every file system an initramfs is unpacked to. */
const LONGEST_PART = 255;
const LONGEST_TARGET = 4095;

/** What lies below a name that is too long shares its fault: only the topmost is told. Entries come in order. */
export function limitProblems(entries: readonly Entry[]): Problem[] {
  const problems: Problem[] = [];
  let last: string | null = null;
  for (const entry of entries) {
    if (last !== null && entry.path.startsWith(`${last}/`)) continue;
    const found = problemsOf(entry);
    if (found.length > 0) last = entry.path;
    problems.push(...found);
  }
  return problems;
}

function problemsOf(entry: Entry): Problem[] {
  const { path } = entry;
  const problems: Problem[] = [];
  const parts = path.length > LONGEST_PART ? path.split("/") : [path];
  const longestPart = Math.max(...parts.map((part) => part.length));
  if (path.length > LONGEST_PATH) {
    problems.push({ code: "plan/name-too-long", path, length: path.length, limit: LONGEST_PATH });
  } else if (longestPart > LONGEST_PART) {
    problems.push({ code: "plan/name-too-long", path, length: longestPart, limit: LONGEST_PART });
  }
  if (path === "TRAILER!!!") problems.push({ code: "plan/reserved-name", path });
  if (entry.kind === "file" && entry.size > LARGEST_FILE) {
    problems.push({ code: "plan/file-too-large", path, size: entry.size });
  }
  if (entry.kind === "symlink" && (entry.to.length > LONGEST_TARGET || entry.to.length === 0)) {
    problems.push({ code: "plan/symlink-too-long", path, length: entry.to.length, limit: LONGEST_TARGET });
  }
  return problems;
}
