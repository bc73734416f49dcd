/** Reference test: what readelf(1) says of every ELF file of this machine's /usr/lib and its cross libraries. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ByteString, HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { type ElfFile, ET_DYN, ET_EXEC, readElf } from "../../src/formats/elf.ts";
import { FileScanner } from "../../src/graph/scan-file.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { PathResolver } from "../../src/trees/resolve-path.ts";
import { elfFilesBelow } from "../support/elf-files.ts";
import { writeElf } from "../support/elf-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const DIRECTORIES = ["/usr/lib", "/usr/s390x-linux-gnu", "/usr/powerpc-linux-gnu", "/usr/aarch64-linux-gnu"];
const PER_RUN = 200;

test("says of every ELF file of this machine what readelf says", requireTool("readelf"), (t) => {
  const tree = directoryTree("/" as HostPath);
  const paths = new PathResolver(tree);
  const scanner = new FileScanner(tree, () => {});
  const files = DIRECTORIES.flatMap((directory) => elfFilesBelow(directory, { paths, scanner }))
    // Of a kernel module and an object file there is nothing to say.
    .filter(({ elf }) => elf.type === ET_DYN || elf.type === ET_EXEC);
  const differences: unknown[] = [];
  for (let at = 0; at < files.length; at += PER_RUN) {
    const some = files.slice(at, at + PER_RUN);
    const said = runReadelf(some.map(({ path }) => `/${path}`));
    some.forEach(({ path, elf }, index) => {
      const ours = JSON.stringify(summaryOf(elf));
      const theirs = JSON.stringify(said[index]);
      if (ours !== theirs) differences.push({ path, ours, theirs });
    });
  }
  assert.deepEqual(differences, []);
  assert.ok(files.length > 100, `only ${files.length} files were compared`);
  t.diagnostic(`${files.length} files`);
});

test("the files that our tests write are ELF files to readelf as well", requireTool("readelf"), (t) => {
  const directory = scratchDirectory(t);
  for (const bits of [32, 64] as const) {
    for (const endian of ["little", "big"] as const) {
      const bytes = writeElf({
        bits,
        endian,
        interpreter: "/lib/ld.so",
        needed: ["liba.so", "libb.so"],
        soname: "me.so",
        rpath: "/r",
        runpath: "/s",
        auxiliary: ["aux.so"],
        filter: ["filter.so"],
        flags1: 0x801,
      });
      const file = join(directory, `${bits}-${endian}`);
      writeFileSync(file, bytes);
      assert.deepEqual(runReadelf([file])[0], summaryOf(readElf(sourceOf(bytes))!));
    }
  }
});

interface Summary {
  readonly bits: number;
  readonly endian: string;
  readonly flags: number;
  readonly interpreter: string | null;
  readonly soname: string | null;
  readonly needed: readonly string[];
  readonly rpath: string | null;
  readonly runpath: string | null;
  readonly auxiliary: readonly string[];
  readonly filter: readonly string[];
  readonly hasNoDefaultLib: boolean;
}

function summaryOf(elf: ElfFile): Summary {
  const { interpreter, soname, needed, rpath, runpath, auxiliary, filter, hasNoDefaultLib } = elf;
  const { bits, endian, flags } = elf.machine;
  const said = { interpreter, soname, needed, rpath, runpath, auxiliary, filter, hasNoDefaultLib };
  return { bits, endian, flags, ...said };
}

function runReadelf(files: readonly string[]): Summary[] {
  const options = { encoding: "latin1", env: { ...process.env, LC_ALL: "C" }, maxBuffer: 1 << 28 } as const;
  // With more than one file it says the name of each.
  const { stdout } = spawnSync("readelf", ["-hldW", files[0] ?? "", ...files], options);
  return stdout
    .split(/^File: .*$/m)
    .slice(2)
    .map(parseReadelf);
}

function parseReadelf(text: string): Summary {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as ByteString);
  const one = (pattern: RegExp) => all(pattern).at(-1) ?? null;
  return {
    bits: Number(one(/^ {2}Class: +ELF(32|64)$/gm)),
    endian: one(/^ {2}Data: +2's complement, (little|big) endian$/gm) ?? "",
    flags: Number.parseInt(one(/^ {2}Flags: +0x([0-9a-f]+)/gm) ?? "", 16),
    interpreter: one(/\[Requesting program interpreter: (.*)\]$/gm),
    soname: one(/\(SONAME\) +Library soname: \[(.*)\]$/gm),
    needed: all(/\(NEEDED\) +Shared library: \[(.*)\]$/gm),
    rpath: one(/\(RPATH\) +Library rpath: \[(.*)\]$/gm),
    runpath: one(/\(RUNPATH\) +Library runpath: \[(.*)\]$/gm),
    auxiliary: all(/\(AUXILIARY\) +Auxiliary library: \[(.*)\]$/gm),
    filter: all(/\(FILTER\) +Filter library: \[(.*)\]$/gm),
    hasNoDefaultLib: /\(FLAGS_1\) +Flags: .*\bNODEFLIB\b/.test(text),
  };
}
