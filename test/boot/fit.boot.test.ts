/** FIT images made on another machine, loaded and verified by a real U-Boot. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodeFdt, fdtText } from "../../src/formats/fdt.ts";
import { buildRecipe, initgraph, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { bootWithUboot, FIT_ADDRESS, KERNEL_ADDRESS, writeDeviceTree } from "../support/uboot.ts";

const needed = requireAll(
  requireTool("qemu-system-aarch64", "mformat", "mcopy"),
  requireLabTree("kernels/arm64/u-boot.bin", "kernels/arm64/vmlinuz", "sysroot-arm64"),
);

const TURNS = [
  { expect: /initgraph: busybox ready \(Linux \S+ aarch64/ },
  { expect: /# /, send: "printf hello | sha256sum | cut -c 1-8" },
];
const COMPATIBLE = { name: "compatible", value: fdtText("test,other-board") };
const OTHER_BOARD = Buffer.concat(
  encodeFdt({ name: "", properties: [COMPATIBLE], children: [] }) as Uint8Array[],
);
const UNTIL = /\n2cf24dba\n/;

/** The arm64 recipe with another wrapper. */
function buildWith(wrapper: string, directory: string): string {
  const text = readFileSync(join(RECIPES, "uboot-arm64.yaml"), "utf8");
  assert.match(text, /^makeUInitrd: true.*$/m);
  const recipe = join(directory, "board.yaml");
  cpSync(join(RECIPES, "busybox"), join(directory, "busybox"), { recursive: true });
  writeFileSync(
    recipe,
    text.replace(/^makeUInitrd: true.*$/m, wrapper).replace(/^name: .*$/m, "name: board"),
  );
  return buildRecipe(recipe, directory, "--sysroot", labTree("sysroot-arm64"));
}

for (const embeddedData of [false, true]) {
  test(
    `U-Boot boots a FIT with kernel and device tree, data ${embeddedData ? "embedded" : "external"}`,
    needed,
    async (t) => {
      const directory = scratchDirectory(t);
      writeDeviceTree(join(directory, "virt.dtb"));
      writeFileSync(join(directory, "other.dtb"), OTHER_BOARD);
      const kernel = `{file: ${labTree("kernels/arm64/vmlinuz")}, load: ${KERNEL_ADDRESS}}`;
      const wrapper = `fit: {kernel: ${kernel}, fdt: [./other.dtb, ./virt.dtb], embeddedData: ${embeddedData}}
board: {kernel: {address: ${KERNEL_ADDRESS}, size: 128 MiB}, ramdisk: {address: ${FIT_ADDRESS}}}`;
      const image = buildWith(wrapper, directory);
      const said = await bootWithUboot({ image, way: "FIT", turns: TURNS, until: UNTIL });
      assert.match(said, /Description: +board\.zst/);
      assert.match(said, /Using 'conf-2' configuration/, "that of its own device tree");
    },
  );
}

test("U-Boot takes the ramdisk of a FIT beside a kernel of its own", needed, async (t) => {
  const directory = scratchDirectory(t);
  const built = buildWith("fit: true", directory);
  const image = join(directory, "wrapped.itb");
  initgraph("wrap", "--as", "fit", "--name", "board", "-o", image, `${built}.zst`);
  assert.deepEqual(readFileSync(image), readFileSync(built), "wrapped and built are the same");
  const said = await bootWithUboot({ image, way: "FIT of a ramdisk", turns: TURNS, until: UNTIL });
  assert.match(said, /Type: +RAMDisk Image/);
  const damaged = readFileSync(image);
  damaged[damaged.length - 100]! ^= 1;
  writeFileSync(image, damaged);
  await assert.rejects(
    bootWithUboot({ image, way: "FIT of a ramdisk", until: UNTIL }),
    /Bad Data Hash/,
    "the digest is what U-Boot looks at",
  );
});
