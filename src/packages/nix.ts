/** Nix: a store path is a package, and its name says which. */
import type { Entry } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import { parseNixName } from "../formats/nix-name.ts";
import { HASH_LENGTH, type StorePath, storePathOf } from "../formats/nix-store-path.ts";
import { purlOf } from "../formats/purl.ts";
import type { Package } from "./package.ts";
import type { WantedFiles } from "./wanted-files.ts";

/** `storeDirectory`: what store paths begin with in the image, "nix/store". */
export function findStorePaths(
  entries: Iterable<Entry>,
  storeDirectory: TargetPath,
  wanted: WantedFiles,
): void {
  const known = new Map<ByteString, Package>();
  for (const entry of entries) {
    if (entry.kind !== "file" && entry.kind !== "symlink") continue;
    const found = storePathOfEntry(entry, storeDirectory);
    if (found === null) continue;
    const owner = known.get(found.name) ?? nixPackageOf(found, storeDirectory);
    known.set(found.name, owner);
    wanted.add(entry.path, owner);
  }
}

/** Where it comes from, or lies. What the recipe puts below a store path is no part of it. */
function storePathOfEntry(
  entry: Extract<Entry, { kind: "file" | "symlink" }>,
  storeDirectory: TargetPath,
): StorePath | null {
  if (entry.kind === "symlink") return storePathOf(entry.path, storeDirectory);
  if (entry.source.from !== "tree" || entry.source.tree === "host") return null;
  return entry.source.tree === "store"
    ? storePathOf(entry.source.path, "" as TargetPath)
    : storePathOf(entry.source.path, storeDirectory);
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
