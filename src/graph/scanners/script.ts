/**
 * Scripts: the interpreter of the `#!` line, and for `/usr/bin/env X` the program X, chased in the PATH that
 * programs get in an initramfs. The kernel looks at the line only of a file with an execute bit.
 * Source: linux fs/binfmt_script.c; env(1).
 */
import { type ByteString, directoryOf, nameOf, showBytes } from "../../core/path.ts";
import { programOfEnv, type Shebang } from "../../formats/shebang.ts";
import type { PathResolver, ResolvedPath } from "../../trees/resolve-path.ts";
import { findProgram } from "../find-program.ts";
import type { FileToScan, Finding } from "../findings.ts";

const EXECUTE_BITS = 0o111;

export function scanScript(file: FileToScan, shebang: Shebang, paths: PathResolver): Finding[] {
  if ((file.mode & EXECUTE_BITS) === 0) return [];
  const interpreter = followInterpreter(file, shebang, paths);
  if (nameOf(shebang.interpreter) !== "env") return [interpreter];
  const program = programOfEnv(shebang);
  return program === null ? [interpreter] : [interpreter, followEnv(file, shebang, program, paths)];
}

function followInterpreter(file: FileToScan, shebang: Shebang, paths: PathResolver): Finding {
  const asked = shebang.interpreter;
  // A relative interpreter is looked up in whatever directory the script is started from.
  const to = paths.resolve(asked, asked.startsWith("/") ? undefined : directoryOf(file.path));
  if (to.facts?.kind === "file") return reference(file, to, shebang.line, "");
  return {
    kind: "hole",
    by: file.path,
    closedBy: [],
    names: [asked],
    problem: (chain) => ({
      code: "graph/interpreter-not-found",
      interpreter: asked,
      chain,
      isScript: true,
      tree: paths.tree.label,
    }),
  };
}

function followEnv(file: FileToScan, shebang: Shebang, program: ByteString, paths: PathResolver): Finding {
  const { to, tried } = findProgram(program, paths);
  if (to !== null) return reference(file, to, shebang.line, `/${directoryOf(to.path)} in the PATH`, tried);
  return {
    kind: "hole",
    by: file.path,
    closedBy: [],
    names: [program],
    problem: (chain) => ({
      code: "graph/program-not-found",
      program,
      line: showBytes(shebang.line),
      chain,
      searched: tried,
    }),
  };
}

function reference(
  file: FileToScan,
  to: ResolvedPath,
  line: ByteString,
  found: string,
  tried: readonly string[] = [],
): Finding {
  return {
    kind: "reference",
    by: file.path,
    to,
    reason: "shebang",
    says: showBytes(line),
    found,
    tried,
    needsCache: false,
  };
}
