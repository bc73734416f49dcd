/** The machine as its users name it: where we are, which file is meant. */
import { type ByteString, bytesOf, type HostPath, parseHostPath, type TargetPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** A path as it was typed, seen from where we are. */
export function hostPathFrom(typed: string): HostPath {
  const path = parseHostPath(bytesOf(typed), workingDirectory());
  if (path === null) throw new WrongUsage("a path cannot be empty, nor hold a NUL");
  return path;
}

export function workingDirectory(): HostPath {
  return bytesOf(process.cwd()) as ByteString as HostPath;
}

/** The bytes of a file of the machine; null: it is not there. Throws BuildFailure (host/cannot-read). */
export function readHostFile(path: HostPath, host: Pick<Host, "tree">): Uint8Array | null {
  const file = findHostFile(path, host);
  if (file === null) return null;
  const open = host.tree("/" as HostPath).open(file);
  try {
    const bytes = new Uint8Array(open.size);
    return bytes.subarray(0, open.read(bytes, 0));
  } finally {
    open.close();
  }
}

/** The file that a path leads to; null: nothing is there. Throws BuildFailure (host/cannot-read) for what is no file. */
export function findHostFile(path: HostPath, host: Pick<Host, "tree">): TargetPath | null {
  const to = new PathResolver(host.tree("/" as HostPath)).resolve(path);
  if (to.facts === null) return null;
  if (to.facts.kind === "file") return to.path;
  const what = `it is a ${to.facts.kind}, not a file`;
  const errno = to.facts.kind === "directory" ? "EISDIR" : "EINVAL";
  throw new BuildFailure([{ code: "host/cannot-read", path, errno, what }]);
}

/** The same of a file that has to be there. Throws BuildFailure (host/cannot-read). */
export function requireHostFile(path: HostPath, host: Pick<Host, "tree">): TargetPath {
  const file = findHostFile(path, host);
  if (file !== null) return file;
  const what = "there is no such file";
  throw new BuildFailure([{ code: "host/cannot-read", path, errno: "ENOENT", what }]);
}

/** Whether anything bears this name on the machine, a dangling symlink included. */
export function isOnHost(path: HostPath, host: Pick<Host, "tree">): boolean {
  return host.tree("/" as HostPath).stat(path.slice(1) as TargetPath) !== null;
}
