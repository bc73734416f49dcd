/** Root trees with package databases, and images of files in them. */
import type { Digest } from "../../src/core/digest.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry, TreeName } from "../../src/core/entry.ts";
import type { ByteString, TargetPath } from "../../src/core/path.ts";
import type { Tree } from "../../src/core/ports.ts";
import { findPackages } from "../../src/packages/find-packages.ts";
import type { PackageFindings } from "../../src/packages/package.ts";

const OWNED = { mode: 0o644, uid: 0, gid: 0 } as const;

/** A file of a tree in the image, at its own place if no other is said. */
export function fileFrom(
  tree: TreeName,
  path: string,
  at = path,
  content: Digest = digestOf(Buffer.from(path)),
): Entry {
  const source = { from: "tree", tree, path: path as TargetPath, version: null } as const;
  return { ...OWNED, kind: "file", path: at as TargetPath, size: 0, content, source };
}

export function symlinkAt(path: string, to: string): Entry {
  return { ...OWNED, kind: "symlink", path: path as TargetPath, to: to as ByteString };
}

/** `others`: where files lie that are no entries, by what they are called. */
export function findIn(
  sysroot: Tree,
  entries: readonly Entry[],
  others: Readonly<Record<string, string>> = {},
): PackageFindings {
  return findPackages(() => entries, {
    sysroot,
    storeDirectory: "nix/store" as TargetPath,
    originalOf: (path) => path,
    others: new Map(Object.entries(others)) as ReadonlyMap<string, string> as ReadonlyMap<
      TargetPath,
      TargetPath
    >,
  });
}

/** `{"usr/bin/x": "bash 5.2"}`, the owners of every file that has any. */
export function ownersIn({ owners }: PackageFindings): Record<string, string> {
  const text = [...owners].map(([path, own]) => [
    path,
    own.map((one) => `${one.name} ${one.version}`).join(", "),
  ]);
  return Object.fromEntries(text.sort()) as Record<string, string>;
}

export interface StatusFacts {
  readonly version: string;
  readonly more?: readonly string[];
  readonly state?: string;
}

/** A dpkg status of packages by name, or "name:arch". */
export function dpkgStatus(packages: Readonly<Record<string, StatusFacts>>): string {
  const paragraphs = Object.entries(packages).map(([key, { version, more = [], state = "installed" }]) => {
    const [name, architecture = "amd64"] = key.split(":");
    const want = state === "installed" ? "install" : "deinstall";
    const lines = [`Package: ${name}`, `Status: ${want} ok ${state}`, `Architecture: ${architecture}`];
    return [...lines, `Version: ${version}`, ...more, ""].join("\n");
  });
  return paragraphs.join("\n");
}
