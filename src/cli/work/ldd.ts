/** Says what ldd(1) would say of files in a root tree, and runs none of them. */
import {
  bytesOf,
  type HostPath,
  parseHostPath,
  parseTargetPath,
  showBytes,
  showPath,
  type TargetPath,
} from "../../core/path.ts";
import type { Tree } from "../../core/ports.ts";
import { lddLines } from "../../graph/loader/ldd.ts";
import { LibraryLoader, type LoadedLibrary, type LoadedProgram } from "../../graph/loader/load-program.ts";
import { FileScanner } from "../../graph/scan-file.ts";
import { hostPathFrom, workingDirectory } from "../../machine/files.ts";
import { machinePorts } from "../../machine/ports.ts";
import { withRoot } from "../../machine/root.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { PathResolver, type ResolvedPath } from "../../trees/resolve-path.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";

/** As it was typed. */
export interface LddRequest {
  readonly files: readonly string[];
  readonly sysroot: string;
  /** Picks one image of several; null: not said. */
  readonly arch: string | null;
  /** Directories separated by colons; empty: none. */
  readonly libraryPath: string;
}

/** What is known of one file. */
type Answer =
  | { readonly kind: "loaded"; readonly path: TargetPath; readonly loaded: LoadedProgram }
  | { readonly kind: "not-dynamic"; readonly path: TargetPath; readonly why: string }
  | { readonly kind: "no-file"; readonly why: string };

export function runLdd(request: LddRequest, terminal: Terminal): Promise<ExitCode> {
  const { sysroot, arch } = request;
  const { host } = machinePorts(1);
  return withRoot({ sysroot, arch, purpose: "initgraph ldd" }, host, (tree) =>
    lddIn(tree, request, terminal),
  );
}

function lddIn(tree: Tree, { files, sysroot, libraryPath }: LddRequest, terminal: Terminal): ExitCode {
  const root = hostPathFrom(sysroot);
  const paths = new PathResolver(tree);
  const scanner = new FileScanner(tree, () => {});
  const kindOf = (path: TargetPath) => scanner.kindOf(path);
  const loader = new LibraryLoader({
    paths,
    kindOf,
    libraryPath: parseLibraryPath(libraryPath),
    dlopen: [],
    hwcaps: [],
    loaderCache: "auto",
  });
  const answers = files.map((file) => ({ file, answer: answerFor(find(file, root, paths)) }));
  if (terminal.isJson) {
    const shown = answers.map(({ file, answer }) => answerJson(file, answer));
    const isComplete = shown.every((one) => one.ok);
    terminal.printJson({ ok: isComplete, files: shown });
    return isComplete ? 0 : 1;
  }
  // ldd names each file where there are several.
  const all = answers.map(({ file, answer }) => {
    if (files.length > 1) terminal.print(`${safeText(file)}:\n`);
    return printAnswer(file, answer, terminal);
  });
  return all.every((isComplete) => isComplete) ? 0 : 1;

  function answerFor(found: ResolvedPath): Answer {
    const { facts, path } = found;
    if (facts === null) return { kind: "no-file", why: "No such file or directory" };
    if (facts.kind !== "file") return { kind: "no-file", why: "not regular file" };
    const kind = scanner.kindOf(path);
    if (kind.kind === "elf") return { kind: "loaded", path, loaded: loader.load(path, kind.elf) };
    const why = kind.kind === "broken-elf" ? `it begins as an ELF file and is none: ${kind.why}` : "";
    return { kind: "not-dynamic", path, why };
  }
}

/** An absolute path inside the tree, or any path of this machine that leads below the tree. */
function find(file: string, root: HostPath, paths: PathResolver): ResolvedPath {
  const typed = bytesOf(file);
  const inside = paths.resolve(typed);
  if (file.startsWith("/") && inside.facts !== null) return inside;
  const onHost = parseHostPath(typed, workingDirectory());
  const top = root === "/" ? root : `${root}/`;
  if (onHost === null || !onHost.startsWith(top))
    return file.startsWith("/") ? inside : { ...inside, facts: null };
  return paths.resolve(onHost.slice(top.length));
}

function parseLibraryPath(text: string): TargetPath[] {
  return text
    .split(":")
    .filter((part) => part !== "")
    .map((part) => {
      const path = part.startsWith("/") ? parseTargetPath(bytesOf(part)) : null;
      if (path !== null) return path;
      throw new WrongUsage(
        `--library-path takes absolute directories of the root tree, not "${safeText(part)}"`,
      );
    });
}

/** Whether nothing is missing. */
function printAnswer(file: string, answer: Answer, terminal: Terminal): boolean {
  switch (answer.kind) {
    case "no-file":
      terminal.complain(`ldd: ${safeText(file)}: ${answer.why}\n`);
      return false;
    case "not-dynamic":
      // On standard error, as ldd of glibc 2.29 and later has it.
      terminal.complain("\tnot a dynamic executable\n");
      if (answer.why !== "") terminal.complain(`ldd: ${safeText(file)}: ${answer.why}\n`);
      return false;
    case "loaded": {
      const { lines, isComplete } = lddLines(answer.loaded);
      terminal.print(lines.map((line) => `${line}\n`).join(""));
      return isComplete;
    }
  }
}

function answerJson(file: string, answer: Answer) {
  if (answer.kind === "no-file") return { ok: false, file, problem: answer.why };
  const path = showPath(answer.path);
  if (answer.kind === "not-dynamic") {
    return { ok: false, file, path, problem: answer.why || "not a dynamic executable" };
  }
  const { loaded } = answer;
  const { interpreter } = loaded;
  return {
    ok: lddLines(loaded).isComplete,
    file,
    path,
    flavour: loaded.flavour,
    isStatic: loaded.isStatic,
    interpreter: interpreter && {
      name: showBytes(interpreter.asked),
      path: interpreter.resolved.facts && showPath(interpreter.resolved.path),
    },
    libraries: loaded.libraries.map(libraryJson),
  };
}

function libraryJson({ by, soname, isOptional, outcome }: LoadedLibrary) {
  const common = { name: showBytes(soname), neededBy: showPath(by), isOptional };
  switch (outcome.kind) {
    case "found": {
      const { foundAt, resolved, rule, tried } = outcome;
      return { ...common, path: showBytes(foundAt), file: showPath(resolved.path), found: rule, tried };
    }
    case "missing":
      return { ...common, path: null, tried: outcome.tried, passedBy: outcome.skipped };
    case "fatal":
      return { ...common, path: null, problem: `${showPath(outcome.path)}: ${outcome.why}` };
  }
}
