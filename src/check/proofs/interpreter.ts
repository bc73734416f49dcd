/** Whether the kernel can start what a script names. Source: linux fs/binfmt_script.c, fs/exec.c (exec_binprm). */
import { type ByteString, directoryOf, nameOf, ROOT, type TargetPath } from "../../core/path.ts";
import { programOfEnv, type Shebang } from "../../formats/shebang.ts";
import { findProgram } from "../../graph/find-program.ts";
import type { InterpreterTrouble } from "../findings/programs.ts";
import { isExecutable, type Subject } from "./subject.ts";

/** More interpreters of interpreters than this are ELOOP. */
const DEEPEST = 5;

export interface TroubledInterpreter {
  readonly interpreter: ByteString;
  readonly trouble: InterpreterTrouble;
}

/** Null: nothing is wrong with it, or with what interprets that. */
export function troubleOfScript(
  path: TargetPath,
  shebang: Shebang,
  subject: Subject,
): TroubledInterpreter | null {
  let [script, line] = [path, shebang];
  for (let depth = 0; depth < DEEPEST; depth++) {
    const { interpreter } = line;
    const trouble = troubleOf(script, interpreter, subject);
    if (trouble !== null) return { interpreter, trouble };
    const next = subject.paths.resolve(interpreter, directoryOf(script)).path;
    const kind = subject.kindOf(next);
    if (kind.kind !== "script") return troubleOfEnv(line, subject);
    [script, line] = [next, kind.shebang];
  }
  return { interpreter: shebang.interpreter, trouble: "too-deep" };
}

function troubleOf(
  script: TargetPath,
  asked: ByteString,
  { paths, kindOf }: Subject,
): InterpreterTrouble | null {
  // A relative one is looked up where the script is started, which nobody knows.
  if (!asked.startsWith("/")) return null;
  const { facts, path } = paths.resolve(asked, directoryOf(script));
  if (facts === null) return isEndedByReturn(asked, paths) ? "carriage-return" : "absent";
  if (facts.kind !== "file" || !isExecutable(facts)) return "not-executable";
  return kindOf(path).kind === "plain" ? "no-program" : null;
}

function isEndedByReturn(asked: ByteString, paths: Subject["paths"]): boolean {
  return asked.endsWith("\r") && paths.resolve(asked.slice(0, -1), ROOT).facts !== null;
}

/** `#!/usr/bin/env X`: the kernel starts env, and env looks for X. */
function troubleOfEnv(line: Shebang, { paths }: Subject): TroubledInterpreter | null {
  if (nameOf(line.interpreter) !== "env") return null;
  const program = programOfEnv(line);
  if (program === null || findProgram(program, paths).to !== null) return null;
  if (!program.endsWith("\r")) return { interpreter: program, trouble: "absent" };
  const isThere = findProgram(program.slice(0, -1) as ByteString, paths).to !== null;
  return { interpreter: program, trouble: isThere ? "carriage-return" : "absent" };
}
