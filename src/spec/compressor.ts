/**
 * Which compressor a recipe means: the rules of nixpkgs' make-initrd.nix (the name is the last part of the
 * command's first word, the table knows its arguments), and who runs: an embedded codec or the machine's
 * program. What the kernel would refuse is refused here, before anything is built.
 */
import { bytesOf, type HostPath, parseHostPath } from "../core/path.ts";
import type { CompressorProblem } from "../core/problems/spec.ts";
import type { Span } from "../core/span.ts";
import { splitCommand } from "./command-line.ts";
import {
  COMPRESSORS,
  type CompressorName,
  type CompressorRow,
  type CompressorSpec,
  type EngineSpec,
} from "./compressors.ts";
import { type ReadArguments, readGzipArguments, readZstdArguments } from "./embedded-codecs.ts";
import { lastValue, objectionsTo } from "./kernel-limits.ts";

/** What the recipe or the command line says of the compressor. */
export interface CompressorRequest {
  /** A name or a command line. */
  readonly command: string;
  readonly level: number | null;
  readonly engine: "auto" | "builtin" | "tool";
  /** In place of the table's arguments; null: those. */
  readonly args: readonly string[] | null;
  /** Where the command and each of the arguments stand; null: not in the recipe. */
  readonly at: Span | null;
  readonly levelAt: Span | null;
  readonly argsAt: readonly Span[];
  /** `./zstd` is seen from here. */
  readonly directory: HostPath;
}

export interface ResolvedCompressor {
  readonly spec: CompressorSpec;
  /** Null: not in the table. */
  readonly row: CompressorRow | null;
}

type Report = (problem: CompressorProblem) => void;

/** Null where a problem was reported. */
export function resolveCompressor(request: CompressorRequest, report: Report): ResolvedCompressor | null {
  const { command, at } = request;
  const words = splitCommand(command);
  const fault = /[\0-\x1f\x7f]/.test(command) ? "control-character" : words === null ? "open-quote" : "empty";
  if (fault === "control-character" || words === null || !words[0]) {
    report({ code: "spec/bad-command", at, command, fault });
    return null;
  }
  const [program, ...own] = words as [string, ...string[]];
  const name = program.slice(program.lastIndexOf("/") + 1);
  const row = rowOf(name);
  const wanted: Wanted = { request, program, name, row, args: argumentsOf(own, row, request) };
  const before = countReports(report);
  checkLevel(wanted, own, before.report);
  const engine = row?.format === "none" ? nobody(wanted, before.report) : engineOf(wanted, before.report);
  if (engine === null || before.count() > 0) return null;
  return { spec: { name, format: row?.format ?? "other", engine, at }, row };
}

/** One of the table as a recipe would get it that says no more than the name. */
export function compressorNamed(name: CompressorName): CompressorSpec {
  const request = {
    command: name,
    level: null,
    engine: "auto",
    args: null,
    at: null,
    levelAt: null,
  } as const;
  const resolved = resolveCompressor({ ...request, argsAt: [], directory: "/" as HostPath }, () => {});
  if (resolved === null) throw new TypeError(`the table's own ${name} is refused`);
  return resolved.spec;
}

interface Wanted {
  readonly request: CompressorRequest;
  readonly program: string;
  readonly name: string;
  readonly row: CompressorRow | null;
  /** As the program would get them, with where each stands. */
  readonly args: readonly PlacedArgument[];
}

interface PlacedArgument {
  readonly text: string;
  readonly at: Span | null;
}

export function rowOf(name: string): CompressorRow | null {
  return Object.hasOwn(COMPRESSORS, name) ? COMPRESSORS[name as CompressorName] : null;
}

/** The table's arguments stand first, so that those of the command win: zstd takes the last level. */
function argumentsOf(
  own: readonly string[],
  row: CompressorRow | null,
  request: CompressorRequest,
): PlacedArgument[] {
  const { args, argsAt, at, level, levelAt } = request;
  const place = (words: readonly string[], where: Span | null) => words.map((text) => ({ text, at: where }));
  const ownPlaced = place(own, at);
  if (args !== null) return [...ownPlaced, ...args.map((text, index) => ({ text, at: argsAt[index] ?? at }))];
  const leveled =
    level === null ? [] : [...(row?.format === "zstd" && level > 19 ? ["--ultra"] : []), `-${level}`];
  return [...place(row?.args ?? [], at), ...ownPlaced, ...place(leveled, levelAt ?? at)];
}

/** First and last level of each program; what is not here has none. */
const LEVELS: Readonly<Record<string, readonly [number, number]>> = {
  gzip: [1, 9],
  pigz: [1, 9],
  bzip2: [1, 9],
  xz: [0, 9],
  pixz: [0, 9],
  lzma: [0, 9],
  lz4: [1, 12],
  lzop: [1, 9],
  zstd: [1, 22],
  pzstd: [1, 22],
};

