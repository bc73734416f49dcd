/** An arm64 board's way: a uInitrd made on another machine, loaded and checked by a real U-Boot. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { bootLayersWithUboot, bootWithUboot } from "../support/uboot.ts";

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

test("U-Boot loads layers side by side by the lines that were emitted for it", needed, async (t) => {
  const scratch = scratchDirectory(t);
  const board = join(RECIPES, "uboot-arm64.yaml");
  const recipe = join(scratch, "layered.yaml");
  writeFileSync(
    recipe,
    `name: layered
layers: [{name: base, use: ${board}}, {name: extra, compressor: none, files: {/etc/extra: "6 * 7"}}]
files: {/etc/motd: {text: "on top "}}
`,
  );
  const tree = ["--sysroot", labTree("sysroot-arm64")];
  const image = buildRecipe(recipe, scratch, "--emit", "layers", ...tree);
  const { emitted } = JSON.parse(readFileSync(`${image}.manifest.json`, "utf8"));
  const files = (emitted as { file: string }[]).map(({ file }) => join(scratch, "result", file));
  assert.equal(files.length, 3);
  const [, lines = ""] = /# U-Boot.*\n([^#]*)/.exec(readFileSync(`${image}.loaders.txt`, "utf8")) ?? [];
  await bootLayersWithUboot({
    layers: files,
    lines: lines.trim().split("\n"),
    turns: [{ expect: /initgraph: busybox ready/ }, { expect: /# /, send: "cat /etc/motd /etc/extra" }],
    until: /on top 6 \* 7/,
  });
});
