/** What an SBOM tells of an image, before any format: its files with their sums, each under the packages that own it. */
import {
  type Digest,
  digestOf,
  hexOfDigest,
  startDigest,
  type WeakAlgorithm,
  type WeakSums,
} from "../core/digest.ts";
import { type Entry, type FileEntry, type TreeName, treeSourceOf } from "../core/entry.ts";
import { compareText } from "../core/order.ts";
import {
  type ByteString,
  decodeUtf8,
  type HostPath,
  nameOf,
  showBytes,
  type TargetPath,
} from "../core/path.ts";
import type { PackagesWarning } from "../core/warning.ts";
import type { ImageFacts } from "../image/manifest.ts";
import type { Package, PackageFindings } from "../packages/package.ts";

/** Where a file comes from that is of no package, or what it is of. */
export type FileOrigin = "recipe" | "beside-recipe" | "sysroot" | "store" | WholePart["origin"];

export interface SbomFile {
  /** The same for the same path, in all documents: 24 hexadecimal digits. */
  readonly id: string;
  /** "usr/bin/x", for people; a part of the image that is no entry has its file's name. */
  readonly name: string;
  /** Hexadecimal, where the name is no text. */
  readonly nameBytes: string | null;
  readonly digest: Digest;
  /** Null: nobody wants it. */
  readonly sha1: string | null;
  readonly origin: FileOrigin;
  /** The packages' identifiers; empty: it is of none. */
  readonly owners: readonly string[];
  /** Whether other bytes are in it than its package brought; null: the database does not tell. */
  readonly isChanged: boolean | null;
}

export interface SbomPackage extends Package {
  /** Letters, digits, dots and dashes; no other package of the document has it. */
  readonly id: string;
  readonly files: readonly SbomFile[];
}

export interface Sbom {
  /** The image's, and the tool's. */
  readonly name: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly packages: readonly SbomPackage[];
  /** All of them, in the order of their names. */
  readonly files: readonly SbomFile[];
  /** Where secrets stand, for people: no more is told of any. */
  readonly secrets: readonly string[];
  readonly warnings: readonly PackagesWarning[];
}

/** A file that was put into the image as a whole, beside the entries: a prepended archive, a kernel. */
export interface WholePart {
  /** What it is called in the findings; no entry has a NUL in its path. */
  readonly key: TargetPath;
  readonly path: HostPath;
  readonly digest: Digest;
  readonly origin: "prepended" | "fit" | "uki";
}

export interface SbomInput extends Pick<Sbom, "name" | "tool" | "epoch" | "secrets"> {
  readonly entries: () => Iterable<Entry>;
  readonly parts: readonly WholePart[];
  readonly found: PackageFindings;
  readonly digestOfEntry: (entry: FileEntry) => Digest;
  readonly wantsSha1: boolean;
  /** Reads a file once more, which must have that digest. */
  readonly sumsOf: (
    file: FileEntry | WholePart,
    digest: Digest,
    algorithms: readonly WeakAlgorithm[],
  ) => WeakSums;
}

export function gatherSbom(input: SbomInput): Sbom {
  const { name, tool, epoch, secrets, found } = input;
  const ids = new Map(found.packages.map((one) => [one, idOf(one)]));
  const files = [...entryFiles(input, ids), ...partFiles(input, ids)];
  files.sort((a, b) => compareText(a.name, b.name));
  const byPackage = new Map<string, SbomFile[]>([...ids.values()].map((id) => [id, []]));
  for (const file of files) for (const owner of file.owners) byPackage.get(owner)!.push(file);
  const packages = [...ids].map(([one, id]) => ({ ...one, id, files: byPackage.get(id)! }));
  return { name, tool, epoch, packages, files, secrets, warnings: found.warnings };
}

function* entryFiles(input: SbomInput, ids: ReadonlyMap<Package, string>): Generator<SbomFile> {
  const { entries, digestOfEntry } = input;
  for (const entry of entries()) {
    if (entry.kind !== "file") continue;
    const told = { key: entry.path, digest: digestOfEntry(entry), file: entry, origin: originOf(entry) };
    yield { ...named(entry.path, entry.path), ...factsOf(told, input, ids) };
  }
}

