import assert from "node:assert/strict";
import { test } from "node:test";
import { BuildFailure } from "../../src/core/problem.ts";
import type { KernelContents } from "../../src/kernel/kernel.ts";
import { firmware, KERNEL_TREE, kernelOf, kernelSpec, VERSION } from "../support/kernel-tree.ts";

const TREE = {
  ...KERNEL_TREE,
  "/usr/lib/firmware/net/a.bin.xz": "x",
  [`/usr/lib/firmware/${VERSION}/net/a.bin`]: "plain",
  "/usr/lib/firmware/net/b1.bin": { symlink: "../shared.bin" },
  "/usr/lib/firmware/net/b2.bin.zst": "z",
  "/usr/lib/firmware/shared.bin": "s",
  "/usr/lib/firmware/fs.bin": "f",
  "/usr/lib/firmware/other/x.bin": "o",
};

test("firmware is found where the kernel would: plain in any directory before packed, names with wildcards all", async () => {
  const kernel = await kernelOf(kernelSpec(["net"]), TREE);
  assert.deepEqual(paths(kernel), [
    `lib/firmware/${VERSION}/net/a.bin`,
    "lib/firmware/fs.bin",
    "lib/firmware/net/b1.bin",
    "lib/firmware/net/b2.bin.zst",
  ]);
  assert.deepEqual(kernel.warnings, [
    { code: "kernel/firmware-missing", driver: "net", names: ["none.bin"] },
  ]);
});

test("a kernel that cannot unpack firmware does not get it packed, and that is said", async () => {
  const kernel = await kernelOf(kernelSpec(["net"]), {
    ...TREE,
    [`/usr/lib/firmware/net/b2.bin.xz`]: "y",
    "/usr/lib/firmware/net/b3.bin.zst": "z",
    "/usr/lib/firmware/none.bin.zst": "z",
    [`/boot/config-${VERSION}`]:
      "CONFIG_FW_LOADER=y\nCONFIG_FW_LOADER_COMPRESS_XZ=y\n# CONFIG_FW_LOADER_COMPRESS_ZSTD is not set\n",
  });
  assert.deepEqual(paths(kernel), [
    `lib/firmware/${VERSION}/net/a.bin`,
    "lib/firmware/fs.bin",
    "lib/firmware/net/b1.bin",
    "lib/firmware/net/b2.bin.xz",
  ]);
  const configuration = `/boot/config-${VERSION}`;
  assert.deepEqual(kernel.warnings, [
    { code: "kernel/firmware-packed", driver: "net", names: ["none.bin"], configuration },
  ]);
});

test("firmware comes not at all, or all of it, or that which the recipe names", async () => {
  assert.deepEqual(paths(await kernelOf(kernelSpec(["net"], { firmware: firmware("none") }), TREE)), []);
  const some = await kernelOf(
    kernelSpec(["net"], { firmware: firmware("present", ["net/b*", "other/*"]) }),
    TREE,
  );
  assert.deepEqual(paths(some), [
    "lib/firmware/net/b1.bin",
    "lib/firmware/net/b2.bin.zst",
    "lib/firmware/other/x.bin",
  ]);
  assert.deepEqual(some.warnings, []);
});

test("firmware that must be there and is not, and a glob without any, are problems", async () => {
  const codes = async (work: Promise<unknown>) => {
    const failure = await work.then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(failure instanceof BuildFailure);
    return failure.problems.map(({ code }) => code);
  };
  const required = kernelSpec(["net"], { firmware: firmware("required") });
  assert.deepEqual(await codes(kernelOf(required, TREE)), ["kernel/firmware-not-found"]);
  assert.deepEqual(await codes(kernelOf(required, KERNEL_TREE)), [
    "kernel/firmware-not-found",
    "kernel/firmware-not-found",
  ]);
  const globs = kernelSpec(["net"], { firmware: firmware("present", ["nothing/*"]) });
  assert.deepEqual(await codes(kernelOf(globs, TREE)), ["kernel/firmware-glob"]);
});

function paths({ references }: KernelContents): string[] {
  const found = references.map(({ to }) => to as string).filter((path) => path.startsWith("lib/firmware"));
  return [...new Set(found)].sort();
}
