/** What a kernel can do, from whichever file there is of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { optionOf } from "../../../src/check/kernel/kernel-abilities.ts";
import { readKernelFile } from "../../../src/check/kernel/read-kernel-file.ts";
import type { HostPath } from "../../../src/core/path.ts";
import { arm64Image, bareKernel, bzImage, zboot, zImage } from "../../support/kernel-writer.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { AARCH64, peFile } from "../../support/pe-writer.ts";
import { problemsOf } from "../../support/problems.ts";

const OPTIONS = ["BLK_DEV_INITRD", "RD_GZIP", "RD_LZMA", "RD_ZSTD", "BINFMT_SCRIPT"];
const CONFIG = [
  ...Array.from({ length: 20 }, (_, index) => `CONFIG_OPTION_${index}=y`),
  "CONFIG_ARM64=y",
  "CONFIG_BLK_DEV_INITRD=y",
  "CONFIG_RD_GZIP=y",
  "# CONFIG_RD_ZSTD is not set",
  "",
].join("\n");

function read(path: string, files: Readonly<Record<string, Uint8Array | string>>) {
  return readKernelFile(path as HostPath, { host: memoryHost(files) });
}

async function optionsOf(path: string, files: Readonly<Record<string, Uint8Array | string>>) {
  const abilities = await read(path, files);
  return OPTIONS.map((name) => optionOf(abilities, name)).join(" ");
}

test("of a configuration all is known", async () => {
  assert.equal(await optionsOf("/boot/config-6.1", { "/boot/config-6.1": CONFIG }), "y y n n n");
  const { machine } = await read("/c", { "/c": CONFIG });
  assert.deepEqual(machine, { machine: 183, bits: 64, endian: "little" });
});

test("of a kernel alone, what its bytes prove, and nothing of the rest", async () => {
  const kernel = { lacks: ["lzma"] };
  const packed = gzipSync(bareKernel(kernel));
  for (const bytes of [
    bzImage(packed),
    arm64Image(kernel),
    gzipSync(arm64Image(kernel)),
    zboot(gzipSync(arm64Image(kernel)), AARCH64),
    zImage(gzipSync(bareKernel({ ...kernel, bits: 32 }))),
    peFile({ sections: [{ name: ".linux", bytes: bzImage(packed) }] }),
  ])
    assert.equal(await optionsOf("/vmlinuz", { "/vmlinuz": bytes }), "y y n y ");
  assert.equal(
    await optionsOf("/k", { "/k": bzImage(gzipSync(bareKernel({ hasInitrd: false, lacks: null }))) }),
    "n    ",
  );
});

test("the configuration within a kernel counts, then the one beside it, and its bytes before either", async () => {
  const files = { "/boot/vmlinuz-6.1": arm64Image({ lacks: ["gzip"] }), "/boot/config-6.1": CONFIG };
  assert.equal(await optionsOf("/boot/vmlinuz-6.1", files), "y n y y n");
  const { configuration } = await read("/boot/vmlinuz-6.1", files);
  assert.equal(configuration, "/boot/config-6.1");
  const within = { "/k": arm64Image({ lacks: null, config: CONFIG }) };
  assert.equal(await optionsOf("/k", within), "y y n n n");
});

test("what is no kernel is told with its place", async () => {
  for (const [bytes, why] of [
    ["root:x:0:0:\n", /no kernel of a kind/],
    [gzipSync("nothing of a kernel"), /no kernel of a kind/],
    [bzImage(Buffer.from("1f8b0800ffffffff", "hex")), /gzip/],
    [peFile(), /which version of Linux/],
  ] as const) {
    const [problem] = await problemsOf(() => read("/k", { "/k": bytes }));
    assert.ok(problem?.code === "image/kernel-unreadable");
    assert.match(problem.why, why);
  }
  const [missing] = await problemsOf(() => read("/none", {}));
  assert.ok(missing?.code === "image/kernel-unreadable");
});
