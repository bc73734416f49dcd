/** apk: which package installed which file. */
import { type ByteString, showBytes, type TargetPath } from "../core/path.ts";
import type { PackagesWarning } from "../core/warning.ts";
import { type ApkRecord, readApkInstalled } from "../formats/apk-installed.ts";
import type { OsRelease } from "../formats/os-release.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { systemPurl } from "./distribution.ts";
import type { Package } from "./package.ts";
import { attemptDatabase } from "./unreadable.ts";
import type { OwnedFile, WantedFiles } from "./wanted-files.ts";

/** The second one in trees whose /lib is no longer one of its own (apk-tools 3). */
const DATABASES = ["lib/apk/db/installed", "usr/lib/apk/db/installed"] as TargetPath[];

/** Null: the tree has no such database. */
export function findApks(
  wanted: WantedFiles,
  paths: PathResolver,
  system: OsRelease,
): PackagesWarning[] | null {
  for (const database of DATABASES) {
    const text = readText(paths, database);
    if (text !== null) return attemptDatabase(database, () => ownAll(text, wanted, system));
  }
  return null;
}

/** Throws ApkFormatError. */
function ownAll(text: string, wanted: WantedFiles, system: OsRelease): PackagesWarning[] {
  for (const record of readApkInstalled(text)) wanted.own(ownedFiles(record), () => apkOf(record, system));
  return [];
}

function ownedFiles({ files }: ApkRecord): OwnedFile[] {
  return files.map(({ path, sha1 }) => ({
    path,
    sum: sha1 === null ? null : { algorithm: "sha1", hex: sha1 },
  }));
}

function apkOf(record: ApkRecord, system: OsRelease): Package {
  const text = (value: string): string => showBytes(value as ByteString);
  const [name, version, architecture] = [text(record.name), text(record.version), text(record.architecture)];
  return {
    kind: "apk",
    name,
    version,
    architecture,
    source: record.origin === "" ? null : { name: text(record.origin), version, purl: null },
    maintainer: text(record.maintainer),
    homepage: text(record.homepage),
    license: text(record.license),
    purl: systemPurl("apk", { name, version, architecture }, system),
    notes: [],
  };
}
