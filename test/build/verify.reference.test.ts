/** Reference test: what verify alters leaves no trace in images of real trees. */
import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireLabTree } from "../support/tools.ts";

const RECIPES: Readonly<Record<string, string>> = {
  "sysroot-arm64": `contents: [{ object: /usr/bin/bash }, { object: /etc/ssl }]
fit: { kernel: { file: ./Image, load: 0x40400000 } }
`,
  "sysroot-amd64-modules": `kernel: { modules: [kernel/fs/fat, virtio-pci, virtio_net] }
compressor: gzip
silence: [kernel/built-in, kernel/implied]
`,
  "nix-root": `contents: [{ object: /nix/store/*-diamond }, { object: /nix/store/*-long-0 }]
compressor: none
`,
};

for (const [tree, recipe] of Object.entries(RECIPES)) {
  test(
    `${tree}: built again as another machine would, the image is the same`,
    requireLabTree(tree, "kernels"),
    (t) => {
      const scratch = scratchDirectory(t);
      copyFileSync(join(labTree("kernels"), "arm64/vmlinuz"), join(scratch, "Image"));
      writeFileSync(join(scratch, "initrd.yaml"), recipe);
      const words = ["--sysroot", labTree(tree), "--json"];
      const said = JSON.parse(initgraph("verify", join(scratch, "initrd.yaml"), ...words));
      assert.deepEqual([said.ok, said.difference, said.altered.length], [true, null, 2]);
      assert.deepEqual(
        said.notAltered.filter((line: string) => !line.startsWith("the user: ")),
        [],
      );
    },
  );
}
