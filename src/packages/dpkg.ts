/**
 * dpkg: which package installed which file. What `dpkg-query --search` would say, but of the files as they lie in the
 * tree: a list says /lib/x where a merged tree has /usr/lib/x. Sources: dpkg 1.21 lib/dpkg/db-fsys-files.c,
 * db-fsys-divert.c; distroless images keep a record and sums for each package in status.d.
 */
import { type ByteString, childOf, showBytes, type TargetPath } from "../core/path.ts";
import type { PackagesWarning } from "../core/warning.ts";
import {
  type DpkgDiversion,
  type DpkgRecord,
  type ListedSum,
  pathsOfList,
  readDpkgDiversions,
  readDpkgStatus,
  readDpkgSums,
} from "../formats/dpkg-status.ts";
import type { OsRelease } from "../formats/os-release.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { systemPurl } from "./distribution.ts";
import type { Package } from "./package.ts";
import { attemptDatabase } from "./unreadable.ts";
import { directoryAt, type OwnedFile, type WantedFiles } from "./wanted-files.ts";

const DATABASE = "var/lib/dpkg" as TargetPath;
const STATUS = `${DATABASE}/status` as TargetPath;
const INFO = `${DATABASE}/info` as TargetPath;
const SINGLE = `${DATABASE}/status.d` as TargetPath;
const DIVERSIONS = `${DATABASE}/diversions` as TargetPath;

/** Of packages that are not there nothing is. */
const ABSENT: ReadonlySet<string> = new Set(["not-installed"]);

/** Null: the tree has no such database. */
export function findDebs(
  wanted: WantedFiles,
  paths: PathResolver,
  system: OsRelease,
): PackagesWarning[] | null {
  const status = readText(paths, STATUS);
  const single = directoryAt(SINGLE, paths);
  if ((status ?? "").trim() === "" && single === null) return null;
  let diversions: readonly DpkgDiversion[] = [];
  const damaged = attemptDatabase(DIVERSIONS, () => {
    diversions = readDpkgDiversions(readText(paths, DIVERSIONS) ?? "");
    return [];
  });
  const owner = new DebOwner({ wanted, paths, system, diversions });
  return [
    ...damaged,
    ...attemptDatabase(STATUS, () => (status === null ? [] : owner.ofStatus(status))),
    ...attemptDatabase(SINGLE, () => (single === null ? [] : owner.ofSingle(single))),
  ];
}

interface DebPlace {
  readonly wanted: WantedFiles;
  readonly paths: PathResolver;
  readonly system: OsRelease;
  readonly diversions: readonly DpkgDiversion[];
}

class DebOwner {
  readonly #wanted: WantedFiles;
  readonly #paths: PathResolver;
  readonly #system: OsRelease;
  readonly #diversions: ReadonlyMap<string, DpkgDiversion>;

  constructor({ wanted, paths, system, diversions }: DebPlace) {
    this.#wanted = wanted;
    this.#paths = paths;
    this.#system = system;
    this.#diversions = new Map(diversions.map((one) => [one.from, one]));
  }

  /** Throws DpkgFormatError, as all of it. */
  *ofStatus(status: string): Generator<PackagesWarning> {
    const info = directoryAt(INFO, this.#paths);
    const names: ReadonlySet<string> = new Set(info === null ? [] : this.#paths.tree.list(info));
    const without: string[] = [];
    for (const record of readDpkgStatus(status)) {
      if (ABSENT.has(record.state)) continue;
      const { name, architecture } = record;
      // A package that may be there for several machines at once has its machine in the name of its files.
      const file = [`${name}:${architecture}`, name].find(
        (stem) => names.has(`${stem}.list`) || names.has(`${stem}.md5sums`),
      );
      if (info === null || file === undefined) {
        without.push(showBytes(name as ByteString));
        continue;
      }
      const sums = () =>
        readDpkgSums(names.has(`${file}.md5sums`) ? this.#read(info, `${file}.md5sums`) : "");
      if (names.has(`${file}.list`)) this.#own(record, pathsOfList(this.#read(info, `${file}.list`)), sums);
      else this.#ownSummed(record, sums());
    }
    if (without.length > 0)
      yield { code: "packages/no-file-lists", database: `/${INFO}`, packages: without.sort() };
  }

  *ofSingle(directory: TargetPath): Generator<PackagesWarning> {
    const names = new Set<string>(this.#paths.tree.list(directory));
    const without: string[] = [];
    for (const name of names) {
      if (name.endsWith(".md5sums")) continue;
      for (const record of readDpkgStatus(this.#read(directory, name))) {
        const sums = `${name}.md5sums`;
        if (names.has(sums)) this.#ownSummed(record, readDpkgSums(this.#read(directory, sums)));
        else without.push(showBytes(record.name as ByteString));
      }
    }
    if (without.length > 0)
      yield { code: "packages/no-file-lists", database: `/${directory}`, packages: without.sort() };
  }

  #read(directory: TargetPath, name: string): string {
    return readText(this.#paths, childOf(directory, name)) ?? "";
  }

  /** A package of which nothing is in the image has its sums unread. */
  #own(record: DpkgRecord, listed: Iterable<string>, sums: () => Iterable<ListedSum>): void {
    const owner = this.#wanted.own(this.#placed(record, listed), () => debOf(record, this.#system));
    if (owner !== null) this.#wanted.sumUp(this.#placedSums(record, [...sums(), ...record.conffiles]), owner);
  }

  #ownSummed(record: DpkgRecord, sums: Iterable<ListedSum>): void {
    this.#wanted.own(this.#placedSums(record, sums), () => debOf(record, this.#system));
  }

  *#placed({ name }: DpkgRecord, listed: Iterable<string>): Generator<OwnedFile> {
    for (const path of listed) yield { path: this.#placeOf(path, name), sum: null };
  }

  *#placedSums({ name }: DpkgRecord, sums: Iterable<ListedSum>): Generator<OwnedFile> {
    for (const { path, sum } of sums)
      yield { path: this.#placeOf(path, name), sum: { algorithm: "md5", hex: sum } };
  }

  #placeOf(path: string, owner: string): string {
    const diversion = this.#diversions.get(path);
    return diversion === undefined || diversion.by === owner ? path : diversion.to;
  }
}

function debOf(record: DpkgRecord, system: OsRelease): Package {
  const text = (value: string): string => showBytes(value as ByteString);
  const [name, version, architecture] = [record.name, record.version, record.architecture].map(text) as [
    string,
    string,
    string,
  ];
  const [, said = "", itsVersion = version] = /^(\S+)(?:\s+\((.+)\))?$/.exec(text(record.source)) ?? [];
  const source = { name: said || name, version: itsVersion };
  return {
    kind: "deb",
    name,
    version,
    architecture,
    source: { ...source, purl: systemPurl("deb", { ...source, architecture: "source" }, system) },
    maintainer: text(record.maintainer),
    homepage: text(record.homepage),
    license: "",
    purl: systemPurl("deb", { name, version, architecture }, system),
    notes: record.state === "installed" ? [] : [["dpkg:state", text(record.state)]],
  };
}
