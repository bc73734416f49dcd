/** An arm64 board's way: a uInitrd made on another machine, loaded and checked by a real U-Boot. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { bootWithUboot } from "../support/uboot.ts";

const needed = requireAll(
  requireTool("qemu-system-aarch64", "mformat", "mcopy"),
  requireLabTree("kernels/arm64/u-boot.bin", "sysroot-arm64"),
);

test("U-Boot verifies the arm64 recipe's uInitrd and boots it to its prompt", needed, async (t) => {
  const recipe = join(RECIPES, "uboot-arm64.yaml");
  const image = buildRecipe(recipe, scratchDirectory(t), "--sysroot", labTree("sysroot-arm64"));
  const said = await bootWithUboot({
    image,
    way: "uInitrd",
    turns: [
      { expect: /initgraph: busybox ready \(Linux \S+ aarch64/ },
      { expect: /# /, send: "printf hello | sha256sum | cut -c 1-8" },
    ],
    until: /\n2cf24dba\n/,
  });
  assert.match(said, /Image Type: +AArch64 Linux RAMDisk Image/);
});
