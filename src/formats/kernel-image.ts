/**
 * The files in which boot loaders find a Linux kernel, and where in each the kernel itself lies. Sources: linux
 * Documentation/arch/x86/boot.rst, arch/arm64/booting.rst, arch/riscv/boot-image-header.rst,
 * arch/arm/boot/compressed/{head.S,vmlinux.lds.S}, drivers/firmware/efi/libstub/zboot-header.S.
 */
import type { ElfMachine } from "../core/arch.ts";
import { findAll } from "./byte-search.ts";
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { readElfMachine } from "./elf.ts";
import { FormatError } from "./format-error.ts";
import { type CompressedKind, memberKindOf } from "./member.ts";
import { decodePe, elfMachineOf, isPe, sectionSizeInFile } from "./pe.ts";

export type KernelMachine = Pick<ElfMachine, "machine" | "bits" | "endian">;

/** Part of a file. */
export interface Extent {
  readonly offset: number;
  readonly size: number;
}

export type KernelImage =
  /** The kernel as it lies in memory (`Image`), or as an ELF file (`vmlinux`). */
  | {
      readonly kind: "bare";
      readonly form: "Image" | "vmlinux";
      readonly machine: KernelMachine;
      /** Bytes that it takes where it is started, more than the file has; null: it does not say. */
      readonly memorySize: number | null;
    }
  /** A packed kernel behind a program that unpacks it; null: it is not said of which machine. */
  | {
      readonly kind: "packed";
      readonly form: "bzImage" | "zImage" | "EFI zboot" | "compressed file";
      readonly machine: KernelMachine | null;
      /** Where it may begin: the first that can be unpacked is it. */
      readonly places: readonly PackedKernel[];
    }
  /** Another of these files is part of it. */
  | { readonly kind: "wrapped"; readonly form: "unified kernel image"; readonly inside: Extent };

export interface PackedKernel extends Extent {
  readonly packing: CompressedKind;
}

export const KernelImageError = FormatError<"no-kernel" | "truncated">;

const HEAD = 0x260;
const X86 = { bits: { 32: 3, 64: 62 }, setupSectorsAt: 0x1f1, magicAt: 0x202, versionAt: 0x206 } as const;
const X86_LOAD_FLAGS_AT = 0x236;
const X86_PAYLOAD_AT = 0x248;
/** Of the boot protocol: the first that says where the payload is, and the first that says whether it has 64 bits. */
const [WITH_PAYLOAD, WITH_LOAD_FLAGS] = [0x0208, 0x020c];
const ARM_MAGIC = 0x016f2818;
const [ARM_TABLE_MAGIC, ARM_SIZE_TAG] = [0x45454545, 0x5a534c4b];
/** What an arm kernel may be packed with, by enough bytes to be found among code. */
const MAGICS: readonly (readonly [packing: CompressedKind, magic: string])[] = [
  ["gzip", "1f8b0800"],
  ["xz", "fd377a585a00"],
  ["lzop", "894c5a4f000d0a1a0a"],
  ["lz4", "02214c18"],
  ["zstd", "28b52ffd"],
  ["lzma", "5d000000"],
];
/** A loop over what only looks like a beginning ends. */
const MOST_PLACES = 8;

/** Throws FormatError for what is no kernel, or one that is cut short. */
export function findKernel(source: ByteSource): KernelImage {
  const head = Uint8Array.from(source.read(0, HEAD));
  const found =
    readBzImage(head, source) ?? readZboot(head, source) ?? readImage(head) ?? readZimage(head, source);
  if (found !== null) return found;
  const machine = readElfMachine(head);
  if (machine !== null) return { kind: "bare", form: "vmlinux", machine, memorySize: null };
  if (isPe(head)) return readUki(source);
  const packing = memberKindOf(head);
  if (packing === null) throw new KernelImageError("no-kernel", 0, "no kernel of a kind that is known here");
  const places = [{ packing, offset: 0, size: source.size }];
  return { kind: "packed", form: "compressed file", machine: null, places };
}

