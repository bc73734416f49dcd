/** Reads a FIT image: the ramdisk that U-Boot would take, and what its own tree says of it. Source: U-Boot boot/image-fit.c. */
import type { ByteSource } from "./byte-source.ts";
import { textUntilNul, viewOf } from "./bytes.ts";
import { childOf, type DecodedNode, decodeFdt, type PlacedValue } from "./fdt-decode.ts";
import { FitError } from "./fit.ts";

export interface DecodedFit {
  readonly description: string;
  /** Nodes of all images, in their order. */
  readonly images: readonly string[];
  /** The node of the kernel; null: it has none, and is for a kernel of its own. */
  readonly kernel: string | null;
  readonly ramdisk: FitRamdisk;
}

export interface FitRamdisk {
  /** The name of its node. */
  readonly name: string;
  readonly arch: string;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  readonly size: number;
  readonly hashes: readonly DecodedHash[];
}

export interface DecodedHash {
  /** As the FIT calls it: "sha256". */
  readonly algorithm: string;
  readonly value: Uint8Array;
}

/** Texts and hashes are short; what is longer is none. Bytes. */
const LONGEST_VALUE = 4096;

/** Throws FormatError for what is no FIT, holds no ramdisk, or is damaged. */
export function decodeFit(source: ByteSource): DecodedFit {
  const { root, totalSize } = decodeFdt(source);
  const images = childOf(root, "images");
  if (images === null) throw new FitError("no-fit", 0, "a device tree, and no FIT image");
  const node = imageOf("ramdisk", { root, images, source });
  if (node === null) throw new FitError("no-ramdisk", 0, "a FIT image without a ramdisk");
  return {
    description: textOf(root, "description", source),
    images: images.children.map(({ name }) => name),
    kernel: imageOf("kernel", { root, images, source })?.name ?? null,
    ramdisk: {
      name: node.name,
      arch: textOf(node, "arch", source),
      ...dataOf(node, totalSize, source),
      hashes: node.children.filter(({ name }) => name.startsWith("hash")).map((hash) => hashOf(hash, source)),
    },
  };
}

interface FitTree {
  readonly root: DecodedNode;
  readonly images: DecodedNode;
  readonly source: ByteSource;
}

/** That of the default configuration, of the first one where none is the default; else the first one there is. */
function imageOf(role: "ramdisk" | "kernel", { root, images, source }: FitTree): DecodedNode | null {
  const configurations = childOf(root, "configurations");
  if (configurations !== null) {
    const named = childOf(configurations, textOf(configurations, "default", source));
    const chosen = named ?? configurations.children[0];
    const image = chosen && childOf(images, textOf(chosen, role, source));
    if (image) return image;
  }
  return images.children.find((image) => textOf(image, "type", source) === role) ?? null;
}

/** Inside the tree, at a place counted from its end (rounded up to 4), or at one counted from the beginning of the file. */
function dataOf(image: DecodedNode, totalSize: number, source: ByteSource): PlacedValue {
  const inside = image.properties.get("data");
  if (inside !== undefined) return inside;
  const size = numberOf(image, "data-size", source);
  const position = numberOf(image, "data-position", source);
  const offset = numberOf(image, "data-offset", source);
  const at = position ?? (offset === null ? null : Math.ceil(totalSize / 4) * 4 + offset);
  if (size === null || at === null) throw new FitError("bad-data", 0, `${image.name} of a FIT has no data`);
  if (at + size > source.size) {
    throw new FitError("bad-data", source.size, `${image.name} of a FIT promises bytes up to ${at + size}`);
  }
  return { offset: at, size };
}

function hashOf(hash: DecodedNode, source: ByteSource): DecodedHash {
  return { algorithm: textOf(hash, "algo", source), value: bytesOf(hash, "value", source) };
}

function numberOf(node: DecodedNode, name: string, source: ByteSource): number | null {
  const bytes = bytesOf(node, name, source);
  return bytes.length === 4 ? viewOf(bytes).getUint32(0) : null;
}

/** Empty where it is not there. */
function textOf(node: DecodedNode, name: string, source: ByteSource): string {
  return textUntilNul(bytesOf(node, name, source));
}

function bytesOf(node: DecodedNode, name: string, source: ByteSource): Uint8Array {
  const place = node.properties.get(name);
  if (place === undefined || place.size > LONGEST_VALUE) return new Uint8Array(0);
  return Uint8Array.from(source.read(place.offset, place.size));
}
