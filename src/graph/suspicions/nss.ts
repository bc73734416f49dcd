/**
 * Name services: glibc loads `libnss_<service>.so.2` for each that /etc/nsswitch.conf names, by its own search.
 * Only those are worth a word that the sysroot has: what is not there is missed on the whole system too.
 * Sources: nsswitch.conf(5); glibc nss/nss_module.c, nss/nsswitch.c.
 */
import { directoryOf, showPath, type TargetPath } from "../../core/path.ts";
import type { Warning } from "../../core/warning.ts";
import { type FinishedImage, textIn } from "./finished-image.ts";

const CONFIGURATION = "/etc/nsswitch.conf";
const C_LIBRARY = "libc.so.6";

export function suspectNss(image: FinishedImage): Warning[] {
  const libc = image.elves.find(({ elf }) => elf.soname === C_LIBRARY);
  const text = libc && textIn(image, CONFIGURATION);
  if (!libc || !text) return [];
  const modules = servicesIn(text).flatMap((service) => {
    const path = `${directoryOf(libc.path)}/libnss_${service}.so.2` as TargetPath;
    const { facts, path: found } = image.paths.resolve(path);
    return facts?.kind === "file" && !image.isIn(found) ? [showPath(path)] : [];
  });
  return modules.length === 0 ? [] : [{ code: "graph/nss-modules", configuration: CONFIGURATION, modules }];
}

/** `hosts: files [NOTFOUND=return] dns`: the words behind the colon, without actions in brackets. */
function servicesIn(text: string): string[] {
  const words = text.split("\n").flatMap((line) => {
    const value = /^\s*[A-Za-z_]+:(.*)$/.exec(line.replace(/#.*/, ""))?.[1] ?? "";
    return value.replaceAll(/\[[^\]]*\]?/g, " ").split(/\s+/);
  });
  return [...new Set(words)].filter((word) => /^[A-Za-z0-9_]+$/.test(word) && !BUILT_IN.has(word));
}

/** Since glibc 2.34 the library holds these itself; the files that still lie beside it are empty shells. */
const BUILT_IN: ReadonlySet<string> = new Set(["files", "dns"]);