function readBzImage(head: Uint8Array, source: ByteSource): KernelImage | null {
  const view = viewOf(head);
  const isLong = head.length >= HEAD;
  if (textAt(head, X86.magicAt, 4) !== "HdrS" || !isLong) return null;
  const version = view.getUint16(X86.versionAt, true);
  if (version < WITH_PAYLOAD)
    throw new KernelImageError("no-kernel", X86.versionAt, "a kernel of Linux before 2.6.26");
  const is64 = version >= WITH_LOAD_FLAGS && (view.getUint16(X86_LOAD_FLAGS_AT, true) & 1) === 1;
  const sectors = head[X86.setupSectorsAt] || 4;
  const offset = (sectors + 1) * 512 + view.getUint32(X86_PAYLOAD_AT, true);
  const length = view.getUint32(X86_PAYLOAD_AT + 4, true);
  const machine = { machine: X86.bits[is64 ? 64 : 32], bits: is64 ? 64 : 32, endian: "little" } as const;
  return { kind: "packed", form: "bzImage", machine, places: [packedAt(source, { offset, size: length })] };
}

function readZboot(head: Uint8Array, source: ByteSource): KernelImage | null {
  if (textAt(head, 4, 4) !== "zimg" || !isPe(head) || head.length < 0x40) return null;
  const view = viewOf(head);
  const offset = view.getUint32(8, true);
  const size = view.getUint32(12, true);
  return { kind: "packed", form: "EFI zboot", machine: null, places: [packedAt(source, { offset, size })] };
}

/** Behind all but gzip the build appends the unpacked size (scripts/Makefile.lib, size_append), which some decoders stumble at. */
function packedAt(source: ByteSource, { offset, size }: Extent): PackedKernel {
  if (offset + size > source.size || size < 8)
    throw new KernelImageError("truncated", source.size, "the file ends within its kernel");
  const packing = memberKindOf(source.read(offset, 4));
  if (packing === null)
    throw new KernelImageError("no-kernel", offset, "a kernel that is packed in no known way");
  return { packing, offset, size: packing === "gzip" ? size : size - 4 };
}

/** arm64 and riscv have the same header; other machines (loongarch) are known by their PE header. */
function readImage(head: Uint8Array): KernelImage | null {
  if (head.length < 0x40) return null;
  const view = viewOf(head);
  // Kernels before 3.17 say nothing.
  const memorySize = Number(view.getBigUint64(16, true)) || null;
  const bare = { kind: "bare", form: "Image", memorySize } as const;
  const flags = view.getUint32(24, true);
  if (textAt(head, 0x38, 4) === "ARM\x64")
    return { ...bare, machine: { machine: 183, bits: 64, endian: (flags & 1) === 1 ? "big" : "little" } };
  if (textAt(head, 0x38, 4) === "RSC\x05")
    return { ...bare, machine: { machine: 243, bits: 64, endian: "little" } };
  return null;
}

function readZimage(head: Uint8Array, source: ByteSource): KernelImage | null {
  if (head.length < 0x34) return null;
  const view = viewOf(head);
  const isLittle = view.getUint32(0x24, true) === ARM_MAGIC;
  if (!isLittle && view.getUint32(0x24, false) !== ARM_MAGIC) return null;
  const endian = isLittle ? "little" : "big";
  const end = endOfPiggy(head, source, isLittle);
  const places = MAGICS.flatMap(([packing, magic]) => {
    const found: PackedKernel[] = [];
    for (const offset of findAll(source, Buffer.from(magic, "hex"))) {
      if (offset >= end) break;
      const size = end - offset + (packing === "gzip" ? 4 : 0);
      if (found.push({ packing, offset, size }) === MOST_PLACES) break;
    }
    return found;
  });
  return { kind: "packed", form: "zImage", machine: { machine: 40, bits: 32, endian }, places };
}

/** Where its unpacked size stands, which since Linux 4.15 a table of the header tells. */
function endOfPiggy(head: Uint8Array, source: ByteSource, isLittle: boolean): number {
  if (head.length < 0x3c || viewOf(head).getUint32(0x34, isLittle) !== ARM_TABLE_MAGIC) return source.size;
  const table = Uint8Array.from(source.read(viewOf(head).getUint32(0x38, isLittle), 12));
  if (table.length < 12 || viewOf(table).getUint32(4, isLittle) !== ARM_SIZE_TAG) return source.size;
  return Math.min(viewOf(table).getUint32(8, isLittle), source.size);
}

function readUki(source: ByteSource): KernelImage {
  const pe = decodePe(source);
  const linux = pe.sections.find(({ name }) => name === ".linux");
  if (linux !== undefined) {
    const inside = { offset: linux.offset, size: sectionSizeInFile(linux) };
    return { kind: "wrapped", form: "unified kernel image", inside };
  }
  const machine = elfMachineOf(pe);
  if (machine === null) throw new KernelImageError("no-kernel", pe.headerAt, "a PE file, and no kernel");
  return { kind: "bare", form: "Image", machine: { ...machine, endian: "little" }, memorySize: null };
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
}
