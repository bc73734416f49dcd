/** Symlinks that lead nowhere, where that matters: among the commands. */
import { directoryOf, type TargetPath } from "../../core/path.ts";
import type { ProgramFinding } from "../findings/programs.ts";
import { Troubles } from "./sharing.ts";
import type { Subject } from "./subject.ts";

const COMMANDS = /^(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;
/** What is there once the system runs, and what is mounted then. */
const LATER = /^(?:dev|proc|sys|run|tmp|var\/run|sysroot|new_root|root)(?:\/|$)/;

export function proveLinks({ symlinks, paths }: Subject): ProgramFinding[] {
  const dangling = new Troubles<{ code: "check/dangling-command" }>();
  for (const path of symlinks.filter((each) => COMMANDS.test(each))) {
    const to = paths.resolve(path.slice(directoryOf(path).length).replace(/^\//, ""), directoryOf(path));
    if (to.facts === null && !LATER.test(to.path)) dangling.add({ code: "check/dangling-command" }, path);
  }
  return dangling.findings();
}

/**
 * The kernel makes /dev/console (5:1) before it unpacks anything (usr/default_cpio_list, init/noinitramfs.c), and gives it
 * to init as its input and output. What an image brings of another kind replaces it.
 */
export function proveConsole({ tree }: Subject): ProgramFinding[] {
  const path = CONSOLE;
  const found = tree.stat(path)?.kind ?? "char";
  return found === "char" ? [] : [{ code: "check/console-hidden", path, found }];
}

const CONSOLE = "dev/console" as TargetPath;
