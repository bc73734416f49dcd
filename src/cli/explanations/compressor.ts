/** Explanations: compressors that cannot be what the recipe asks for. */
import type { CompressorProblem } from "../../core/problems/spec.ts";
import type { Explanation } from "./explanation.ts";

export const COMPRESSOR: Readonly<Record<CompressorProblem["code"], Explanation>> = {
  "spec/bad-command": {
    title: "the compressor's command line cannot be read",
    happened:
      "A compressor is a name or a command line with quotes as in a shell. This one is empty, or has a quote that stays open.",
    causes: ["an apostrophe in a path", "a variable with an empty value"],
    remedies: ["close the quote, or put the arguments into `compressorArgs`"],
    example: 'compressor: zstd "-19',
    mended: "compressor: zstd -19",
  },
  "spec/unknown-compressor": {
    title: "a compressor that initgraph does not know has no file name extension",
    happened:
      "Any program may be the compressor. Of those in the table initgraph knows arguments, extension and what the kernel takes; of others the recipe must say at least the extension.",
    causes: ["a slip in the name", "a program of your own"],
    remedies: ["take a name of the table", 'say `extension: ".sq"` for a program of your own'],
    example: "compressor: zsdt",
    mended: "compressor: zstd",
  },
  "spec/needs-uinitrd-compression": {
    title: "U-Boot has no name for this compression",
    happened:
      "The header of a uInitrd names its compression, and U-Boot's list has no xz. The kernel unpacks a ramdisk, not U-Boot, so `none` is right for nearly everybody.",
    causes: ["`makeUInitrd` with xz, pixz or a program of your own"],
    remedies: ["say `uInitrdCompression: none`", "take zstd or gzip"],
    example: "compressor: xz\nmakeUInitrd: true",
    mended: "compressor: xz\nmakeUInitrd: true\nuInitrdCompression: none",
  },
  "spec/kernel-refuses": {
    title: "the kernel could not unpack what the compressor would write",
    happened:
      "The kernel's decompressors know less than the programs that compress: xz with CRC32 only, lz4 in the legacy format only, zstd with a window up to 128 MiB. An image it cannot unpack ends in a panic at boot, so this is refused before anything is built.",
    causes: [
      "arguments that are right for ordinary files",
      "`compressorArgs`, which replace the safe defaults",
    ],
    remedies: [
      "take the argument away, or add the one that the help names",
      "say only the name: the table's arguments fit the kernel",
    ],
    example: "compressor: xz\ncompressorArgs: [--check=crc64]",
    mended: "compressor: xz\ncompressorArgs: [--check=crc32]",
  },
  "spec/machine-dependent": {
    title: "the compressor would write other bytes on other machines",
    happened:
      "With `-T0` or `--adapt` the bytes depend on how many cores the machine has, or how fast it is. The same recipe must give the same image everywhere.",
    causes: ["-T0 for speed"],
    remedies: ["leave it out: segments are compressed side by side anyway", "say a fixed number, as -T1"],
    example: "compressor: xz --check=crc32 -T0",
    mended: "compressor: xz --check=crc32",
  },
  "spec/compressor-argument": {
    title: "an argument does not fit the compressor",
    happened: "The compressor would decompress, ignore the level, or has no use for arguments at all.",
    causes: [
      "a level from 20 to 22 of zstd without --ultra, which zstd itself would quietly lower",
      "-d among the arguments",
      "arguments for `none`",
    ],
    remedies: ["add --ultra, or take a level up to 19", "leave the argument out"],
    example: "compressor: zstd -22",
    mended: "compressor: zstd --ultra -22",
  },
  "spec/level-with-arguments": {
    title: "a level and arguments contradict each other",
    happened:
      "`level` is a short way to say one argument. Beside arguments it is not clear which one counts.",
    causes: ["a `level` that was added later"],
    remedies: ["say the level among the arguments: -19", "leave the arguments out"],
    example: "compressor: { name: zstd, level: 19 }\ncompressorArgs: [--long=27]",
    mended: 'compressor: zstd\ncompressorArgs: ["-19", --long=27]',
  },
  "spec/bad-level": {
    title: "the compressor has no such level",
    happened: "Each compressor has its own range of levels.",
    causes: ["a level of another compressor: zstd goes to 22, gzip to 9"],
    remedies: ["take a level of the range that the message names"],
    example: "compressor: { name: gzip, level: 12 }",
    mended: "compressor: { name: gzip, level: 9 }",
  },
  "spec/no-builtin": {
    title: "there is no embedded codec for what is asked",
    happened:
      "`engine: builtin` asks for the codec inside initgraph, the same bytes on every machine. There is one for zstd and for gzip, with levels; no other compressor or argument has one.",
    causes: ["`engine: builtin` with xz or lz4", "an argument besides the level"],
    remedies: ["take `engine: auto` or `tool`, which run the machine's program", "take zstd or gzip"],
    example: "compressor: { name: xz, engine: builtin }",
    mended: "compressor: { name: zstd, engine: builtin }",
  },
};
