/**
 * FIT images (flattened image trees): a device tree that tells U-Boot of a ramdisk, a kernel and device trees, each with
 * its digest, and which of them go together. Written as `mkimage -f` does it from a source of the same nodes, with `-E -B 8`
 * where the data stands behind the tree (but for up to 7 bytes of leftovers that mkimage has there). Sources: U-Boot doc/usage/fit/source_file_format.rst, tools/fit_image.c,
 * boot/image-fit.c; names of nodes as `mkimage -f auto` chooses them.
 */
import {
  encodeFdt,
  type FdtNode,
  type FdtProperty,
  type FdtValue,
  fdtAddress,
  fdtText,
  fdtU32,
} from "./fdt.ts";
import { FormatError } from "./format-error.ts";
import type { UimageHeader } from "./uimage.ts";

/** Facts about parts, not the parts: they can be streamed. */
export interface Fit {
  readonly description: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly arch: UimageHeader["arch"];
  readonly kernel: FitKernel | null;
  /** A configuration for each; the first is the default. */
  readonly fdts: readonly FitPart[];
  readonly ramdisk: FitPart;
  /** Behind the tree, where each part begins at a multiple of 8 as device trees must, or inside it. */
  readonly data: "external" | "embedded";
}

export interface FitPart {
  readonly description: string;
  /** Bytes. */
  readonly size: number;
  readonly hashes: readonly FitHash[];
}

export interface FitKernel extends FitPart {
  /** What U-Boot unpacks; a ramdisk is unpacked by the kernel. */
  readonly compression: UimageHeader["compression"];
  readonly load: number;
  readonly entry: number;
}

export interface FitHash {
  readonly algorithm: "sha256" | "crc32";
  readonly value: Uint8Array;
}

/** Bytes of the FIT itself, or a part of it: kernel, device trees and ramdisk, counted from 0 in this order. */
export type FitPiece = Uint8Array | { readonly part: number };

export type FitErrorCode = "too-large" | "no-fit" | "no-ramdisk" | "bad-data" | "bad-hash";
export const FitError = FormatError<FitErrorCode>;

/** U-Boot keeps sizes and offsets in an int. */
export const FIT_LIMIT = 0x7fff_ffff;
const ALIGNMENT = 8;

/** Its length does not depend on the values of the hashes. Throws FormatError "too-large" and "bad-text". */
export function encodeFit(fit: Fit): FitPiece[] {
  const parts = partsOf(fit);
  const size = parts.reduce((sum, part) => sum + aligned(part.size), 0);
  if (size > FIT_LIMIT) {
    throw new FitError("too-large", 0, `parts of ${size} bytes; U-Boot reads FIT images up to ${FIT_LIMIT}`);
  }
  const tree = encodeFdt(treeOf(fit, parts), [...FIRST_NAMES, ...namesOf(fit), ...LAST_NAMES[fit.data]]);
  if (fit.data === "external") return withDataBehind(tree, parts);
  let part = 0;
  return tree.map((piece) => (piece instanceof Uint8Array ? piece : { part: part++ }));
}

/** What the nodes of the parts are called, in their order. */
export function fitNodes({ kernel, fdts }: { readonly kernel: unknown; readonly fdts: readonly unknown[] }) {
  return [
    ...(kernel === null ? [] : ["kernel-1"]),
    ...fdts.map((_, index) => `fdt-${index + 1}`),
    "ramdisk-1",
  ];
}

interface NamedPart extends FitPart {
  readonly name: string;
  readonly properties: readonly FdtProperty[];
}

function partsOf({ arch, kernel, fdts, ramdisk }: Fit): NamedPart[] {
  const ofArch = text("arch", arch);
  const os = text("os", "linux");
  const plain = text("compression", "none");
  const kernels = kernel === null ? [] : [kernel];
  return [
    ...kernels.map((part) => ({
      ...part,
      name: "kernel-1",
      properties: [
        text("type", "kernel"),
        ofArch,
        os,
        text("compression", part.compression),
        { name: "load", value: fdtAddress(part.load) },
        { name: "entry", value: fdtAddress(part.entry) },
      ],
    })),
    ...fdts.map((part, index) => ({
      ...part,
      name: `fdt-${index + 1}`,
      properties: [text("type", "flat_dt"), ofArch, plain],
    })),
    { ...ramdisk, name: "ramdisk-1", properties: [text("type", "ramdisk"), ofArch, os, plain] },
  ];
}

