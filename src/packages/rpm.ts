/**
 * rpm: which package installed which file, where the database is SQLite's (Fedora 33, RHEL 10 and later, most others since
 * rpm 4.16). Berkeley's and rpm's own are told, not read: see `UNREAD`.
 */
import { type ByteString, childOf, showBytes, showPath, type TargetPath } from "../core/path.ts";
import type { OpenFile } from "../core/ports.ts";
import type { PackagesWarning } from "../core/warning.ts";
import { sourceOf } from "../formats/byte-source.ts";
import type { OsRelease } from "../formats/os-release.ts";
import { type RpmRecord, readRpmHeader } from "../formats/rpm-header.ts";
import { SqlitePages } from "../formats/sqlite-pages.ts";
import { rowsOf } from "../formats/sqlite-table.ts";
import { sourceOfFile } from "../trees/open-source.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { systemPurl } from "./distribution.ts";
import type { Package, PackageSource } from "./package.ts";
import { attemptDatabase } from "./unreadable.ts";
import { directoryAt, type WantedFiles } from "./wanted-files.ts";

/** The newer place first. */
const DIRECTORIES = ["usr/lib/sysimage/rpm", "var/lib/rpm"] as TargetPath[];
const SQLITE = "rpmdb.sqlite";

const UNREAD: Readonly<Record<string, string>> = {
  "Packages.db":
    "it is rpm's own kind of database (ndb), which is not read: `rpmdb --rebuilddb` can make it SQLite",
  Packages:
    "it is a Berkeley DB, which is not read: `rpmdb --rebuilddb` of rpm 4.16 or later makes it SQLite",
};

/** Null: the tree has no such database. */
export function findRpms(
  wanted: WantedFiles,
  paths: PathResolver,
  system: OsRelease,
): PackagesWarning[] | null {
  for (const place of DIRECTORIES) {
    const directory = directoryAt(place, paths);
    if (directory === null) continue;
    const database = childOf(directory, SQLITE);
    if (paths.resolve(database).facts?.kind === "file")
      return attemptDatabase(database, () => ownAll(database, wanted, paths, system));
    const unread = Object.keys(UNREAD).find((name) => paths.stat(childOf(directory, name)) !== null);
    if (unread !== undefined) {
      const path = showPath(childOf(directory, unread));
      return [{ code: "packages/unreadable", database: path, what: UNREAD[unread]! }];
    }
  }
  return null;
}

/** Throws SqliteFormatError and RpmFormatError. */
function ownAll(
  database: TargetPath,
  wanted: WantedFiles,
  paths: PathResolver,
  system: OsRelease,
): PackagesWarning[] {
  const files: OpenFile[] = [];
  const open = (path: TargetPath) => {
    const to = paths.resolve(path);
    if (to.facts?.kind !== "file") return sourceOf(new Uint8Array(0));
    const file = paths.tree.open(to.path);
    files.push(file);
    return sourceOfFile(file);
  };
  try {
    // What was written last may still stand in the log beside it.
    const pages = new SqlitePages(open(database), open(`${database}-wal` as TargetPath));
    for (const [, blob] of rowsOf(pages, "Packages")) {
      const record = blob instanceof Uint8Array ? readRpmHeader(blob) : null;
      if (record !== null) wanted.own(record.files, () => rpmOf(record, system));
    }
  } finally {
    for (const file of files) file.close();
  }
  return [];
}

function rpmOf(record: RpmRecord, system: OsRelease): Package {
  const text = (value: string): string => showBytes(value as ByteString);
  const { epoch } = record;
  const facts = {
    name: text(record.name),
    version: text(`${record.version}-${record.release}`),
    architecture: text(record.architecture),
  };
  return {
    kind: "rpm",
    ...facts,
    source: sourceOfRpm(text(record.sourceRpm), epoch, system),
    maintainer: text(record.packager || record.vendor),
    homepage: text(record.homepage),
    license: text(record.license),
    purl: systemPurl("rpm", { ...facts, epoch }, system),
    notes: epoch === "" ? [] : [["rpm:epoch", epoch]],
  };
}

/** `NAME-VERSION-RELEASE.src.rpm`; null: it is none. */
function sourceOfRpm(file: string, epoch: string, system: OsRelease): PackageSource | null {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file) ?? [];
  if (name === undefined || version === undefined) return null;
  return { name, version, purl: systemPurl("rpm", { name, version, architecture: "src", epoch }, system) };
}
