/**
 * PAM: the stacks in /etc/pam.d name modules, which libpam opens from `security` beside itself. One warning for all
 * stacks of the image. Sources: pam.conf(5); Linux-PAM libpam/pam_handlers.c.
 */
import { directoryOf, nameOf } from "../../core/path.ts";
import type { Warning } from "../../core/warning.ts";
import { type FinishedImage, missingFile, textIn } from "./finished-image.ts";

const STACKS = "/etc/pam.d";

export function suspectPam(image: FinishedImage): Warning[] {
  const libpam = image.elves.find(({ path }) => nameOf(path).startsWith("libpam.so"));
  const stacks = image.paths.resolve(STACKS as never);
  if (!libpam || stacks.facts?.kind !== "directory") return [];
  const names = image.paths.tree
    .list(stacks.path)
    .flatMap((name) => modulesIn(textIn(image, `${STACKS}/${name}`) ?? ""));
  const modules = [...new Set(names)].flatMap((name) => {
    const path = name.startsWith("/") ? name : `/${directoryOf(libpam.path)}/security/${name}`;
    return missingFile(image, path) ?? [];
  });
  return modules.length === 0 ? [] : [{ code: "graph/pam-modules", configuration: STACKS, modules }];
}

/** `-auth [success=1 default=ignore] pam_unix.so nullok`: the third word. */
function modulesIn(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*-?(?:auth|account|password|session)\s+(?:\[[^\]]*\]|\S+)\s+(\S+)/.exec(line);
    return match?.[1]?.includes(".so") ? [match[1]] : [];
  });
}
