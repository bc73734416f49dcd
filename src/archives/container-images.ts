/**
 * The images in an OCI image layout (OCI image-spec: image-layout.md, image-index.md, manifest.md) and in what
 * `docker save` writes (manifest.json), as directories or inside a tar.
 */
import { digestOf } from "../core/digest.ts";
import {
  type ByteString,
  bytesOf,
  type HostPath,
  nameOf,
  parseTargetPath,
  type TargetPath,
} from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteRange } from "./byte-range.ts";
import { type JsonObject, jsonIn, listOf, objectOf, textOf } from "./json.ts";
import { type Platform, showPlatform } from "./platform.ts";

/** The files of a layout. */
export interface Layout {
  /** What the user named. */
  readonly path: HostPath;
  find(path: TargetPath): ByteRange | null;
  read(range: ByteRange): Uint8Array;
}

export interface ContainerImage {
  /** For people: "arm64/v8 debian:12 sha256:0123456789ab". */
  readonly label: string;
  /** Null: nothing says it. */
  readonly platform: Platform | null;
  readonly layers: readonly LayerBlob[];
}

export interface LayerBlob {
  /** What it is called in a message. */
  readonly part: string;
  readonly range: ByteRange;
  /** What its bytes must have, in hexadecimal, as they are or decompressed; null: nothing names it. */
  readonly sha256: { readonly of: "blob" | "content"; readonly hex: string } | null;
}

const OCI_LAYOUT = "oci-layout" as TargetPath;
const OCI_INDEX = "index.json";
const DOCKER_MANIFEST = "manifest.json";

/** Descriptions are small; what is larger is something else. Bytes. */
const LARGEST_JSON = 4 << 20;
const DEEPEST_INDEX = 8;
const MOST_IMAGES = 1000;
/** Container runtimes mount no more than some hundred. */
const MOST_LAYERS = 1000;
const SHORT_HEX = 12;
const SHORT = "sha256:".length + SHORT_HEX;

/**
 * The images in these files; null: they are those of a root tree. Newer `docker save` writes both descriptions, of
 * which OCI's is checked by digests. Throws BuildFailure: archives/damaged, archives/wrong-digest.
 */
export function imagesIn(layout: Layout): ContainerImage[] | null {
  const isOci = [OCI_LAYOUT, OCI_INDEX as TargetPath].every((name) => layout.find(name) !== null);
  return isOci ? ociImages(layout) : dockerImages(layout);
}

function ociImages(layout: Layout): ContainerImage[] {
  const images: ContainerImage[] = [];
  const seen = new Set<string>();
  const visit = (index: JsonObject, part: string, depth: number, name: string): void => {
    if (depth > DEEPEST_INDEX) throw damaged(layout, part, "its indexes are nested without end");
    for (const one of listOf(index["manifests"])) {
      const descriptor = objectOf(one);
      const digest = textOf(descriptor["digest"]);
      const known = nameOfDescriptor(descriptor) || name;
      // What other platforms have may have been left out, and a signature or an attestation is no image.
      if (seen.has(digest) || isNoImage(descriptor) || findBlob(layout, digest, part) === null) continue;
      seen.add(digest);
      const content = readBlob(layout, digest, part);
      if (content["manifests"] !== undefined) visit(content, digest, depth + 1, known);
      else if (Array.isArray(content["layers"]))
        images.push(ociImage(layout, { descriptor, content, name: known }));
      if (images.length > MOST_IMAGES) throw damaged(layout, part, "it holds more than 1000 images");
    }
  };
  visit(objectOf(readJson(layout, OCI_INDEX)), OCI_INDEX, 0, "");
  return images;
}

interface Manifest {
  readonly descriptor: JsonObject;
  readonly content: JsonObject;
  readonly name: string;
}

function ociImage(layout: Layout, { descriptor, content, name }: Manifest): ContainerImage {
  const digest = textOf(descriptor["digest"]);
  const said = platformOf(objectOf(descriptor["platform"]));
  const config = textOf(objectOf(content["config"])["digest"]);
  const platform =
    said ?? (findBlob(layout, config, digest) === null ? null : platformOf(readBlob(layout, config, digest)));
  const layers = layersOf(layout, content["layers"], digest).map((layer) => {
    const blob = textOf(objectOf(layer)["digest"]);
    const range = findBlob(layout, blob, digest);
    if (range === null) throw damaged(layout, digest, `its layer ${blob} is not there`);
    const sha256 = { of: "blob", hex: blob.slice("sha256:".length) } as const;
    return { part: `layer ${blob}`, range, sha256 };
  });
  return { label: labelOf(platform, name, digest.slice(0, SHORT)), platform, layers };
}

