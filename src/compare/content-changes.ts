/** What changed in a file's content, as data: which libraries it needs now, which lines are new, which version a module has. */

import { archOf } from "../core/arch.ts";
import { type ByteString, showBytes } from "../core/path.ts";
import type { ElfFile } from "../formats/elf.ts";
import { infoOf, type KernelModule } from "../formats/kmod-module.ts";
import { type LineChange, lineChanges } from "./line-changes.ts";
import type { Sketch } from "./sketch.ts";

export type ContentChange =
  | { readonly kind: "value"; readonly what: string; readonly was: string; readonly is: string }
  | {
      readonly kind: "list";
      readonly what: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | {
      readonly kind: "lines";
      readonly added: number;
      readonly removed: number;
      readonly first: readonly LineChange[];
    };

/** Empty: nothing that anybody could put a name to. */
export function contentChanges(before: Sketch, after: Sketch): ContentChange[] {
  if (before.kind === "program" && after.kind === "program") return programChanges(before.elf, after.elf);
  if (before.kind === "module" && after.kind === "module") return moduleChanges(before.info, after.info);
  if (before.kind === "text" && after.kind === "text") return textChanges(before.lines, after.lines);
  return value("it", NAMES[before.kind], NAMES[after.kind]);
}

const NAMES = { program: "a program", module: "a kernel module", text: "text", bytes: "bytes" } as const;

function programChanges(before: ElfFile, after: ElfFile): ContentChange[] {
  return [
    ...value("machine", machineOf(before), machineOf(after)),
    ...value("interpreter", show(before.interpreter), show(after.interpreter)),
    ...value("soname", show(before.soname), show(after.soname)),
    ...list("needs", before.needed.map(showBytes), after.needed.map(showBytes)),
    ...list("dlopen notes", notesOf(before), notesOf(after)),
    ...value("runpath", show(before.runpath), show(after.runpath)),
    ...value("rpath", show(before.rpath), show(after.rpath)),
  ];
}

function notesOf({ dlopen }: ElfFile): string[] {
  return dlopen.map(({ sonames, priority }) => `${sonames.map(showBytes).join(" or ")} (${priority})`);
}

function machineOf({ machine }: ElfFile): string {
  return archOf(machine)?.name ?? `machine ${machine.machine}`;
}

const SINGLE = ["version", "vermagic", "srcversion"] as const;
const SEVERAL = ["depends", "softdep", "firmware", "alias", "parm"] as const;

function moduleChanges(before: KernelModule["info"], after: KernelModule["info"]): ContentChange[] {
  const single = SINGLE.flatMap((key) => value(key, all(before, key), all(after, key)));
  const several = SEVERAL.flatMap((key) => list(key, infoOf(before, key), infoOf(after, key)));
  // A rebuilt module has another sum of its sources; that says nothing where its version tells more.
  return [...single.filter((one) => !isSum(one) || single.length === 1), ...several];
}

function isSum(change: ContentChange): boolean {
  return change.kind === "value" && change.what === "srcversion";
}

function all(info: KernelModule["info"], key: (typeof SINGLE)[number]): string {
  return infoOf(info, key).join(", ");
}

function textChanges(before: readonly string[], after: readonly string[]): ContentChange[] {
  const changes = lineChanges(before, after);
  return changes === null ? [] : [{ kind: "lines", ...changes }];
}

function value(what: string, was: string, is: string): ContentChange[] {
  return was === is ? [] : [{ kind: "value", what, was, is }];
}

function list(what: string, before: readonly string[], after: readonly string[]): ContentChange[] {
  const [was, is] = [new Set(before), new Set(after)];
  const added = [...is].filter((one) => !was.has(one));
  const removed = [...was].filter((one) => !is.has(one));
  return added.length + removed.length === 0 ? [] : [{ kind: "list", what, added, removed }];
}

function show(text: ByteString | null): string {
  return text === null ? "" : showBytes(text);
}
