/**
 * Reference test: libraries that do not quite fit, each before one that does. The machine's own loader takes, passes by or
 * gives up at the same ones; but for one, at which upstream's loader gives up and Debian's does not: so do we.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { HostPath } from "../../../src/core/path.ts";
import { sourceOf } from "../../../src/formats/byte-source.ts";
import { readElf } from "../../../src/formats/elf.ts";
import { directoryTree } from "../../../src/host/directory-tree.ts";
import { type ElfWish, writeElf } from "../../support/elf-writer.ts";
import { ForeignRoot, machineOfTree, requireForeign } from "../../support/foreign-root.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { labTree, requireAll, requireLabTree } from "../../support/tools.ts";
import { loadingOf } from "./loading.ts";

const FLAGS: Readonly<Record<string, readonly number[]>> = {
  "sysroot-amd64": [],
  "sysroot-arm64": [],
  // hard, soft, unmarked, both marks, an old EABI with either
  "sysroot-armhf": [0x0500_0400, 0x0500_0200, 0x0500_0000, 0x0500_0600, 0x0400_0200, 0x200],
  "sysroot-i386": [],
  // NaN of 2008, n32, FP64, release 6
  "sysroot-mips64el": [0x8000_0407, 0x8000_0027, 0x8000_0207, 0xa000_0007],
  "sysroot-ppc64el": [0, 1, 2, 3],
  // float ABIs, with and without RVC; RVE
  "sysroot-riscv64": [0, 1, 3, 4, 5, 7, 13],
  "sysroot-s390x": [1],
};
const OTHER_ORDER = "another byte order";
const OSABIS = [0, 3, 9, 64, 97];

for (const [tree, flags] of Object.entries(FLAGS)) {
  const machine = machineOfTree(tree);
  const needs = requireAll(requireLabTree(tree), requireForeign(machine));

  test(`the loader of ${tree} takes, passes by and gives up at the same libraries`, needs, (t) => {
    const directory = scratchDirectory(t);
    const program = readElf(sourceOf(readFileSync(join(labTree(tree), "usr/bin/openssl"))))!;
    const loader = program.interpreter!;
    const put = (path: string, bytes: Uint8Array | string) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes, { mode: 0o755 });
    };
    const fitting = { ...program.machine, soname: "libx.so.1" };
    put(loader, readFileSync(join(labTree(tree), "usr/lib", machine.triplet, loader.replace(/.*\//, ""))));
    put("/usr/bin/env", readFileSync(join(labTree(tree), "usr/bin/env")));
    put("/bin/main", writeElf({ ...program.machine, interpreter: loader, needed: ["libx.so.1"] }));
    put(`/usr/lib/${machine.triplet}/libx.so.1`, writeElf(fitting));
    const root = new ForeignRoot(directory, machine);
    const wishes: (readonly [string, ElfWish | string])[] = [
      ...flags.map((value) => [`flags 0x${value.toString(16)}`, { ...fitting, flags: value }] as const),
      ...OSABIS.map((osabi) => [`OS ABI ${osabi}`, { ...fitting, osabi }] as const),
      ["another machine", { ...fitting, machine: 9999 }],
      ["another size", { ...fitting, bits: program.machine.bits === 64 ? 32 : 64 }],
      [OTHER_ORDER, { ...fitting, endian: program.machine.endian === "little" ? "big" : "little" }],
      ["a program", { ...fitting, type: 2 }],
      ["a text", "no library, but longer than the header of one would be, to be sure"],
    ];
    const outcomes = wishes.map(([what, wish]) => {
      const first = `/lib/${machine.triplet}/libx.so.1`;
      put(first, typeof wish === "string" ? wish : writeElf(wish));
      // As the root is: no cache passes by what a directory has.
      const loading = loadingOf(directoryTree(directory as HostPath), [], [], "never");
      const { libraries } = loading.load("/bin/main");
      const outcome = libraries[0]!.outcome;
      const ours = outcome.kind === "found" ? outcome.foundAt : outcome.kind;
      const theirs = root.list(loader, "/bin/main").get("libx.so.1") ?? "fatal";
      rmSync(join(directory, first));
      return { what, ours: ours as string, theirs };
    });
    const strict = outcomes.find(({ what }) => what === OTHER_ORDER);
    assert.equal(strict?.ours, "fatal");
    assert.deepEqual(
      outcomes.filter(({ what, ours, theirs }) => ours !== theirs && what !== OTHER_ORDER),
      [],
    );
    assert.equal(new Set(outcomes.map(({ theirs }) => theirs)).size, 3);
  });
}