function* partFiles(input: SbomInput, ids: ReadonlyMap<Package, string>): Generator<SbomFile> {
  for (const part of input.parts)
    yield { ...named(nameOf(part.path), part.key), ...factsOf({ ...part, file: part }, input, ids) };
}

interface ToldFile extends Pick<WholePart, "key" | "digest"> {
  readonly file: FileEntry | WholePart;
  readonly origin: FileOrigin;
}

function factsOf(
  { key, digest, file, origin }: ToldFile,
  input: SbomInput,
  ids: ReadonlyMap<Package, string>,
): Omit<SbomFile, "id" | "name" | "nameBytes"> {
  const owners = input.found.owners.get(key) ?? [];
  const brought = input.found.sums.get(key) ?? null;
  const weak = brought === null || brought.algorithm === "sha256" ? [] : [brought.algorithm];
  const sums = sumsOfFile(input, file, digest, weak);
  const now = { ...sums, sha256: hexOfDigest(digest) };
  return {
    digest,
    sha1: sums.sha1 ?? null,
    origin,
    owners: owners.map((one) => ids.get(one)!),
    isChanged: brought === null ? null : now[brought.algorithm] !== brought.hex,
  };
}

/** What nobody asks for is not read. */
function sumsOfFile(
  { wantsSha1, sumsOf }: SbomInput,
  file: FileEntry | WholePart,
  digest: Digest,
  more: readonly WeakAlgorithm[],
): WeakSums {
  const algorithms = [...new Set([...more, ...(wantsSha1 ? (["sha1"] as const) : [])])];
  return algorithms.length === 0 ? {} : sumsOf(file, digest, algorithms);
}

function named(path: ByteString, key: string): Pick<SbomFile, "id" | "name" | "nameBytes"> {
  return {
    id: shortDigest(key, 24),
    name: showBytes(path),
    nameBytes: decodeUtf8(path) === null ? Buffer.from(path, "latin1").toString("hex") : null,
  };
}

const ORIGINS: Readonly<Record<TreeName, FileOrigin>> = {
  sysroot: "sysroot",
  store: "store",
  host: "beside-recipe",
};

function originOf({ source }: FileEntry): FileOrigin {
  const file = treeSourceOf(source);
  return file === null ? "recipe" : ORIGINS[file.tree];
}

/** Names hold more than an identifier may; what was lost is told apart by a digest. */
function idOf({ kind, name, version, architecture, notes }: Package): string {
  const identity = JSON.stringify([kind, name, version, architecture, notes]);
  return `${kind}-${name.replaceAll(/[^A-Za-z0-9.-]/g, "-")}-${shortDigest(identity, 12)}`;
}

export function shortDigest(text: string, digits: number): string {
  return hexOfDigest(digestOf(Buffer.from(text, "utf8"))).slice(0, digits);
}

/** Of the image and of all that is said of it: a document with another word is another document. */
export function identityOf(
  format: string,
  image: ImageFacts,
  { tool, packages, files, secrets, warnings }: Sbom,
): Digest {
  const all = startDigest();
  const add = (...values: readonly unknown[]): void => {
    all.update(Buffer.from(`${JSON.stringify(values)}\n`));
  };
  // Of one with secrets, what stands before them.
  add("initgraph sbom 1", format, (image.beforeSecrets ?? image).digest, tool, secrets, warnings);
  for (const { files: own, ...about } of packages) add(about, ...own.map(({ id }) => id));
  for (const { name, digest, origin, isChanged } of files) add(name, digest, origin, isChanged);
  return all.finish();
}

/** A UUID of a form of our own (RFC 9562, version 8), made of a digest's first bytes. */
export function uuidOf(digest: Digest): string {
  const hex = hexOfDigest(digest);
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** "1970-01-01T00:00:01Z". */
export function timeOf(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
}

/** Files that are not as their packages brought them. */
export function changedOf({ files }: Sbom): SbomFile[] {
  return files.filter(({ isChanged }) => isChanged === true);
}

/** Files of no package. */
export function unmappedOf({ files }: Sbom): SbomFile[] {
  return files.filter(({ owners }) => owners.length === 0);
}
