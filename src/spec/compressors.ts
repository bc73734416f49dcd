/**
 * The compressors that a recipe can name, with the default arguments, extensions and U-Boot names of
 * nixpkgs' `initrd-compressor-meta.nix`. `magic` is how the kernel recognises what each writes.
 */
import type { Span } from "../core/span.ts";

export type CompressorName = keyof typeof COMPRESSORS;

/** What a compressor's output is, whichever program makes it. `other`: judged by its bytes alone. */
export type CompressionFormat = "none" | "gzip" | "bzip2" | "xz" | "lzma" | "lz4" | "lzop" | "zstd" | "other";

export interface CompressorRow {
  readonly format: CompressionFormat;
  readonly program: string;
  readonly args: readonly string[];
  readonly extension: string;
  /** As mkimage -C calls it; null: U-Boot has no name for it and the recipe must say one. */
  readonly uboot: string | null;
}

// biome-ignore format: a table
export const COMPRESSORS = {
  none:   { format: "none",  program: "cat",   args: [], extension: ".cpio", uboot: "none" },
  cat:    { format: "none",  program: "cat",   args: [], extension: ".cpio", uboot: "none" },
  gzip:   { format: "gzip",  program: "gzip",  args: ["-9n"], extension: ".gz", uboot: "gzip" },
  pigz:   { format: "gzip",  program: "pigz",  args: ["-9n"], extension: ".gz", uboot: "gzip" },
  bzip2:  { format: "bzip2", program: "bzip2", args: [], extension: ".bz2", uboot: "bzip2" },
  xz:     { format: "xz",    program: "xz",    args: ["--check=crc32", "--lzma2=dict=512KiB"], extension: ".xz", uboot: null },
  pixz:   { format: "xz",    program: "pixz",  args: [], extension: ".xz", uboot: null },
  lzma:   { format: "lzma",  program: "lzma",  args: ["--check=crc32", "--lzma1=dict=512KiB"], extension: ".lzma", uboot: "lzma" },
  lz4:    { format: "lz4",   program: "lz4",   args: ["-l"], extension: ".lz4", uboot: "lz4" },
  lzop:   { format: "lzop",  program: "lzop",  args: [], extension: ".lzo", uboot: "lzo" },
  zstd:   { format: "zstd",  program: "zstd",  args: ["-10"], extension: ".zst", uboot: "zstd" },
  pzstd:  { format: "zstd",  program: "pzstd", args: ["-10"], extension: ".zst", uboot: "zstd" },
} as const satisfies Record<string, CompressorRow>;

/** The compressor a recipe asks for, decided. */
export interface CompressorSpec {
  /** The name as nixpkgs derives it: the last part of the program's path. */
  readonly name: string;
  readonly format: CompressionFormat;
  readonly engine: EngineSpec;
  /** Null where the default was taken. */
  readonly at: Span | null;
}

/** Who compresses. `builtin` gives the same bytes on every machine; `program` is the machine's own tool. */
export type EngineSpec =
  | { readonly by: "nobody" }
  | { readonly by: "builtin"; readonly codec: "gzip" | "zstd"; readonly level: number }
  | { readonly by: "program"; readonly program: string; readonly args: readonly string[] };
