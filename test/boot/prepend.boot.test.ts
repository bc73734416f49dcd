/** An early segment in front of the image: the kernel must see both. */
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe } from "../support/initgraph.ts";
import { microcodeRecipe } from "../support/microcode.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const needed = requireAll(
  requireTool("qemu-system-x86_64", "cpio"),
  requireLabTree("kernels/x86", "sysroot-amd64"),
);

test("the kernel sees the microcode in front and the image behind it", needed, async (t) => {
  const scratch = scratchDirectory(t);
  const { recipe } = microcodeRecipe(scratch);
  const image = buildRecipe(recipe, scratch, "--sysroot", labTree("sysroot-amd64"));
  await boot({
    machine: "x86",
    image,
    turns: [
      { expect: /initgraph: busybox ready/ },
      { expect: /# /, send: "sha256sum < /kernel/x86/microcode/GenuineIntel.bin | cut -c 1-8" },
    ],
    until: /\n2cf24dba\n/,
  });
});
