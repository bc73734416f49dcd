/** Both kinds of modprobe load modules from an image, by alias, with all that they need. */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const ROOT = "sysroot-amd64-modules";
const needed = requireAll(requireTool("qemu-system-x86_64", "zstd"), requireLabTree("kernels/x86", ROOT));

/** By an alias and by a modalias; then what the kernel has. */
function recipeFor(modprobe: string): string {
  return `name: modules
contents:
  - object: /sbin/modprobe
  - object: /bin/busybox
files:
  /init: |
    #!/bin/busybox sh
    /bin/busybox mkdir -p /proc
    /bin/busybox mount -t proc proc /proc
    ${modprobe} fs-xfs
    ${modprobe} dm-crypt
    /bin/busybox grep -q xfs /proc/filesystems || echo TEST-FAILED xfs
    /bin/busybox grep -q ^libcrc32c /proc/modules || echo TEST-FAILED libcrc32c
    /bin/busybox grep -q ^dm_mod /proc/modules || echo TEST-FAILED dm-mod
    echo "modules: $(/bin/busybox wc -l < /proc/modules)"
    exec /bin/busybox sh
  /dev/console: {device: c, major: 5, minor: 1}
kernel:
  modules: [fs-xfs, dm-crypt]
`;
}

for (const modprobe of ["/sbin/modprobe", "/bin/busybox modprobe"]) {
  test(`${modprobe} loads modules of an image by alias, with what they need`, needed, async (t) => {
    const scratch = scratchDirectory(t);
    await bootModules(scratch, modprobe, labTree(ROOT));
  });
}

test("/sbin/modprobe loads modules that are packed with zstd", needed, async (t) => {
  const scratch = scratchDirectory(t);
  const root = join(scratch, "root");
  cpSync(labTree(ROOT), root, { recursive: true, verbatimSymlinks: true });
  const modules = join(root, "usr/lib/modules");
  for (const path of readdirSync(modules, { recursive: true, encoding: "utf8" })) {
    const isWanted = /\/kernel\/(fs\/xfs|lib|crypto|arch|drivers\/md)/.test(path);
    if (!path.endsWith(".ko")) continue;
    if (isWanted) execFileSync("zstd", ["-q", "--rm", "-1", join(modules, path)]);
    else rmSync(join(modules, path));
  }
  await bootModules(scratch, "/sbin/modprobe", root);
});

async function bootModules(scratch: string, modprobe: string, root: string): Promise<void> {
  const recipe = join(scratch, "modules.yaml");
  writeFileSync(recipe, recipeFor(modprobe));
  const image = buildRecipe(recipe, scratch, "--sysroot", root);
  await boot({ machine: "x86", image, until: /modules: [1-9]\d*\n/ });
}
