/** What the root tree's own database says of the packages that an image's files come from. */
import type { WeakAlgorithm } from "../core/digest.ts";
import type { TargetPath } from "../core/path.ts";
import type { PackagesWarning } from "../core/warning.ts";

export type PackageKind = "deb" | "apk" | "rpm" | "nix";

/** Text for people and other programs, in UTF-8. Empty: the database does not say it. */
export interface Package {
  readonly kind: PackageKind;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** What it was built from; null: not said. */
  readonly source: PackageSource | null;
  /** "Name <address>". */
  readonly maintainer: string;
  readonly homepage: string;
  /** As the database says it, which may be no SPDX expression. */
  readonly license: string;
  /** Null: it would need to name the distribution, which the tree does not. */
  readonly purl: string | null;
  /** What else there is to know, by name. */
  readonly notes: readonly (readonly [name: string, value: string])[];
}

export interface PackageSource {
  readonly name: string;
  readonly version: string;
  /** Null: its kind has none for sources, or the tree does not name its distribution. */
  readonly purl: string | null;
}

export interface FileSum {
  readonly algorithm: WeakAlgorithm | "sha256";
  readonly hex: string;
}

export interface PackageFindings {
  /** Those that own something of the image, by kind, name, version and architecture. */
  readonly packages: readonly Package[];
  /** By the path in the image. Several packages may own one file. */
  readonly owners: ReadonlyMap<TargetPath, readonly Package[]>;
  /** What was in a file when its package was made, where the database says it. */
  readonly sums: ReadonlyMap<TargetPath, FileSum>;
  readonly warnings: readonly PackagesWarning[];
}