function isNoImage(descriptor: JsonObject): boolean {
  const { architecture } = objectOf(descriptor["platform"]);
  const kind = objectOf(descriptor["annotations"])["vnd.docker.reference.type"];
  return kind !== undefined || architecture === "unknown" || descriptor["artifactType"] !== undefined;
}

function nameOfDescriptor(descriptor: JsonObject): string {
  const annotations = objectOf(descriptor["annotations"]);
  return (
    textOf(annotations["io.containerd.image.name"]) ||
    textOf(annotations["org.opencontainers.image.ref.name"])
  );
}

/** Null: there is no manifest.json, or some other file of that name. */
function dockerImages(layout: Layout): ContainerImage[] | null {
  const range = layout.find(DOCKER_MANIFEST as TargetPath);
  if (range === null || range.size > LARGEST_JSON) return null;
  const entries = listOf(jsonIn(layout.read(range))).map(objectOf);
  const isSaved = (entry: JsonObject): boolean =>
    textOf(entry["Config"]) !== "" && Array.isArray(entry["Layers"]);
  if (entries.length === 0 || !entries.every(isSaved)) return null;
  if (entries.length > MOST_IMAGES) throw damaged(layout, DOCKER_MANIFEST, "it holds more than 1000 images");
  return entries.map((entry) => dockerImage(layout, entry));
}

function dockerImage(layout: Layout, entry: JsonObject): ContainerImage {
  const file = textOf(entry["Config"]);
  const config = objectOf(readJson(layout, file));
  const platform = platformOf(config);
  const contents = listOf(objectOf(config["rootfs"])["diff_ids"]).map(textOf);
  const layers = layersOf(layout, entry["Layers"], file).map((name, number) => {
    const path = parseTargetPath(bytesOf(textOf(name)));
    const range = path === null ? null : layout.find(path);
    if (range === null) throw damaged(layout, file, `its layer ${textOf(name)} is not there`);
    const hex = sha256Of(contents[number] ?? "");
    return {
      part: `layer ${textOf(name)}`,
      range,
      sha256: hex === null ? null : { of: "content" as const, hex },
    };
  });
  const tags = listOf(entry["RepoTags"]).map(textOf).join(" ");
  return { label: labelOf(platform, tags, nameOf(bytesOf(file)).slice(0, SHORT_HEX)), platform, layers };
}

function layersOf(layout: Layout, value: unknown, part: string): readonly unknown[] {
  const layers = listOf(value);
  if (layers.length > MOST_LAYERS) throw damaged(layout, part, "an image has more than 1000 layers");
  return layers;
}

function labelOf(platform: Platform | null, ...rest: readonly string[]): string {
  return [platform === null ? "" : showPlatform(platform), ...rest].filter((part) => part !== "").join(" ");
}

function platformOf(said: JsonObject): Platform | null {
  const architecture = textOf(said["architecture"]);
  return architecture === "" ? null : { architecture, variant: textOf(said["variant"]) };
}

function findBlob(layout: Layout, digest: string, part: string): ByteRange | null {
  const hex = sha256Of(digest);
  if (hex === null)
    throw damaged(layout, part, `it names a blob by something else than a SHA-256: "${digest}"`);
  return layout.find(`blobs/sha256/${hex}` as TargetPath);
}

function readBlob(layout: Layout, digest: string, part: string): JsonObject {
  const bytes = layout.read(small(layout, findBlob(layout, digest, part), digest));
  const found = `sha256:${digestOf(bytes).slice("sha256-".length)}`;
  if (found !== digest) {
    throw new BuildFailure([
      { code: "archives/wrong-digest", path: layout.path, part: digest, expected: digest, found },
    ]);
  }
  return objectOf(parseJson(layout, bytes, digest));
}

function readJson(layout: Layout, name: string): unknown {
  const path = parseTargetPath(bytesOf(name) as ByteString);
  const range = small(layout, path === null ? null : layout.find(path), name);
  return parseJson(layout, layout.read(range), name);
}

function small(layout: Layout, range: ByteRange | null, part: string): ByteRange {
  if (range === null) throw damaged(layout, part, "it is not there");
  if (range.size > LARGEST_JSON) throw damaged(layout, part, "it is larger than 4 MiB");
  return range;
}

function parseJson(layout: Layout, bytes: Uint8Array, part: string): unknown {
  const value = jsonIn(bytes);
  if (value === undefined) throw damaged(layout, part, "it is no JSON");
  return value;
}

function sha256Of(digest: string): string | null {
  return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? null;
}

function damaged({ path }: Layout, part: string, why: string): BuildFailure {
  return new BuildFailure([{ code: "archives/damaged", path, part, offset: null, why }]);
}
