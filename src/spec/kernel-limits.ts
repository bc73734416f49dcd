/**
 * What the kernel's decompressors refuse, told from a compressor's arguments before anything is built, and
 * what makes the output depend on the machine. Measured on kernels 5.10 to 7.2; sources: lib/decompress_*.c,
 * lib/xz, lib/zstd, init/initramfs.c of Linux.
 */
import type { KernelLimit } from "../core/problems/spec.ts";

/** An argument (by its place in the list; null: a missing one, or the program itself) and what it breaks. */
export interface Objection {
  readonly index: number | null;
  readonly limit: KernelLimit | "machine-dependent";
}

/** Programs that have no setting with which the kernel reads what they write. */
const REFUSED_PROGRAMS: Readonly<Record<string, KernelLimit>> = {
  pzstd: "skippable-frames",
  t2sz: "skippable-frames",
  pbzip2: "many-streams",
  bgzip: "gzip-extra-fields",
  lzip: "unknown-format",
  plzip: "unknown-format",
  lrzip: "unknown-format",
  brotli: "unknown-format",
  compress: "unknown-format",
  snzip: "unknown-format",
  zip: "unknown-format",
  "7z": "unknown-format",
};

/** Looks at the arguments as the program will get them. */
export function objectionsTo(name: string, args: readonly string[]): Objection[] {
  if (Object.hasOwn(REFUSED_PROGRAMS, name)) return [{ index: null, limit: REFUSED_PROGRAMS[name]! }];
  const judge = Object.hasOwn(JUDGES, name) ? JUDGES[name as keyof typeof JUDGES] : null;
  return judge ? judge(args) : [];
}

type Judge = (args: readonly string[]) => Objection[];

const JUDGES = {
  gzip: judgeGzip,
  pigz: judgeGzip,
  xz: judgeXz,
  lzma: judgeLzma,
  lz4: judgeLz4,
  lzop: judgeLzop,
  zstd: judgeZstd,
} satisfies Record<string, Judge>;

/** The kernel reads a gzip header with a file name, and no other of its fields. */
function judgeGzip(args: readonly string[]): Objection[] {
  return [
    ...matching(args, /^(--comment|-[0-9a-zA-Z]*C)/, "gzip-comment"),
    ...matching(args, /^(--zlib|--zip|-[0-9a-zA-BD-Z]*[zK])/, "other-format"),
  ];
}

/** Checks are crc32 or none (xz's own default is crc64), filters LZMA2 and one for machine code. */
function judgeXz(args: readonly string[]): Objection[] {
  const check = lastValue(args, "check", "C");
  const objections = matching(args, /^--delta/, "xz-delta");
  if (!check || !/^(crc32|none)$/.test(check.value)) {
    objections.push({ index: check?.index ?? null, limit: "xz-check" });
  }
  return [...objections, ...otherFormat(args, /^(xz|auto)$/), ...threadsOfMachine(args)];
}

/** The kernel knows an lzma stream by its first byte, which holds lc=3, lp=0 and pb=2. */
function judgeLzma(args: readonly string[]): Objection[] {
  const properties = /^--lzma1=(.*,)?(lc=[^3]|lp=[^0]|pb=[^2])/;
  return [
    ...matching(args, properties, "lzma-properties"),
    ...matching(args, /^--lzma2/, "other-format"),
    ...otherFormat(args, /^(lzma|alone)$/),
    ...threadsOfMachine(args),
  ];
}

/** Only the legacy format is known, which `-l` selects. */
function judgeLz4(args: readonly string[]): Objection[] {
  const isLegacy = args.some((arg) => /^-[^-]*l/.test(arg));
  return isLegacy ? [] : [{ index: null, limit: "lz4-frame" }];
}

/** Exactly one checksum for each block is read over, and no filter undone. */
function judgeLzop(args: readonly string[]): Objection[] {
  return [
    ...matching(args, /^(--no-checksum|-[^-]*F)/, "lzop-no-checksum"),
    ...matching(args, /^(--checksum|-[^-]*C)/, "lzop-extra-checksum"),
    ...matching(args, /^--filter/, "lzop-filter"),
  ];
}

/** The window ends at 128 MiB (2^27), and dictionaries are unknown. `--adapt` follows the machine's speed. */
function judgeZstd(args: readonly string[]): Objection[] {
  const objections: Objection[] = [
    ...matching(args, /^(-D|--patch-from)/, "zstd-dictionary"),
    ...matching(args, /^--max$/, "zstd-window"),
    ...matching(args, /^--adapt/, "machine-dependent"),
    ...otherFormat(args, /^zstd$/),
  ];
  for (const [index, arg] of args.entries()) {
    const window =
      /^--long=(\d+)/.exec(arg)?.[1] ?? /^--zstd=(?:.*,)?(?:wlog|windowLog)=(\d+)/.exec(arg)?.[1];
    if (window !== undefined && Number(window) > 27) objections.push({ index, limit: "zstd-window" });
  }
  return objections;
}

/** xz writes other bytes with one thread than with many; -T0 takes what the machine has. */
function threadsOfMachine(args: readonly string[]): Objection[] {
  const threads = lastValue(args, "threads", "T");
  return threads && /^\+?0*$/.test(threads.value)
    ? [{ index: threads.index, limit: "machine-dependent" }]
    : [];
}

function otherFormat(args: readonly string[], allowed: RegExp): Objection[] {
  const format = lastValue(args, "format", "F");
  return format && !allowed.test(format.value) ? [{ index: format.index, limit: "other-format" }] : [];
}

function matching(args: readonly string[], pattern: RegExp, limit: Objection["limit"]): Objection[] {
  return args.flatMap((arg, index) => (pattern.test(arg) ? [{ index, limit }] : []));
}

/** The value that an option has in the end: `--check=x`, `--check x`, `-Cx`, `-C x`, also behind other letters (`-9C x`). */
export function lastValue(
  args: readonly string[],
  long: string,
  short: string,
): { readonly index: number; readonly value: string } | null {
  let last: { index: number; value: string } | null = null;
  for (const [index, arg] of args.entries()) {
    const attached = new RegExp(`^(?:--${long}=|-[0-9a-z]*${short})(.+)$`).exec(arg)?.[1];
    const isAlone = new RegExp(`^(?:--${long}|-[0-9a-z]*${short})$`).test(arg);
    const value = attached ?? (isAlone ? (args[index + 1] ?? "") : null);
    if (value !== null) last = { index, value };
  }
  return last;
}
