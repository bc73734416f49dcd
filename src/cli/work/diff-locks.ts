/** Compares two locks, input by input. */
import { type InputChange, type LockChanges, lockChanges } from "../../compare/lock-changes.ts";
import type { Digest } from "../../core/digest.ts";
import type { Lock } from "../../core/lock.ts";
import type { Host } from "../../core/ports.ts";
import { hostPathFrom, readHostFile, requireHostFile } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import { readLock } from "../../spec/lock-file.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { showSize } from "../text/size.ts";

/** Throws BuildFailure: host/cannot-read, lock/unreadable. */
export function diffLocks(first: string, second: string, terminal: Terminal): ExitCode {
  const host = imageHost();
  const changes = lockChanges(lockIn(first, host), lockIn(second, host));
  if (terminal.isJson) terminal.printJson({ ok: changes === null, ...(changes ?? { inputs: [] }) });
  else terminal.print(changes === null ? "the same inputs, and the same image\n" : changesText(changes));
  return changes === null ? 0 : 1;
}

function lockIn(file: string, host: Pick<Host, "tree">): Lock {
  const path = hostPathFrom(file);
  requireHostFile(path, host);
  return readLock(Buffer.from(readHostFile(path, host)!).toString("utf8"), file);
}

function changesText({ inputs, isRecipeOther, compressor, image }: LockChanges): string {
  const lines = inputs.map(inputText);
  if (isRecipeOther) lines.push("~ the recipe");
  if (compressor !== null)
    lines.push(`~ the compressor: ${listed(compressor.was)} -> ${listed(compressor.is)}`);
  if (image !== null) lines.push(`~ the image: ${imageText(image.was)} -> ${imageText(image.is)}`);
  const counts = [
    [inputs.filter(({ was }) => was === null).length, "added"],
    [inputs.filter(({ is }) => is === null).length, "removed"],
    [inputs.filter(({ was, is }) => was !== null && is !== null).length, "changed"],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, verb]) => `${count} ${verb}`);
  const sum = told.length === 0 ? "the same inputs" : `inputs: ${told.join(", ")}`;
  return [...lines.map(safeText), "", sum, ""].join("\n");
}

/** "+ sysroot /usr/bin/x  sha256-0123456789ab…" */
function inputText({ place, name, was, is }: InputChange): string {
  if (was === null) return `+ ${place} ${name}  ${shortened(is!)}`;
  if (is === null) return `- ${place} ${name}`;
  return `~ ${place} ${name}  ${shortened(was)} -> ${shortened(is)}`;
}

const SHOWN_DIGITS = 12;

function shortened(digest: Digest): string {
  return `${digest.slice(0, "sha256-".length + SHOWN_DIGITS)}…`;
}

function imageText({ file, size, digest }: Lock["image"]): string {
  return `${file}, ${showSize(size)}, ${shortened(digest)}`;
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.join(" ");
}