function checkLevel({ request, name }: Wanted, own: readonly string[], report: Report): void {
  const { level, levelAt, at, args } = request;
  if (level === null) return;
  if (args !== null || own.length > 0) report({ code: "spec/level-with-arguments", at: levelAt ?? at });
  const range = Object.hasOwn(LEVELS, name) ? LEVELS[name]! : null;
  if (range && level >= range[0] && level <= range[1]) return;
  report({ code: "spec/bad-level", at: levelAt ?? at, compressor: name, level, range });
}

function nobody({ name, args, request }: Wanted, report: Report): EngineSpec {
  for (const { text, at } of args.slice(0, 1)) {
    if (request.level !== null) break; // has its own problem
    report({ code: "spec/compressor-argument", at, compressor: name, argument: text, fault: "copies" });
  }
  return { by: "nobody" };
}

function engineOf(wanted: Wanted, report: Report): EngineSpec | null {
  const { request, program, name, row, args } = wanted;
  const isPath = program.includes("/");
  const embedded = row && !isPath ? EMBEDDED[name] : undefined;
  if (embedded && request.engine !== "tool") {
    const read = embedded.read(args.map(({ text }) => text));
    if ("level" in read) return builtin(wanted, embedded.codec, read.level, report);
    if (request.engine === "builtin") {
      const at = args.find(({ text }) => text === read.unknown)?.at ?? request.at;
      report({ code: "spec/no-builtin", at, compressor: name, argument: read.unknown, isPath });
      return null;
    }
  }
  if (request.engine === "builtin") {
    report({ code: "spec/no-builtin", at: request.at, compressor: name, argument: null, isPath });
    return null;
  }
  return programEngine(wanted, report);
}

interface EmbeddedCodec {
  readonly codec: "gzip" | "zstd";
  readonly read: (args: readonly string[]) => ReadArguments;
}

/**
 * pigz and pzstd are gzip and zstd on many cores, as the embedded codecs are anyway: segments are compressed
 * side by side. (The real pzstd writes skippable frames, which the kernel refuses.)
 */
const EMBEDDED: Readonly<Record<string, EmbeddedCodec>> = {
  gzip: { codec: "gzip", read: readGzipArguments },
  pigz: { codec: "gzip", read: readGzipArguments },
  zstd: { codec: "zstd", read: readZstdArguments },
  pzstd: { codec: "zstd", read: readZstdArguments },
};

function builtin({ name, args }: Wanted, codec: "gzip" | "zstd", level: number, report: Report): EngineSpec {
  // zstd(1) would silently take 19 instead.
  const isUltra = args.some(({ text }) => text === "--ultra");
  if (codec === "zstd" && level > 19 && !isUltra) {
    const { text, at } = args.findLast((arg) => arg.text === `-${level}`)!;
    report({ code: "spec/compressor-argument", at, compressor: name, argument: text, fault: "needs-ultra" });
  }
  return { by: "builtin", codec, level };
}

function programEngine({ request, program, name, row, args }: Wanted, report: Report): EngineSpec {
  const texts = args.map(({ text }) => text);
  for (const { text, at } of args) {
    if (!/^(-d|--decompress|--uncompress)$/.test(text) || row === null) continue;
    report({ code: "spec/compressor-argument", at, compressor: name, argument: text, fault: "decompresses" });
  }
  for (const { index, limit } of objectionsTo(name, texts)) {
    const argument = index === null ? null : texts[index]!;
    const at = index === null ? (request.argsAt[0] ?? request.at) : args[index]!.at;
    if (limit === "machine-dependent") {
      report({ code: "spec/machine-dependent", at, compressor: name, argument: argument ?? "" });
    } else report({ code: "spec/kernel-refuses", at, compressor: name, argument, limit });
  }
  const path = program.includes("/") ? parseHostPath(bytesOf(program), request.directory)! : program;
  return { by: "program", program: path, args: [...texts, ...reproducible(name, texts)] };
}

/** Arguments without which a program's output holds a time, or depends on the machine's cores. */
function reproducible(name: string, args: readonly string[]): string[] {
  const isGzip = name === "gzip" || name === "pigz";
  const hasNoName = args.some((arg) => arg === "--no-name" || /^-[0-9a-z]*n/.test(arg));
  if (isGzip && !hasNoName) return ["-n"];
  // xz 5.6 and later take all cores by themselves, and write other bytes then.
  const isXz = name === "xz" || name === "lzma";
  return isXz && lastValue(args, "threads", "T") === null ? ["-T1"] : [];
}

function countReports(report: Report): { readonly report: Report; count(): number } {
  let count = 0;
  return {
    report: (problem) => {
      count++;
      report(problem);
    },
    count: () => count,
  };
}
