/** Layers of all kinds over one another, as the kernel unpacks them: each with a compressor of its own, later over earlier. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const canBoot = requireAll(requireTool("qemu-system-x86_64"), requireLabTree("kernels/x86"));
const KINDS = ["zstd", "none", "lz4", "gzip", "none", "lzma", "xz", "lzop", "lzma", "lz4", "bzip2"];
const needed = requireAll(
  canBoot,
  ...["lz4", "xz", "lzop", "bzip2", "lzma"].map((tool) => requireTool(tool)),
);

test(
  "the kernel unpacks layers of every kind behind one another, the later over the earlier",
  needed,
  async (t) => {
    const scratch = scratchDirectory(t);
    copyFileSync(labTree("kernels/x86/busybox"), join(scratch, "busybox"));
    const layers = KINDS.map((kind, index) => {
      // Files of odd lengths, so that members end anywhere.
      const text = `layer ${index} ${"x".repeat(index * 7)}`;
      return `  - {name: l${index}, compressor: ${kind}, files: {/own/${index}: "${text}", /over/same: "${index}"}}`;
    });
    writeFileSync(
      join(scratch, "layers.yaml"),
      `name: layers
layers:
${layers.join("\n")}
sysroot: .
compressor: zstd
contents: [{object: ./busybox, target: /bin/busybox}]
files:
  /dev/console: {device: c, major: 5, minor: 1}
  /init: |
    #!/bin/busybox sh
    cd /own
    for one in *; do
      /bin/busybox grep -q "^layer $one x*$" "$one" || echo "TEST-FAILED at $one"
    done
    echo "last is $(/bin/busybox cat /over/same) of $(/bin/busybox ls | /bin/busybox wc -l)"
    exec /bin/busybox sh
`,
    );
    const joined = buildRecipe(join(scratch, "layers.yaml"), scratch, "--emit", "layers");
    const { emitted } = JSON.parse(readFileSync(`${joined}.manifest.json`, "utf8"));
    const sideBySide = join(scratch, "side-by-side");
    const files = (emitted as { file: string }[]).map(({ file }) =>
      readFileSync(join(scratch, "result", file)),
    );
    writeFileSync(sideBySide, Buffer.concat(files.flatMap((bytes) => [bytes, padding(bytes)])));
    const last = KINDS.length - 1;
    for (const image of [joined, sideBySide]) {
      await boot({ machine: "x86", image, until: new RegExp(`last is ${last} of ${KINDS.length}`) });
    }
  },
);

/** As GRUB and systemd-boot fill up a file before they load the next behind it. */
function padding(bytes: Buffer): Buffer {
  return Buffer.alloc((4 - (bytes.length % 4)) % 4);
}
