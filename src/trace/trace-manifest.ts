/** A manifest as explanations see it. It is a file that anybody may have written: whatever it holds, what is wrong is a FormatError. */
import type { Digest } from "../core/digest.ts";
import { type ByteString, bytesOf, parseTargetPath, type TargetPath } from "../core/path.ts";
import { FormatError } from "../formats/format-error.ts";
import { MANIFEST_VERSION } from "../image/manifest.ts";
import type { BesideEntries } from "./beside.ts";
import { JsonReader } from "./json-reader.ts";
import { readReferences } from "./manifest-graph.ts";
import type { TracedEntry, TracedImage, TracedLayer } from "./traced-image.ts";

/** The file that the manifest tells of. */
export interface TracedFile {
  readonly file: string;
  /** Null: it holds secrets, and neither is told. */
  readonly size: number | null;
  readonly digest: Digest | null;
}

export interface TracedManifest extends TracedImage {
  readonly image: TracedFile;
  /** What the kernel gets of it: the same, or the file that was wrapped. */
  readonly ramdisk: TracedFile;
  readonly beside: BesideEntries;
}

/** Throws FormatError: manifest-version of one that another version wrote, and bad-manifest. */
export function traceManifest(text: string): TracedManifest {
  const manifest = JsonReader.parse(text, "bad-manifest");
  const version = manifest.integer("manifest");
  if (version !== MANIFEST_VERSION)
    throw new FormatError(
      "manifest-version",
      0,
      `it has version ${version}, and ${MANIFEST_VERSION} is wanted`,
    );
  const sizes = manifest.list("members").map((member) => member.integerOr("size", 0));
  const layers = manifest.list("layers").map((layer) => readLayer(layer, sizes));
  const numbers = new Map(layers.map(({ name }, at) => [name, at]));
  const references = readReferences(manifest.list("nodes"), manifest.list("references"));
  const entries = manifest.list("entries").map((entry) => {
    const read = readEntry(entry, numbers);
    if (read.node !== null && read.node >= references.nodes.length)
      entry.fail("because.node", "no such node");
    if (read.segment >= layers[read.layer]!.segments.length) entry.fail("segment", "no such segment");
    return read;
  });
  return {
    name: manifest.text("name"),
    image: readFile(manifest.object("image")),
    ramdisk: readFile(manifest.object("ramdisk")),
    layers,
    entries,
    references,
    beside: readBeside(manifest),
  };
}

/** It does not tell where the recipe names them, nor what prepended archives hold. */
function readBeside(manifest: JsonReader): BesideEntries {
  const listOf = (name: string) => (manifest.has(name) ? manifest.list(name) : []);
  return {
    secrets: listOf("secrets").map((secret) => ({ path: readPath(secret), at: null })),
    archives: listOf("early").map((one) => ({ file: one.text("file"), at: null, paths: null })),
  };
}

function readFile(file: JsonReader): TracedFile {
  return {
    file: file.text("file"),
    size: file.has("size") ? file.integer("size") : null,
    digest: file.has("digest") ? (file.text("digest") as Digest) : null,
  };
}

function readLayer(layer: JsonReader, memberSizes: readonly number[]): TracedLayer {
  const segments = layer.list("segments").map((segment) => {
    const member = segment.has("member") ? (memberSizes[segment.integer("member")] ?? null) : null;
    return { size: segment.integer("size"), compressed: member };
  });
  return { name: layer.text("name"), segments };
}

const KINDS = ["file", "directory", "symlink", "char", "block", "fifo", "socket"] as const;

function readEntry(entry: JsonReader, layers: ReadonlyMap<string, number>): TracedEntry {
  const path = readPath(entry);
  const layer = layers.get(entry.text("layer"));
  if (layer === undefined) entry.fail("layer", "no such layer");
  return {
    path,
    original: entry.has("original") ? targetPath(bytesOf(entry.text("original")), entry) : path,
    kind: entry.oneOf("kind", KINDS),
    size: entry.integerOr("size", 0),
    digest: entry.has("digest") ? (entry.text("digest") as Digest) : null,
    to: readTarget(entry),
    mode: entry.octal("mode"),
    uid: entry.integer("uid"),
    gid: entry.integer("gid"),
    major: entry.integerOr("major", 0),
    minor: entry.integerOr("minor", 0),
    layer: layer!,
    segment: entry.integer("segment"),
    overriddenBy: entry.has("overriddenBy") ? entry.text("overriddenBy") : null,
    node: entry.has("because") ? entry.object("because").integer("node") : null,
  };
}

/** As bytes: shown names may stand for others. */
function readPath(entry: JsonReader): TargetPath {
  return targetPath(
    entry.has("pathBytes") ? entry.hexadecimal("pathBytes") : bytesOf(entry.text("path")),
    entry,
  );
}

function targetPath(bytes: ByteString, entry: JsonReader): TargetPath {
  return parseTargetPath(bytes) ?? entry.fail("path", "no path inside an image");
}

function readTarget(entry: JsonReader): ByteString | null {
  if (entry.has("toBytes")) return entry.hexadecimal("toBytes");
  return entry.has("to") ? bytesOf(entry.text("to")) : null;
}