/** What mkimage adds to a node stands before what its source says. */
function treeOf(fit: Fit, parts: readonly NamedPart[]): FdtNode {
  let offset = 0;
  const images = parts.map((part) => {
    const node = imageNode(part, fit.data, offset);
    offset += aligned(part.size);
    return node;
  });
  const root = [
    { name: "timestamp", value: fdtU32(fit.time) },
    text("description", fit.description),
    { name: "#address-cells", value: fdtU32(1) },
  ];
  return node("", root, [node("images", [], images), configurations(fit)]);
}

function imageNode(part: NamedPart, data: Fit["data"], offset: number): FdtNode {
  const description = text("description", part.description);
  const place =
    data === "embedded"
      ? [description, { name: "data", value: { hole: part.size } }]
      : [
          { name: "data-size", value: fdtU32(part.size) },
          { name: "data-offset", value: fdtU32(offset) },
          description,
        ];
  const hashes = part.hashes.map(({ algorithm, value }, index) =>
    node(`hash-${index + 1}`, [{ name: "value", value }, text("algo", algorithm)], []),
  );
  return node(part.name, [...place, ...part.properties], hashes);
}

function configurations({ description, kernel, fdts }: Fit): FdtNode {
  const ramdisk = text("ramdisk", "ramdisk-1");
  const withKernel = kernel === null ? [] : [text("kernel", "kernel-1")];
  const nodes =
    fdts.length === 0
      ? [node("conf-1", [text("description", description), ...withKernel, ramdisk], [])]
      : fdts.map((fdt, index) => {
          const own = [...withKernel, text("fdt", `fdt-${index + 1}`), ramdisk];
          return node(`conf-${index + 1}`, [text("description", fdt.description), ...own], []);
        });
  return node("configurations", [text("default", "conf-1")], nodes);
}

function withDataBehind(tree: readonly FdtValue[], parts: readonly NamedPart[]): FitPiece[] {
  const [head] = tree;
  if (!(head instanceof Uint8Array) || tree.length !== 1) throw new TypeError("a tree with holes");
  const padded = new Uint8Array(aligned(head.length));
  padded.set(head);
  // As mkimage: the padding belongs to the tree, whose size is where the first part begins.
  new DataView(padded.buffer).setUint32(4, padded.length);
  return [
    padded,
    ...parts.flatMap(({ size }, part) => {
      const zeros = new Uint8Array(aligned(size) - size);
      return zeros.length === 0 ? [{ part }] : [{ part }, zeros];
    }),
  ];
}

/** In the order in which dtc meets them in a source, before mkimage adds its own: "data" then stands in it, whatever becomes of it. */
const FIRST_NAMES = ["description", "#address-cells", "data"];
const LAST_NAMES = {
  external: ["timestamp", "value", "data-offset", "data-size"],
  embedded: ["timestamp", "value"],
} as const;

function namesOf(fit: Fit): string[] {
  const ofParts = partsOf(fit).flatMap(({ properties, hashes }) => [
    ...properties.map(({ name }) => name),
    ...hashes.map(() => "algo"),
  ]);
  const { kernel, fdts } = fit;
  return [
    ...ofParts,
    "default",
    ...(kernel === null ? [] : ["kernel"]),
    ...(fdts.length === 0 ? [] : ["fdt"]),
    "ramdisk",
  ];
}

function node(name: string, properties: readonly FdtProperty[], children: readonly FdtNode[]): FdtNode {
  return { name, properties, children };
}

function text(name: string, value: string): FdtProperty {
  return { name, value: fdtText(value) };
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
