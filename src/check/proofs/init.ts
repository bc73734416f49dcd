/**
 * What the kernel starts first. Sources: linux init/main.c, kernel_init_freeable() (whether it is there at all) and
 * kernel_init() (starting it, and what is tried after a failure); tried on booted kernels.
 */
import type { TargetPath } from "../../core/path.ts";
import { ET_DYN, ET_EXEC } from "../../formats/elf.ts";
import { readStart } from "../../graph/loader/configured-directories.ts";
import type { ProgramFinding } from "../findings/programs.ts";
import { troubleOfScript } from "./interpreter.ts";
import { isExecutable, type Subject } from "./subject.ts";

/** What images of microcode and ACPI tables hold, which stand before an initrd and are none. */
const EARLY = /^kernel(?:\/|$)/;

/** What else is wrong with a program is told with all others. */
export function proveInit(subject: Subject): ProgramFinding[] {
  const { paths, rdinit, kindOf, tree } = subject;
  const { path, facts, links } = paths.resolve(rdinit);
  if (facts === null) {
    return isEarly(subject)
      ? []
      : [{ code: "check/no-init", path: rdinit, leadsTo: links.length > 0 ? path : null }];
  }
  if (facts.kind !== "file" || !isExecutable(facts))
    return [{ code: "check/init-not-executable", path, found: facts.kind, mode: facts.mode }];
  if (!tree.isLoaded(path)) return [];
  const kind = kindOf(path);
  switch (kind.kind) {
    case "elf":
      if (kind.elf.type === ET_EXEC || kind.elf.type === ET_DYN) return [];
      return [
        { code: "check/init-no-program", path, why: "an ELF file that is neither a program nor a library" },
      ];
    case "broken-elf":
      return [{ code: "check/init-no-program", path, why: kind.why }];
    case "script": {
      const trouble = troubleOfScript(path, kind.shebang, subject);
      return trouble === null ? [] : [{ code: "check/init-interpreter", path, ...trouble }];
    }
    case "plain":
      return [{ code: "check/init-no-program", path, why: describePlain(path, subject) }];
  }
}

function isEarly({ files, symlinks }: Subject): boolean {
  return files.length > 0 && symlinks.length === 0 && files.every(({ path }) => EARLY.test(path));
}

const HEAD = 16;

function describePlain(path: TargetPath, { paths }: Subject): string {
  const head = Buffer.from(readStart(path, paths, HEAD)).toString("latin1");
  if (head === "") return "it is empty";
  if (head.startsWith("#!")) return "its #! line names nothing within the 256 bytes that the kernel looks at";
  if (head.startsWith("\xef\xbb\xbf#!")) return "a byte order mark stands before its #!";
  if (/^\s+#!/.test(head)) return "something stands before its #!";
  return "neither an ELF program nor a script that begins with #!";
}
