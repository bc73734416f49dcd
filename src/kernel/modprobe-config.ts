/** What the tree says to modprobe: modprobe.d, and depmod's modules.softdep and modules.weakdep. modprobe.d(5). */
import { compareBytes } from "../core/order.ts";
import { type ByteString, childOf, showPath, type TargetPath } from "../core/path.ts";
import { matchesAlias } from "../formats/kmod-names.ts";
import { type CommandLine, type ModprobeLine, parseModprobeLines } from "../formats/kmod-text.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";

export interface ModprobeFile {
  /** As modprobe is told it: a symlink may stand on its way. */
  readonly path: TargetPath;
  /** For people: "/etc/modprobe.d/x.conf". */
  readonly label: string;
  readonly lines: readonly ModprobeLine[];
  /** Whether somebody wrote it; depmod's own files are written anew. */
  readonly isConfigured: boolean;
}

/** A line that runs a program, and the file in which it stands. */
export interface ConfiguredCommand {
  readonly file: ModprobeFile;
  readonly line: CommandLine;
}

/** In the order in which modprobe reads them: by name, depmod's own among them. */
export function readModprobeConfig(
  paths: PathResolver,
  modules: TargetPath,
  { isConfigured }: { readonly isConfigured: boolean },
): ModprobeFile[] {
  const files = isConfigured ? configurationFiles(paths, "modprobe.d") : [];
  const written = ["modules.softdep", "modules.weakdep"].map((name) => childOf(modules, name));
  const all = [...files, ...written].sort((a, b) => compareBytes(nameIn(a), nameIn(b)));
  return all.flatMap((path) => {
    const text = readText(paths, path);
    if (text === null) return [];
    const lines = parseModprobeLines(text);
    return [{ path, label: showPath(path), lines, isConfigured: files.includes(path) }];
  });
}

/** Where kmod's programs look for their configuration, the first to count most. */
const DIRECTORIES = ["etc", "run", "usr/local/lib", "usr/lib", "lib"];

/** The files of `modprobe.d` or `depmod.d`. One of an earlier directory hides those of its name in later ones. */
export function configurationFiles(paths: PathResolver, kind: "modprobe.d" | "depmod.d"): TargetPath[] {
  const files = new Map<ByteString, TargetPath>();
  for (const above of DIRECTORIES) {
    const directory = `${above}/${kind}` as TargetPath;
    const at = paths.resolve(directory);
    for (const name of at.facts?.kind === "directory" ? paths.tree.list(at.path) : []) {
      if (name.startsWith(".") || !/.\.conf$/s.test(name) || files.has(name)) continue;
      const to = paths.resolve(childOf(at.path, name));
      // a link to /dev/null is how a file is hidden; what leads nowhere hides nothing
      const isThere = to.facts !== null ? to.facts.kind !== "directory" : to.path === "dev/null";
      if (isThere) files.set(name, childOf(directory, name));
    }
  }
  return [...files].sort(([a], [b]) => compareBytes(a, b)).map(([, path]) => path);
}

function nameIn(path: TargetPath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The first line of a kind for a module: modprobe looks at no other. */
export function commandOf(
  config: readonly ModprobeFile[],
  kind: CommandLine["kind"],
  name: string,
): ConfiguredCommand | null {
  for (const file of config) {
    for (const line of file.lines) {
      if (line.kind === kind && matchesAlias(line.module, name)) return { file, line: line as CommandLine };
    }
  }
  return null;
}

/** The first line of a file that concerns a module, as it stands there. */
export function mentionOf({ lines }: ModprobeFile, name: string): string | null {
  const line = lines.find(({ kind, module }) => {
    return kind === "alias" || kind === "blacklist" ? module === name : matchesAlias(module, name);
  });
  return line === undefined ? null : showLine(line);
}

export function showLine(line: ModprobeLine): string {
  switch (line.kind) {
    case "alias":
      return `alias ${line.pattern} ${line.module}`;
    case "options":
      return `options ${line.module} ${line.options}`;
    case "install":
    case "remove":
      return `${line.kind} ${line.module} ${line.command}`;
    default:
      return `${line.kind} ${line.module}`;
  }
}
