import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ARCH_NAMES, ARCHES, archByName, archOf, type ElfMachine } from "../../src/core/arch.ts";

/** Headers as compilers write them: e_machine, class, byte order, e_flags. */
// biome-ignore format: a table
const HEADERS: readonly (readonly [machine: number, bits: 32 | 64, endian: "little" | "big", flags: number, name: string | null])[] = [
  [62, 64, "little", 0, "x86_64"], [62, 32, "little", 0, "x32"], [3, 32, "little", 0, "i386"],
  [183, 64, "little", 0, "aarch64"], [183, 64, "big", 0, "aarch64_be"],
  [40, 32, "little", 0x05000400, "armhf"], [40, 32, "little", 0x05000200, "armel"], [40, 32, "little", 0x05000000, "armhf"],
  [40, 32, "big", 0x05800400, "armebhf"], [40, 32, "big", 0x05800200, "armeb"],
  [243, 64, "little", 5, "riscv64"], [243, 64, "little", 1, "riscv64-sf"], [243, 64, "little", 3, "riscv64-sp"],
  [243, 32, "little", 4, "riscv32"], [243, 32, "little", 0, "riscv32-sf"], [243, 64, "little", 6, null],
  [8, 32, "big", 0x70001007, "mips"], [8, 32, "little", 0x70001007, "mipsel"],
  [8, 32, "big", 0x80000027, "mipsn32"], [8, 32, "little", 0x80000027, "mipsn32el"],
  [8, 64, "big", 0x80000007, "mips64"], [8, 64, "little", 0x80000007, "mips64el"],
  [8, 32, "little", 0x90001407, "mipsr6el"], [8, 32, "big", 0x90001407, "mipsr6"],
  [8, 32, "little", 0xa0000427, "mipsn32r6el"], [8, 64, "little", 0xa0000407, "mips64r6el"], [8, 64, "big", 0xa0000407, "mips64r6"],
  [8, 32, "little", 0x70001407, null],
  [20, 32, "big", 0, "ppc"], [21, 64, "big", 1, "ppc64"], [21, 64, "little", 2, "ppc64le"], [21, 64, "little", 0, "ppc64le"], [21, 64, "little", 1, null],
  [22, 64, "big", 0, "s390x"], [22, 32, "big", 0, "s390"],
  [2, 32, "big", 0, "sparc"], [18, 32, "big", 0x100, "sparc"], [43, 64, "big", 0, "sparc64"],
  [258, 64, "little", 0x43, "loongarch64"], [258, 64, "little", 0x41, "loongarch64-sf"], [258, 64, "little", 0x42, "loongarch64-sp"],
  [4, 32, "big", 0, "m68k"], [0x9026, 64, "little", 0, "alpha"], [15, 32, "big", 0x210, "hppa"],
  [195, 32, "little", 0x406, "arc"],
  [42, 32, "little", 9, "sh4"], [42, 32, "big", 9, "sh4eb"],
  [9999, 32, "little", 0, null],
];

describe("a machine has its name", () => {
  for (const [machine, bits, endian, flags, name] of HEADERS) {
    test(`${name ?? "none"}: e_machine ${machine}, ${bits} bits, ${endian}-endian, flags 0x${flags.toString(16)}`, () => {
      const elf: ElfMachine = { machine, bits, endian, flags };
      assert.equal(archOf(elf)?.name ?? null, name);
    });
  }
});

test("every name means one machine, and every machine is in the table above", () => {
  assert.equal(new Set(ARCH_NAMES).size, ARCH_NAMES.length);
  for (const { name, aliases } of ARCHES) {
    for (const alias of aliases) assert.equal(archByName(alias)?.name, name);
  }
  const tried = new Set(HEADERS.map(([, , , , name]) => name));
  assert.deepEqual(
    ARCHES.map(({ name }) => name).filter((name) => !tried.has(name)),
    ["riscv32-sp", "mipsn32r6"],
  );
});

test("a triplet belongs to machines of one processor", () => {
  const machines = new Map<string, number>();
  for (const { triplet, machine } of ARCHES) {
    assert.equal(machines.get(triplet) ?? machine, machine, triplet);
    machines.set(triplet, machine);
  }
});
