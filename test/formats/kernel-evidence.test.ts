/** What the bytes of a kernel that is not packed tell of how it was built. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { readEmbeddedConfig } from "../../src/formats/ikconfig.ts";
import { parseKernelConfig } from "../../src/formats/kernel-config.ts";
import { readDecompressors } from "../../src/formats/kernel-decompressors.ts";
import type { KernelMachine } from "../../src/formats/kernel-image.ts";
import { readKernelStrings } from "../../src/formats/kernel-strings.ts";
import { arm64Image, bareKernel } from "../support/kernel-writer.ts";
import { randomSource } from "../support/random.ts";

const X86_64: KernelMachine = { machine: 62, bits: 64, endian: "little" };
const ARM64: KernelMachine = { machine: 183, bits: 64, endian: "little" };
const ARM: KernelMachine = { machine: 40, bits: 32, endian: "little" };
const CONFIG = Array.from({ length: 20 }, (_, index) => `CONFIG_OPTION_${index}=y\n`).join("");

test("a configuration has what is set, and what is not", () => {
  const config = parseKernelConfig(
    `# a comment\n${CONFIG}CONFIG_M=m\nCONFIG_S="a=b"\n# CONFIG_N is not set\r\n`,
  );
  assert.equal(config?.size, 23);
  assert.deepEqual(
    ["OPTION_3", "M", "S", "N", "X"].map((name) => config?.get(name)),
    ["y", "m", '"a=b"', "n", undefined],
  );
  assert.equal(parseKernelConfig("root:x:0:0\nCONFIG_A=y\n"), null);
});

test("the table of decompressors says which are built in", () => {
  for (const [kernel, machine] of [
    [bareKernel({ lacks: ["lzma", "zstd"] }), X86_64],
    [bareKernel({ lacks: ["lzma", "zstd"], bits: 32 }), ARM],
    [arm64Image({ lacks: ["lzma", "zstd"] }), ARM64],
  ] as const) {
    const found = readDecompressors(sourceOf(kernel), machine);
    assert.deepEqual(Object.fromEntries(found ?? []), {
      gzip: true,
      bzip2: true,
      lzma: false,
      xz: true,
      lzop: true,
      lz4: true,
      zstd: false,
    });
  }
});

test("a kernel without the table, or with one that nobody can read, tells nothing", () => {
  assert.equal(readDecompressors(sourceOf(bareKernel({ lacks: null })), X86_64), null);
  const zeroed = arm64Image();
  assert.equal(readDecompressors(sourceOf(zeroed), X86_64), null, "pointers that nobody is known to set");
  const cut = bareKernel();
  assert.equal(readDecompressors(sourceOf(cut.subarray(0, 4096 + 100)), X86_64), null);
});

test("a configuration within the kernel is read, whatever else has its mark", () => {
  const config = readEmbeddedConfig(sourceOf(bareKernel({ config: CONFIG })));
  assert.equal(config?.size, 20);
  assert.equal(readEmbeddedConfig(sourceOf(bareKernel())), null);
  const damaged = Buffer.concat([Buffer.from("IKCFG_ST\x1f\x8b\x08 no gzip IKCFG_ED"), bareKernel()]);
  assert.equal(readEmbeddedConfig(sourceOf(damaged)), null);
});

test("texts tell of initrds, devtmpfs and modules", () => {
  const read = (kernel: Parameters<typeof bareKernel>[0]) =>
    readKernelStrings(sourceOf(bareKernel(kernel)), "6.1.0-test");
  const vermagic = "6.1.0-test SMP mod_unload aarch64";
  const untold = { hasElf: null, hasScripts: null, vermagic };
  assert.deepEqual(read({}), { hasInitrd: true, hasDevtmpfs: true, ...untold });
  assert.deepEqual(read({ hasInitrd: false, hasDevtmpfs: false }), {
    hasInitrd: false,
    hasDevtmpfs: false,
    ...untold,
  });
  const more = Buffer.concat([
    bareKernel(),
    Buffer.from("%d: elf segment at %px requested but the memory is mapped already\n\0load_script\0"),
  ]);
  const { hasElf, hasScripts } = readKernelStrings(sourceOf(more), "6.1.0-test");
  assert.deepEqual([hasElf, hasScripts], [true, true]);
  assert.equal(readKernelStrings(sourceOf(bareKernel()), "5.1").vermagic, null);
});

test("no bytes whatever make it throw", () => {
  const random = randomSource(3);
  const kernels = [bareKernel({ config: CONFIG }), arm64Image({ config: CONFIG })];
  for (let round = 0; round < 1500; round++) {
    const bytes = Buffer.from(kernels[round % 2]!);
    for (let flips = 0; flips < 20; flips++) bytes[random(bytes.length)] = random(256);
    const source = sourceOf(round % 3 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
    readEmbeddedConfig(source);
    for (const machine of [X86_64, ARM64, ARM]) readDecompressors(source, machine);
    readKernelStrings(source, "6.1.0-test");
  }
});
