/** A tree of files that exists only in a test. */

import type { ByteString, HostPath, TargetPath } from "../../src/core/path.ts";
import type { FileFacts, OpenFile, Tree } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";

/** Text stands for bytes, one character each, so "\x7fELF" and "\xff" are what they look like. */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly symlink: string }
  | { readonly directory: number }
  | { readonly mode: number; readonly bytes: string | Uint8Array }
  | { readonly fifo: number }
  | { readonly socket: number }
  | { readonly char: readonly [major: number, minor: number]; readonly mode: number }
  | { readonly block: readonly [major: number, minor: number]; readonly mode: number };

export interface MemoryTree extends Tree {
  /** The files that were opened, in order: "/usr/bin/x". */
  readonly reads: string[];
}

interface Node {
  readonly facts: FileFacts;
  readonly bytes: Uint8Array;
  readonly to: string;
  readonly names: Set<string>;
}

/**
 * Keys are absolute: "/usr/bin/x". Parents are made as directories of mode 0755, and the root is always
 * there. Paths are looked up as they are: below a symlink there is nothing.
 */
export function memoryTree(label: string, files: Readonly<Record<string, MemoryFile>>): MemoryTree {
  const nodes = new Map<string, Node>([["", directory(0o755)]]);
  for (const [key, file] of Object.entries(files)) {
    const path = key.replace(/^\/+|\/+$/g, "");
    const known = nodes.get(path);
    const node = nodeOf(file);
    nodes.set(path, known?.facts.kind === "directory" ? { ...node, names: known.names } : node);
    enterIntoParents(nodes, path);
  }
  const reads: string[] = [];
  const nodeAt = (path: TargetPath, kind: FileFacts["kind"], errno: string): Node => {
    const node = nodes.get(path);
    if (node === undefined) throw cannotRead(label, path, "ENOENT");
    if (node.facts.kind !== kind) throw cannotRead(label, path, errno);
    return node;
  };
  return {
    label,
    identity: label,
    reads,
    stat: (path) => nodes.get(path)?.facts ?? null,
    readLink: (path) => nodeAt(path, "symlink", "EINVAL").to as ByteString,
    list: (path) => [...nodeAt(path, "directory", "ENOTDIR").names].sort() as ByteString[],
    open: (path) => {
      const { bytes } = nodeAt(path, "file", "EINVAL");
      reads.push(`/${path}`);
      return openBytes(bytes);
    },
  };
}

/** The bytes of a test's text, one for each character. */
export function rawBytes(text: string | Uint8Array): Uint8Array {
  if (typeof text !== "string") return text;
  if (/[^\u0000-\u00ff]/.test(text)) throw new TypeError("a character of a byte string is above 0xff");
  return Buffer.from(text, "latin1");
}

function openBytes(bytes: Uint8Array): OpenFile {
  return {
    size: bytes.length,
    read: (into, position) => {
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      return piece.length;
    },
    versionNow: () => null,
    close: () => {},
  };
}

function enterIntoParents(nodes: Map<string, Node>, path: string): void {
  for (let child = path; child !== ""; ) {
    const parent = child.slice(0, Math.max(0, child.lastIndexOf("/")));
    const node = nodes.get(parent) ?? directory(0o755);
    nodes.set(parent, node);
    node.names.add(child.slice(child.lastIndexOf("/") + 1));
    child = parent;
  }
}

function nodeOf(file: MemoryFile): Node {
  if (typeof file === "string" || file instanceof Uint8Array) return regular(0o644, file);
  if ("symlink" in file) return { ...special("symlink", 0o777), to: file.symlink };
  if ("directory" in file) return directory(file.directory);
  if ("bytes" in file) return regular(file.mode, file.bytes);
  if ("fifo" in file) return special("fifo", file.fifo);
  if ("socket" in file) return special("socket", file.socket);
  if ("char" in file) return special("char", file.mode, file.char);
  return special("block", file.mode, file.block);
}

function regular(mode: number, content: string | Uint8Array): Node {
  const bytes = rawBytes(content);
  const node = special("file", mode);
  return { ...node, bytes, facts: { ...node.facts, size: bytes.length } };
}

function directory(mode: number): Node {
  return special("directory", mode);
}

function special(kind: FileFacts["kind"], mode: number, numbers: readonly [number, number] = [0, 0]): Node {
  const [major, minor] = numbers;
  return {
    facts: {
      kind,
      mode,
      size: 0,
      major,
      minor,
      uid: 0,
      gid: 0,
      fileSystem: 1,
      uncarried: null,
      version: null,
    },
    bytes: new Uint8Array(0),
    to: "",
    names: new Set(),
  };
}

function cannotRead(label: string, path: TargetPath, errno: string): BuildFailure {
  const where = `${label === "/" ? "" : label}/${path}` as HostPath;
  return new BuildFailure([{ code: "host/cannot-read", path: where, errno, what: `${errno} (in memory)` }]);
}
