/**
 * The directories that a tree's own files add to a loader's search: /etc/ld.so.conf with its includes (through
 * the cache that ldconfig makes of it) and musl's /etc/ld-musl-ARCH.path. The cache itself is never read:
 * a foreign tree has none, and ldconfig can make none for it.
 * Sources: glibc elf/ldconfig.c; musl ldso/dynlink.c.
 */
import picomatch from "picomatch";
import { compareBytes } from "../../core/order.ts";
import { type ByteString, byteString, type TargetPath } from "../../core/path.ts";
import { parseLdSoConf } from "../../formats/ld-so-conf.ts";
import type { PathResolver } from "../../trees/resolve-path.ts";

/** Configuration is text of a few lines; what is larger is something else. */
const MOST_BYTES = 1 << 20;
const MOST_INCLUDES = 1000;

/**
 * Absolute, as they are written, in the order in which ldconfig meets them; of several names of one
 * directory the first. `configuration` is an absolute path; where it is not there the list is empty.
 */
export function configuredDirectories(configuration: string, paths: PathResolver): string[] {
  const found = new Map<TargetPath, string>();
  const open = new Set<TargetPath>();
  let includes = 0;
  const read = (file: string): void => {
    const { path, facts } = paths.resolve(file);
    includes += 1;
    // A file that includes itself makes ldconfig crash; here it is read once.
    if (facts?.kind !== "file" || open.has(path) || includes > MOST_INCLUDES) return;
    open.add(path);
    for (const line of parseLdSoConf(readText(path, paths))) {
      if (line.kind === "include") {
        const { pattern } = line;
        const from = pattern.startsWith("/") ? "" : file.slice(0, file.lastIndexOf("/") + 1);
        for (const included of expandGlob(from + pattern, paths)) read(included);
      } else if (line.kind === "directory") {
        const directory = paths.resolve(line.path);
        if (directory.facts?.kind === "directory" && !found.has(directory.path)) {
          found.set(directory.path, line.path);
        }
      }
    }
    open.delete(path);
  };
  read(configuration);
  return [...found.values()];
}

/** The search path of a musl loader that is asked for by the name `loader`: "/lib/ld-musl-x86_64.so.1". */
export function muslDirectories(loader: string, paths: PathResolver): string[] {
  const arch = /ld-musl-([^/]*)\.so\.1$/.exec(loader)?.[1] ?? "";
  const prefix = loader.startsWith("/") ? loader.split("/").slice(0, -2).join("/") : "";
  const { path, facts } = paths.resolve(`${prefix}/etc/ld-musl-${arch}.path`);
  if (facts === null) return ["/lib", "/usr/local/lib", "/usr/lib"];
  if (facts.kind !== "file") return [];
  return readText(path, paths)
    .replace(/\0.*$/s, "")
    .split(/[:\n]/)
    .filter((directory) => directory !== "");
}

/** Paths that match, part by part, in byte order, as glob(3) has them: "*" leaves hidden names out. */
function expandGlob(glob: string, paths: PathResolver): string[] {
  let found = [""];
  for (const part of glob.split("/").filter((part) => part !== "")) {
    found = found.flatMap((directory) => matchesBelow(directory, part, paths));
  }
  return found.toSorted(compareBytes);
}

function matchesBelow(directory: string, part: string, paths: PathResolver): string[] {
  if (!/[*?[\\]/.test(part)) return [`${directory}/${part}`];
  const { path, facts } = paths.resolve(directory);
  if (facts?.kind !== "directory") return [];
  const matches = picomatch(part, {
    dot: false,
    posix: true,
    nobrace: true,
    noextglob: true,
    noglobstar: true,
    nonegate: true,
  });
  return paths.tree
    .list(path)
    .filter((name) => (part.startsWith(".") || !name.startsWith(".")) && matches(name))
    .map((name) => `${directory}/${name}`);
}

function readText(path: TargetPath, paths: PathResolver): ByteString {
  return byteString(readStart(path, paths, MOST_BYTES));
}

/** The first bytes of a regular file at a canonical path. */
export function readStart(path: TargetPath, paths: PathResolver, most: number): Uint8Array {
  const file = paths.tree.open(path);
  try {
    const bytes = new Uint8Array(Math.min(file.size, most));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = file.read(bytes.subarray(length), length);
    }
    return bytes.subarray(0, length);
  } finally {
    file.close();
  }
}
