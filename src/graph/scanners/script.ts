/**
 * Scripts: the interpreter of the `#!` line, and for `/usr/bin/env X` the program X, chased in the PATH that
 * programs get in an initramfs. The kernel looks at the line only of a file with an execute bit.
 * Source: linux fs/binfmt_script.c; env(1).
 */
import {
  type ByteString,
  directoryOf,
  nameOf,
  showBytes,
  showPath,
  type TargetPath,
} from "../../core/path.ts";
import { programOfEnv, type Shebang } from "../../formats/shebang.ts";
import type { PathResolver, ResolvedPath } from "../../trees/resolve-path.ts";
import type { FileToScan, Finding } from "../findings.ts";

/** What the kernel gives /init (linux init/main.c) and most init scripts keep, plus where distributions put things. */
const PROGRAM_PATH = ["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"];

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
  const cut = program.lastIndexOf("/");
  const directories = cut === -1 ? PROGRAM_PATH : [program.slice(0, cut).replace(/^\/+/, "")];
  const name = program.slice(cut + 1);
  const tried: string[] = [];
  for (const directory of directories) {
    const to = paths.resolve(`${directory}/${name}`);
    if (to.facts?.kind === "file" && (to.facts.mode & EXECUTE_BITS) !== 0) {
      return reference(file, to, shebang.line, `/${directoryOf(to.path)} in the PATH`, tried);
    }
    tried.push(showPath(directory as TargetPath));
  }
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
  tried: string[] = [],
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
