/** Where the files of renamed store paths come from: for who knows the store, not the image. */
import { type ByteString, type TargetPath, toBytes } from "../core/path.ts";
import { HashScanner } from "../formats/nix-hash-scan.ts";
import { HASH_LENGTH } from "../formats/nix-store-path.ts";
import type { Plan } from "./plan.ts";

type Rename = (path: TargetPath) => TargetPath;

/** A path of the image as it is in the store; the path itself where nothing of it was renamed. */
export function originalPaths({ renamed }: Pick<Plan, "renamed">): Rename {
  const originals = new Map<ByteString, ByteString>();
  // Of store paths that have become one, the first.
  for (const [was, now] of renamed) if (!originals.has(now)) originals.set(now, was);
  return renaming(originals);
}

/** A path of the store as it is in the image. */
export function renamedPaths({ renamed }: Pick<Plan, "renamed">): Rename {
  return renaming(renamed);
}

function renaming(hashes: ReadonlyMap<ByteString, ByteString>): Rename {
  if (hashes.size === 0) return (path) => path;
  const scanner = new HashScanner(hashes.keys());
  return (path) => {
    if (path.length < HASH_LENGTH) return path;
    return scanner
      .places(toBytes(path))
      .reduce((text, { at, hash }) => withHash(text, at, hashes.get(hash)!), path);
  };
}

function withHash(path: TargetPath, at: number, hash: ByteString): TargetPath {
  return (path.slice(0, at) + hash + path.slice(at + HASH_LENGTH)) as TargetPath;
}
