/** An early segment in front of the image: the kernel must see both. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const needed = requireAll(
  requireTool("qemu-system-x86_64", "cpio"),
  requireLabTree("kernels/x86", "sysroot-amd64"),
);

test("the kernel sees the microcode in front and the image behind it", needed, async (t) => {
  const scratch = scratchDirectory(t);
  cpSync(RECIPES, join(scratch, "recipes"), { recursive: true });
  writeEarlyCpio(scratch, join(scratch, "recipes/microcode.cpio"));
  const recipe = join(scratch, "recipes/microcode.yaml");
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

/** As microcode.yaml says to make it, of contents that no processor takes. */
function writeEarlyCpio(scratch: string, path: string): void {
  const early = join(scratch, "early");
  mkdirSync(join(early, "kernel/x86/microcode"), { recursive: true });
  writeFileSync(join(early, "kernel/x86/microcode/GenuineIntel.bin"), "hello");
  const command = 'cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet > "$2"';
  execFileSync("sh", ["-ec", command, "sh", early, path]);
}
