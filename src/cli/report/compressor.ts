/** The sentences about compressors: the second half of the spec page. */
import { unreachable } from "../../core/entry.ts";
import type { CompressorProblem, KernelLimit, SpecProblem } from "../../core/problems/spec.ts";
import { type Sentence, sentence } from "./sentence.ts";

const CODES: Readonly<Record<CompressorProblem["code"], true>> = {
  "spec/bad-command": true,
  "spec/unknown-compressor": true,
  "spec/needs-uinitrd-compression": true,
  "spec/kernel-refuses": true,
  "spec/machine-dependent": true,
  "spec/compressor-argument": true,
  "spec/level-with-arguments": true,
  "spec/bad-level": true,
  "spec/no-builtin": true,
};

export function isCompressorProblem(problem: SpecProblem): problem is CompressorProblem {
  return Object.hasOwn(CODES, problem.code);
}

export function sayCompressorProblem(problem: CompressorProblem): Sentence {
  const { at } = problem;
  switch (problem.code) {
    case "spec/bad-command": {
      const faults = {
        empty: "the compressor is empty",
        "open-quote": "the compressor's command line has a quote that stays open",
        "control-character": "the compressor's command line holds a control character",
      };
      return sentence(faults[problem.fault], { at });
    }
    case "spec/unknown-compressor":
      return sentence(`the compressor ${problem.name} is unknown, so its file name extension must be given`, {
        at,
        mark: problem.nearest === null ? "" : `did you mean "${problem.nearest}"?`,
        details: [["known", problem.known.join(", ")]],
        help: 'take a known one, or say "extension"',
      });
    case "spec/needs-uinitrd-compression":
      return sentence(`U-Boot has no name for the compression of ${problem.name}`, {
        at,
        help: 'say "uInitrdCompression", e.g. none: the kernel unpacks a ramdisk, not U-Boot',
      });
    case "spec/kernel-refuses": {
      const { compressor, argument } = problem;
      const what = argument === null ? compressor : `${compressor} ${argument}`;
      const [why, help] = LIMITS[problem.limit];
      return sentence(`the kernel cannot unpack what ${what} writes: ${why}`, { at, help });
    }
    case "spec/machine-dependent":
      return sentence(`${problem.compressor} ${problem.argument} gives other bytes on other machines`, {
        at,
        help: "say a fixed number of threads (-T1), or none: segments are compressed side by side anyway",
      });
    case "spec/compressor-argument": {
      const what = `${problem.compressor} ${problem.argument}`;
      const faults = {
        decompresses: [`${what} does not compress`, ""],
        "needs-ultra": [`${what} works only with --ultra`, 'say "--ultra" too, or a level up to 19'],
        copies: [`${problem.compressor} copies as it is and takes no arguments`, "leave them out"],
      } as const;
      const [headline, help] = faults[problem.fault];
      return sentence(headline, { at, help });
    }
    case "spec/level-with-arguments":
      return sentence('"level" and arguments contradict each other', {
        at,
        help: "say the level among the arguments, e.g. -19",
      });
    case "spec/bad-level":
      return sentence(
        problem.range === null
          ? `${problem.compressor} has no levels that initgraph knows of`
          : `the levels of ${problem.compressor} go from ${problem.range[0]} to ${problem.range[1]}, not to ${problem.level}`,
        { at },
      );
    case "spec/no-builtin":
      return sentence(
        problem.argument === null
          ? `there is no embedded codec for ${problem.isPath ? "a program given by its path" : problem.compressor}`
          : `the embedded codec of ${problem.compressor} does not know ${problem.argument}`,
        { at, help: "take engine: tool or auto; zstd and gzip are embedded, with levels" },
      );
    default:
      return unreachable(problem);
  }
}

/** Why, and what to do. */
const LIMITS: Readonly<Record<KernelLimit, readonly [why: string, help: string]>> = {
  "unknown-format": ["it has no decompressor for that format", "take zstd, xz or gzip"],
  "other-format": ["it is not the format that this name stands for", "leave the argument out"],
  "skippable-frames": [
    "it puts skippable frames in front, which the kernel does not pass over",
    "take zstd (initgraph compresses segments side by side anyway)",
  ],
  "many-streams": [
    "it cuts a file into several streams, and each must end with an entry",
    "take bzip2 or lbzip2",
  ],
  "gzip-extra-fields": ["the kernel reads no extra fields in a gzip header", "take gzip or pigz"],
  "gzip-comment": ["the kernel reads no comment in a gzip header", "leave the argument out"],
  "xz-check": [
    "it knows only the checks crc32 and none, and xz takes crc64 by itself",
    'add "--check=crc32"',
  ],
  "xz-delta": ["it has no delta filter", "leave the argument out"],
  "lzma-properties": ["it knows only streams with lc=3, lp=0, pb=2", "leave lc, lp and pb out"],
  "lz4-frame": ["it knows only the legacy format", 'add "-l"'],
  "lzop-no-checksum": ["it expects one checksum for each block", "leave the argument out"],
  "lzop-extra-checksum": ["it expects one checksum for each block, not two", "leave the argument out"],
  "lzop-filter": ["it does not undo filters", "leave the argument out"],
  "zstd-window": ["its window ends at 128 MiB", "--long=27 is the most"],
  "zstd-dictionary": ["it has no dictionaries", "leave the argument out"],
};
