/** Nix: a store path is a package, and its name says which. */
import { type Entry, treeSourceOf } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import { parseNixName } from "../formats/nix-name.ts";
import { HASH_LENGTH, type StorePath, storePathOf } from "../formats/nix-store-path.ts";
import { purlOf } from "../formats/purl.ts";
import type { Package } from "./package.ts";
import type { WantedFiles } from "./wanted-files.ts";

export interface StoreNames {
  /** What store paths begin with in the image, "nix/store". */
  readonly storeDirectory: TargetPath;
  /** What a path of the image was before its store path was renamed. */
  readonly originalOf: (path: TargetPath) => TargetPath;
}

export function findStorePaths(
  entries: Iterable<Entry>,
  { storeDirectory, originalOf }: StoreNames,
  wanted: WantedFiles,
): void {
  const known = new Map<ByteString, Package>();
  for (const entry of entries) {
    if (entry.kind !== "file" && entry.kind !== "symlink") continue;
    const found = storePathOfEntry(entry, { storeDirectory, originalOf });
    if (found === null) continue;
    const owner = known.get(found.name) ?? nixPackageOf(found, storeDirectory);
    known.set(found.name, owner);
    wanted.add(entry.path, owner);
  }
}

/** Where it comes from, or lies. What the recipe puts below a store path is no part of it. */
function storePathOfEntry(
  entry: Extract<Entry, { kind: "file" | "symlink" }>,
  { storeDirectory, originalOf }: StoreNames,
): StorePath | null {
  if (entry.kind === "symlink") return storePathOf(originalOf(entry.path), storeDirectory);
  const file = treeSourceOf(entry.source);
  if (file === null || file.tree === "host") return null;
  return storePathOf(file.path, file.tree === "store" ? ("" as TargetPath) : storeDirectory);
}

function nixPackageOf(path: StorePath, storeDirectory: TargetPath): Package {
  const { name, version, output } = parseNixName(path.name.slice(HASH_LENGTH + 1));
  return {
    kind: "nix",
    name,
    version,
    architecture: "",
    source: null,
    maintainer: "",
    homepage: "",
    license: "",
    // "source" is what nixpkgs calls unpacked sources of anything: it names nothing.
    purl: name === "source" ? null : purlOf({ type: "nix", namespace: "", name, version, qualifiers: [] }),
    notes: [
      ["nix:store-path", `/${storeDirectory}/${path.name}`],
      ...(output === "" ? [] : [["nix:output", output] as const]),
    ],
  };
}
