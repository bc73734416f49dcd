/** Whether the kernel would start the scripts of an image. It looks at those that have an execute bit, and so does this. */
import type { ByteString, TargetPath } from "../../core/path.ts";
import { readStart } from "../../graph/loader/configured-directories.ts";
import type { InterpreterTrouble, ProgramFinding } from "../findings/programs.ts";
import { troubleOfScript } from "./interpreter.ts";
import { Troubles } from "./sharing.ts";
import { isExecutable, type Subject } from "./subject.ts";

export function proveScripts(subject: Subject): ProgramFinding[] {
  const { files, kindOf, paths, rdinit, tree } = subject;
  const init = paths.resolve(rdinit).path;
  type Trouble = { code: "check/script-interpreter"; interpreter: ByteString; trouble: InterpreterTrouble };
  const troubles = new Troubles<Trouble>();
  const long = new Troubles<{ code: "check/shebang-too-long" }>();
  const unread = new Troubles<{ code: "check/scripts-unread" }>();
  for (const { path, facts } of files) {
    if (!isExecutable(facts) || facts.size === 0 || !tree.isLoaded(path)) continue;
    const kind = kindOf(path);
    if (kind.kind === "plain" && path !== init && isShebang(path, subject))
      long.add({ code: "check/shebang-too-long" }, path);
    if (kind.kind !== "script") continue;
    unread.add({ code: "check/scripts-unread" }, path);
    const trouble = path === init ? null : troubleOfScript(path, kind.shebang, subject);
    if (trouble !== null) troubles.add({ code: "check/script-interpreter", ...trouble }, path);
  }
  return [...troubles.findings(), ...long.findings(), ...unread.findings()];
}

/** A line that is empty behind its mark is no interpreter, and a shell runs the file all the same. */
function isShebang(path: TargetPath, { paths }: Subject): boolean {
  const head = Buffer.from(readStart(path, paths, 256)).toString("latin1");
  return head.length === 256 && /^#![ \t]*[^ \t\n]/.test(head);
}
