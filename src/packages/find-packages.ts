/** Which package each file of an image belongs to, as the databases of its root tree and the names in its store say. */
import type { Entry } from "../core/entry.ts";
import { compareText } from "../core/order.ts";
import type { TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import type { PackagesWarning } from "../core/warning.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { findApks } from "./apk.ts";
import { distributionOf } from "./distribution.ts";
import { findDebs } from "./dpkg.ts";
import { findStorePaths, type StoreNames } from "./nix.ts";
import type { Package, PackageFindings } from "./package.ts";
import { findRpms } from "./rpm.ts";
import { WantedFiles } from "./wanted-files.ts";

const DATABASES = [findDebs, findApks, findRpms];

export interface PackagePlaces extends StoreNames {
  readonly sysroot: Tree;
  /** Its files that are no entries, by what they are called in the findings: no path of an entry. */
  readonly others: ReadonlyMap<TargetPath, TargetPath>;
}

/** `entries` is gone through twice. Throws BuildFailure where a file of the tree cannot be read. */
export function findPackages(
  entries: () => Iterable<Entry>,
  { sysroot, others, ...names }: PackagePlaces,
): PackageFindings {
  const paths = new PathResolver(sysroot);
  const wanted = new WantedFiles(entries(), paths, others);
  findStorePaths(entries(), names, wanted);
  const warnings = wanted.files === 0 ? [] : askDatabases(wanted, paths);
  const packages = [...new Set([...wanted.owners.values()].flat())].sort(byName);
  for (const owners of wanted.owners.values()) owners.sort(byName);
  return { packages, owners: wanted.owners, sums: wanted.sums, warnings };
}

function askDatabases(wanted: WantedFiles, paths: PathResolver): PackagesWarning[] {
  const system = distributionOf(paths);
  const said = DATABASES.flatMap((find) => {
    const warnings = find(wanted, paths, system);
    return warnings === null ? [] : [warnings];
  });
  if (said.length === 0)
    return [{ code: "packages/no-database", root: paths.tree.label, files: wanted.files }];
  return said.flat();
}

function byName(a: Package, b: Package): number {
  return compareText(orderOf(a), orderOf(b));
}

function orderOf({ kind, name, version, architecture, notes }: Package): string {
  return [kind, name, version, architecture, ...notes.flat()].join("\0");
}
