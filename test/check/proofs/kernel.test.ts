/** What a kernel lacks for an image, by its options. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelAbilities } from "../../../src/check/kernel/kernel-abilities.ts";
import { writeElf } from "../../support/elf-writer.ts";
import { loadableTree } from "../../support/loadable-tree.ts";
import { findingsOf, GOOD, told } from "./good-image.ts";

const OPTIONS = [
  "BLK_DEV_INITRD",
  "RD_ZSTD",
  "BINFMT_ELF",
  "BINFMT_SCRIPT",
  "MODULES",
  "DEVTMPFS",
  "IA32_EMULATION",
];

function kernelWith(
  options: Readonly<Record<string, string>>,
  configuration: string | null = "config",
): KernelAbilities {
  const all = configuration === null ? [] : OPTIONS.map((name) => [name, "y"] as const);
  return {
    form: "a bzImage",
    machine: { machine: 62, bits: 64, endian: "little" },
    version: "6.1.0",
    vermagic: null,
    configuration,
    options: new Map([...all, ...Object.entries(options)]),
    memorySize: null,
    image: null,
  };
}

test("nothing is said of a kernel that has all", async () => {
  assert.deepEqual(await told(GOOD, { kernel: kernelWith({}) }), []);
});

test("finds each option that is not set, or set as a module", async () => {
  for (const [option, value, code] of [
    ["BLK_DEV_INITRD", "n", "check/kernel-no-initrd"],
    ["INITRAMFS_FORCE", "y", "check/kernel-ignores-initrd"],
    ["RD_ZSTD", "n", "check/kernel-no-decompressor"],
    ["BINFMT_ELF", "n", "check/kernel-no-programs"],
    ["BINFMT_SCRIPT", "m", "check/kernel-no-scripts"],
    ["DEVTMPFS", "n", "check/kernel-no-devtmpfs"],
  ] as const)
    assert.deepEqual(await told(GOOD, { kernel: kernelWith({ [option]: value }) }), [code], option);
});

test("asks for nothing that an image does not need", async () => {
  const kernel = kernelWith({ DEVTMPFS: "n", MODULES: "n", IA32_EMULATION: "n", RD_XZ: "n" });
  assert.deepEqual(await told({ ...GOOD, "/dev/null": { char: [1, 3], mode: 0o666 } }, { kernel }), []);
});

test("programs of 32 bits, and of another machine", async () => {
  const small = { mode: 0o755, bytes: writeElf({ machine: 3, bits: 32, type: 2, isDynamic: false }) };
  const image = { ...GOOD, "/bin/small": small };
  assert.deepEqual(await told(image, { kernel: kernelWith({}) }), []);
  assert.deepEqual(await told(image, { kernel: kernelWith({ IA32_EMULATION: "n" }) }), [
    "check/kernel-no-compatibility",
  ]);
  const machine = { machine: 183, bits: 64, endian: "little" } as const;
  const codes = await told(image, { kernel: { ...kernelWith({}), machine } });
  assert.deepEqual([...new Set(codes)], ["check/program-foreign"]);
});

test("what its bytes do not tell is unproven, and what they prove is told", async () => {
  const kernel = kernelWith({ BLK_DEV_INITRD: "y", RD_ZSTD: "n", DEVTMPFS: "y" }, null);
  const findings = await findingsOf(loadableTree(Object.fromEntries(Object.entries(GOOD))), { kernel });
  assert.deepEqual(findings.slice(0, 2), [
    { code: "check/kernel-no-decompressor", kind: "zstd", option: "CONFIG_RD_ZSTD" },
    {
      code: "check/kernel-untold",
      options: ["CONFIG_BINFMT_ELF", "CONFIG_BINFMT_SCRIPT"],
    },
  ]);
});
