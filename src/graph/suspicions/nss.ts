/**
 * Name services: glibc loads `libnss_<service>.so.2` for each that /etc/nsswitch.conf names, by its own search.
 * Only those are worth a word that the sysroot has: what is not there is missed on the whole system too.
 * Sources: nsswitch.conf(5); glibc nss/nss_module.c, nss/nsswitch.c.
 */
import { directoryOf } from "../../core/path.ts";
import type { Warning } from "../../core/warning.ts";
import { bytesIn, type FinishedImage, glibcOf, missingFile, textIn } from "./finished-image.ts";

const CONFIGURATION = "/etc/nsswitch.conf";

export function suspectNss(image: FinishedImage): Warning[] {
  const libc = glibcOf(image);
  const text = libc && textIn(image, CONFIGURATION);
  if (!libc || !text) return [];
  // Since glibc 2.34 the library holds these itself; the files that still lie beside it are empty shells.
  const content = bytesIn(image, libc.path);
  const modules = servicesIn(text)
    .filter((service) => !content.includes(`_nss_${service}_`))
    .flatMap((service) => missingFile(image, `/${directoryOf(libc.path)}/libnss_${service}.so.2`) ?? []);
  return modules.length === 0 ? [] : [{ code: "graph/nss-modules", configuration: CONFIGURATION, modules }];
}

/** `hosts: files [NOTFOUND=return] dns`: the words behind the colon, without actions in brackets. */
function servicesIn(text: string): string[] {
  const words = text.split("\n").flatMap((line) => {
    const value = /^\s*[A-Za-z_]+:(.*)$/.exec(line.replace(/#.*/, ""))?.[1] ?? "";
    return value.replaceAll(/\[[^\]]*\]?/g, " ").split(/\s+/);
  });
  return [...new Set(words)].filter((word) => /^[A-Za-z0-9_]+$/.test(word));
}
