/** What the tree says to modprobe: modprobe.d, and depmod's modules.softdep and modules.weakdep. modprobe.d(5). */
import { compareBytes } from "../core/order.ts";
import { type ByteString, childOf, type TargetPath } from "../core/path.ts";
import { type ModprobeLine, parseModprobeLines } from "../formats/kmod-text.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { readText } from "./module-reader.ts";

/** A file of an earlier directory hides one of the same name in a later. */
const DIRECTORIES = [
  "etc/modprobe.d",
  "run/modprobe.d",
  "usr/local/lib/modprobe.d",
  "usr/lib/modprobe.d",
  "lib/modprobe.d",
];

export interface ModprobeFile {
  /** For people: "/etc/modprobe.d/x.conf". */
  readonly label: string;
  readonly lines: readonly ModprobeLine[];
}

/** In the order in which modprobe reads them: by name, then depmod's own. */
export function readModprobeConfig(paths: PathResolver, modules: TargetPath): ModprobeFile[] {
  const files = new Map<ByteString, TargetPath>();
  for (const directory of DIRECTORIES) {
    const at = paths.resolve(directory);
    if (at.facts?.kind !== "directory") continue;
    for (const name of paths.tree.list(at.path)) {
      if (name.endsWith(".conf") && !files.has(name)) files.set(name, childOf(at.path, name));
    }
  }
  const configured = [...files].sort(([a], [b]) => compareBytes(a, b)).map(([, path]) => path);
  const written = ["modules.softdep", "modules.weakdep"].map((name) => childOf(modules, name));
  return [...configured, ...written].flatMap((path) => {
    const text = readText(paths, path);
    return text === null ? [] : [{ label: `/${path}`, lines: parseModprobeLines(text) }];
  });
}
