/** Secrets as the kernel unpacks them: behind all else, in directories of the image and through its symlinks. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const canBoot = requireAll(requireTool("qemu-system-x86_64"), requireLabTree("kernels/x86"));

const INIT = `#!/bin/busybox sh
for file in /etc/keys/key /lib/key /usr/lib/neighbour; do
  echo "$file: $(/bin/busybox stat -c '%a %u:%g' $file) $(/bin/busybox cat $file)"
done
/bin/busybox test -L /lib || echo TEST-FAILED
echo "that is all"
exec /bin/busybox sh
`;

/** zstd is written by the embedded codec; lzop by its program, all else as one stream. */
const IMAGES = [
  { compressor: "none", isResealed: false },
  { compressor: "zstd", isResealed: false },
  { compressor: "zstd", isResealed: true },
  { compressor: "lzop", isResealed: true },
] as const;

for (const { compressor, isResealed } of IMAGES) {
  const needed = requireAll(canBoot, requireTool(...(compressor === "lzop" ? ["lzop"] : [])));
  const name = `the kernel finds the secrets of a ${compressor} image${isResealed ? " that was resealed" : ""}`;
  test(name, needed, async (t) => {
    const scratch = scratchDirectory(t);
    writeRecipe(scratch, compressor);
    const image = buildRecipe(join(scratch, "secrets.yaml"), scratch);
    if (isResealed) {
      const key = join(scratch, "key");
      writeFileSync(key, "the second key\n");
      initgraph("reseal", image, "--secret", `/etc/keys/key=${key}`, "--secret", `/lib/key=${key}`);
    }
    const console = await boot({ machine: "x86", image, until: /that is all/ });
    assertBooted(console, isResealed ? "second" : "first");
  });
}

function assertBooted(console: string, secret: string): void {
  assert.match(console, new RegExp(`^/etc/keys/key: 400 0:0 the ${secret} key$`, "m"));
  assert.match(console, new RegExp(`^/lib/key: 440 0:7 the ${secret} key$`, "m"));
  assert.match(console, /^\/usr\/lib\/neighbour: 644 0:0 still there$/m);
}

function writeRecipe(directory: string, compressor: string): void {
  mkdirSync(join(directory, "root/usr/lib"), { recursive: true });
  symlinkSync("usr/lib", join(directory, "root/lib"));
  writeFileSync(join(directory, "root/usr/lib/neighbour"), "still there\n");
  writeFileSync(join(directory, "init"), INIT);
  chmodSync(join(directory, "init"), 0o755);
  copyFileSync(labTree("kernels/x86/busybox"), join(directory, "busybox"));
  writeFileSync(join(directory, "key"), "the first key\n", { mode: 0o600 });
  writeFileSync(
    join(directory, "secrets.yaml"),
    `name: secrets
sysroot: ./root
compressor: ${compressor}
contents:
  - { object: ./busybox, target: /bin/busybox }
  - { object: ./init, target: /init }
  - object: /lib/neighbour
files:
  /dev/console: { device: c, major: 5, minor: 1 }
secrets:
  /etc/keys/key: ./key
  /lib/key: { source: ./key, mode: "0440", gid: 7 }
`,
  );
}
