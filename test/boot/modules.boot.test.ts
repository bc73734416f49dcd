/** Both kinds of modprobe load modules from an image, by alias, with all that they need, plain and packed. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot, type Machine } from "../support/boot.ts";
import { buildRecipe } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const KMOD = "/sbin/modprobe";
/** Of Debian 12: it unpacks xz and gzip, and knows no zstd. */
const BUSYBOX = "/bin/busybox modprobe";

interface Packing {
  readonly name: string;
  /** Puts the packed file in place of the plain one; null: it stays plain. */
  readonly pack: readonly [program: string, ...options: string[]] | null;
  /** One after another, each for modules of its own. */
  readonly loaders: readonly [forXfs: string, forCrypt: string];
}

const PACKINGS: readonly Packing[] = [
  { name: "plain", pack: null, loaders: [KMOD, BUSYBOX] },
  { name: "xz", pack: ["xz", "--check=crc32", "--lzma2=dict=1MiB"], loaders: [KMOD, BUSYBOX] },
  { name: "zstd", pack: ["zstd", "-q", "--rm", "-1"], loaders: [KMOD, KMOD] },
];

/** By an alias and by a modalias; then what the kernel has. */
function recipeFor([forXfs, forCrypt]: Packing["loaders"]): string {
  return `name: modules
contents:
  - object: /sbin/modprobe
  - object: /bin/busybox
files:
  /init: |
    #!/bin/busybox sh
    /bin/busybox mkdir -p /proc
    /bin/busybox mount -t proc proc /proc
    ${forXfs} fs-xfs
    /bin/busybox grep -q xfs /proc/filesystems || echo TEST-FAILED xfs
    /bin/busybox grep -q ^libcrc32c /proc/modules || echo TEST-FAILED libcrc32c
    ${forCrypt} dm-crypt
    /bin/busybox grep -q ^dm_crypt /proc/modules || echo TEST-FAILED dm-crypt
    /bin/busybox grep -q ^dm_mod /proc/modules || echo TEST-FAILED dm-mod
    ${KMOD} nls-of-modprobe-d
    /bin/busybox grep -q ^nls_cp1250 /proc/modules || echo TEST-FAILED alias of modprobe.d
    ${KMOD} sch-netem
    /bin/busybox grep -q 'set up for netem' /done || echo TEST-FAILED install line of modprobe.d
    /bin/busybox grep -q ^sch_netem /proc/modules || echo TEST-FAILED sch-netem
    echo "modules: $(/bin/busybox wc -l < /proc/modules)"
    exec /bin/busybox sh
  /bin/sh: {symlink: busybox}
  /dev/console: {device: c, major: 5, minor: 1}
kernel:
  modules: [fs-xfs, dm-crypt, nls-of-modprobe-d, sch-netem]
`;
}

const MODPROBE_D = `alias nls-of-* nls_cp1250
install sch-netem /sbin/modprobe -i sch-netem && echo set up for netem > /done
`;

for (const [machine, arch, emulator] of [
  ["x86", "amd64", "qemu-system-x86_64"],
  ["arm64", "arm64", "qemu-system-aarch64"],
] as const) {
  const tree = `sysroot-${arch}-modules`;
  for (const { name, pack, loaders } of PACKINGS) {
    const programs = pack === null ? [] : [pack[0]];
    const needed = requireAll(requireTool(emulator, ...programs), requireLabTree(`kernels/${machine}`, tree));
    const who = [...new Set(loaders)].join(" and ");
    test(`${who} load ${name} modules of an image by alias on ${machine}`, needed, async (t) => {
      const scratch = scratchDirectory(t);
      const root = join(scratch, "root");
      cpSync(labTree(tree), root, { recursive: true, verbatimSymlinks: true });
      mkdirSync(join(root, "etc/modprobe.d"), { recursive: true });
      writeFileSync(join(root, "etc/modprobe.d/test.conf"), MODPROBE_D);
      if (pack !== null) packModules(join(root, "usr/lib/modules"), pack);
      await bootModules(scratch, machine, recipeFor(loaders), root);
    });
  }
}

/** Those that the test may load are packed; the rest goes, for speed. */
function packModules(modules: string, [program, ...options]: readonly [string, ...string[]]): void {
  for (const path of readdirSync(modules, { recursive: true, encoding: "utf8" })) {
    const isWanted = /\/kernel\/(fs\/(xfs|nls)|lib|crypto|arch|drivers\/(dax|md)|net\/sched)/.test(path);
    if (!path.endsWith(".ko")) continue;
    if (isWanted) execFileSync(program, [...options, join(modules, path)]);
    else rmSync(join(modules, path));
  }
}

async function bootModules(scratch: string, machine: Machine, text: string, root: string): Promise<void> {
  const recipe = join(scratch, "modules.yaml");
  writeFileSync(recipe, text);
  const image = buildRecipe(recipe, scratch, "--sysroot", root);
  await boot({ machine, image, until: /modules: [1-9]\d*\n/, timeoutMs: 300_000 });
}
