/** Warning → words, each with the line of the recipe that settles it. */
import type { Warning } from "../../core/warning.ts";
import type { Said } from "./layout.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayWarnings(warnings: readonly Warning[]): Said[] {
  return warnings.map((warning) => ({ code: warning.code, words: sayWarning(warning) }));
}

export function sayWarning(warning: Warning): Sentence {
  switch (warning.code) {
    case "plan/no-init":
      return sentence(`the image has no ${warning.path}, so the kernel would not use it`, {
        details: warning.leadsTo === null ? [] : [["leads to", `${warning.leadsTo}, which is not there`]],
        help:
          `add "- object: ./init" with "target: ${warning.path}" to contents, or, where rdinit= names another or ` +
          `this is a part of an image, "silence: [${warning.code}]" to the recipe`,
      });
    case "plan/init-not-executable":
      return sentence(`${warning.path} is what the kernel starts, and cannot be executed`, {
        help: `make it a file of mode 0755, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "kernel/built-in":
      return sentence(`${warning.module} is built into the kernel`, {
        at: warning.at,
        help: `remove it from kernel.modules, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "kernel/implied":
      return sentence(`${warning.module} comes anyway`, {
        at: warning.at,
        details: [["needed by", warning.by]],
        help: `remove it from kernel.modules, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "kernel/firmware-missing":
      return sentence(`${warning.driver} may ask for firmware that is not in the sysroot`, {
        details: [["missing", some(warning.names)]],
        help: `install it in the sysroot, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "kernel/firmware-packed":
      return sentence(`the kernel cannot unpack firmware that ${warning.driver} may ask for`, {
        details: [
          ["left out", some(warning.names)],
          ["as says", warning.configuration],
        ],
        help: `unpack it in the sysroot, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "kernel/module-disabled":
      return sentence(`modprobe never loads ${warning.module}, it runs a command instead`, {
        details: [["the line", `${warning.line} (${warning.configuration})`]],
        help: `remove the line, say "kernel: {modprobe: false}" to leave modprobe.d out, or add "silence: [${warning.code}]"`,
      });
    case "kernel/modprobe-command":
      return sentence(`only a shell knows what modprobe runs for ${warning.module}`, {
        details: [["the line", `${warning.line} (${warning.configuration})`]],
        help: `add the programs that it runs to contents and "silence: [${warning.code}]" to the recipe`,
      });
    case "graph/nss-modules":
      return sentence(`${warning.configuration} names services whose modules are not in the image`, {
        details: [["not in", listed(warning.modules, "none")]],
        help: fix(warning.modules[0] ?? "", warning.code),
      });
    case "graph/pam-modules":
      return sentence(`${warning.configuration} names modules that are not in the image`, {
        details: [["not in", listed(warning.modules, "none")]],
        help: fix(warning.modules[0] ?? "", warning.code),
      });
    case "graph/thread-exit":
      return sentence(`${warning.library} is opened where a thread is cancelled, and is not in the image`, {
        details: [["asked by", some(warning.programs)]],
        help: fix(warning.library, warning.code),
      });
    case "graph/gconv":
      return sentence("programs convert character sets, and no converter is in the image", {
        details: [["asked by", some(warning.programs)]],
        help: fix(warning.directory, warning.code),
      });
    case "packages/no-database":
      return sentence("the sysroot names no packages, so the SBOM maps none of its files", {
        details: [
          ["sysroot", warning.root],
          ["files", String(warning.files)],
        ],
        help: `use a tree that a package manager installed, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "packages/unreadable":
      return sentence(`the SBOM lacks what stands in ${warning.database}`, {
        details: [["it", warning.what]],
        help: `add "silence: [${warning.code}]" to the recipe if other tools tell what is missing`,
      });
    case "packages/no-file-lists":
      return sentence("the sysroot does not say which files belong to some of its packages", {
        details: [
          ["looked in", warning.database],
          ["packages", some(warning.packages)],
        ],
        help: `keep the lists in the sysroot, or add "silence: [${warning.code}]" to the recipe`,
      });
    case "graph/dlopen-strings":
    case "graph/library-dlopen-strings":
      return sentence(
        `${warning.program} opens libraries by name, and some that it names are not in the image`,
        {
          details: [["not in", some(warning.libraries)]],
          help: fix(warning.libraries[0] ?? "", warning.code),
        },
      );
    case "graph/unread-packing":
      return sentence(`store paths within ${warning.packing} cannot be seen, and would keep their names`, {
        details: [["not read", some(warning.files)]],
        help: `unpack them, or add "silence: [${warning.code}]" to the recipe if they name none`,
      });
    case "graph/prepended-names":
      return sentence(`${warning.archive} names store paths that have other names in the image`, {
        at: warning.at,
        details: [["named", some(warning.paths)]],
        help: `add them to the archive itself, or "silence: [${warning.code}]" to the recipe`,
      });
  }
}

/** So many are named; the manifest has them all. */
const MOST_NAMED = 5;

function some(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : "";
  return listed(names.slice(0, MOST_NAMED), "none") + more;
}

/** Add the object, or say that it is not wanted. */
function fix(object: string, code: Warning["code"]): string {
  return `add "- object: ${object}" to contents, or "silence: [${code}]" to the recipe`;
}
