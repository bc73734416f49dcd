/** Against kmod: what modprobe would load, and what depmod writes on the image's own tree. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import type { HostPath } from "../../src/core/path.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import type { KernelContents } from "../../src/kernel/kernel.ts";
import { readKernel } from "../../src/kernel/read-kernel.ts";
import { inputMemoryIn } from "../../src/store/input-memory.ts";
import { cacheUser } from "../support/disk-cache.ts";
import { firmware, kernelSpec } from "../support/kernel-tree.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

/** depmod's placement of nodes changed with kmod 34; the bytes here are those of 30 to 33. */
const isOldDepmod = {
  skip: /kmod version 3[0-3]\b/.test(spawnSync("depmod", ["--version"], { encoding: "utf8" }).stdout ?? "")
    ? (false as const)
    : "depmod is not of kmod 30 to 33",
};

for (const arch of ["amd64", "arm64"]) {
  const name = `sysroot-${arch}-modules`;
  const needed = requireAll(requireTool("depmod", "modprobe"), requireLabTree(name));

  test(`for every module of an ${arch} kernel modprobe would load what we take`, needed, async (t) => {
    const kernel = await kernelOf(labTree(name), ["kernel/"]);
    const modules = kernel.references.flatMap(({ reason, to }) => (reason === "named" ? [to as string] : []));
    assert.ok(modules.length > 500, `only ${modules.length} modules`);
    const loads = modprobeLoads(unpack(kernel, labTree(name), t), kernel.version, modules);
    const needs = neededBy(kernel);
    for (const module of modules) {
      const all = new Set([module]);
      for (const each of all) for (const next of needs.get(each) ?? []) all.add(next);
      const below = [...all].map((path) => path.slice(kernel.directory.length + 1)).sort();
      assert.deepEqual(below, loads.get(nameOf(module)), module);
    }
  });

  test(`with a modprobe.d modprobe would do for ${arch} what we say`, needed, async (t) => {
    const tree = scratchDirectory(t);
    const config = join(tree, "etc/modprobe.d");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "a.conf"), MODPROBE_D);
    cpSync(join(labTree(name), "usr/lib/modules"), join(tree, "lib/modules"), { recursive: true });
    const words = ["my-disk", "loop", "two-disks", "dm-crypt", "sch-netem"];
    const kernel = await kernelOf(tree, words);
    const loads = modprobeLoads(unpack(kernel, tree, t), kernel.version, words, config);
    const needs = neededBy(kernel, /^/);
    for (const word of words) {
      const named = kernel.references.filter(({ says, reason }) => reason === "named" && says === word);
      const all = new Set(named.map(({ to }) => to as string));
      for (const each of all) for (const next of needs.get(each) ?? []) all.add(next);
      const files = [...all].filter((path) => path.includes(".ko"));
      const below = files.map((path) => path.slice(kernel.directory.length + 1)).sort();
      // modprobe shows the command in the module's place
      const expected = [
        ...loads.get(word)!,
        ...(word === "dm-crypt" ? ["kernel/drivers/md/dm-crypt.ko"] : []),
      ];
      assert.deepEqual(below, expected.sort(), word);
    }
    assert.ok(loads.get("loop")!.length > 5);
    assert.deepEqual(
      kernel.commands.map(({ line }) => line),
      ["install two_disks /sbin/modprobe -a nbd zram", "install dm_crypt /bin/true"],
    );
  });

  for (const words of [
    ["ext4"],
    ["kernel/fs/**", "virtio-pci"],
    ["kernel/drivers/net", "nls_*"],
    ["kernel/"],
  ]) {
    test(
      `the indexes for ${words.join(" and ")} of ${arch} are depmod's, byte for byte`,
      requireAll(needed, isOldDepmod),
      async (t) => {
        assertIndexes(await kernelOf(labTree(name), words), labTree(name), t);
      },
    );
  }
}

for (const config of [
  "# nothing: updates before all else",
  "search extra updates built-in",
  "search built-in extra updates",
  "search extra\noverride nls_utf8 * updates\noverride ext4 ^9 updates\nexclude weak",
]) {
  const needed = requireAll(requireTool("depmod"), requireLabTree("sysroot-amd64-modules"), isOldDepmod);
  test(`where depmod never ran, its choice is ours: ${config}`, needed, async (t) => {
    const tree = scratchDirectory(t);
    const modules = join(tree, "lib/modules");
    cpSync(join(labTree("sysroot-amd64-modules"), "usr/lib/modules"), modules, { recursive: true });
    const version = readdirSync(modules)[0]!;
    const copy = (from: string, to: string): void => {
      mkdirSync(dirname(join(modules, version, to)), { recursive: true });
      cpSync(join(modules, version, from), join(modules, version, to));
    };
    copy("kernel/fs/nls/nls_utf8.ko", "updates/nls_utf8.ko");
    copy("kernel/fs/nls/nls_utf8.ko", "extra/nls_utf8.ko");
    // of equals depmod takes what its disk gives first
    if (config.includes("search")) copy("kernel/fs/xfs/xfs.ko", "extra/deep/xfs.ko");
    if (config.includes("exclude")) copy("kernel/fs/xfs/xfs.ko", "weak/xfs.ko");
    copy("kernel/drivers/md/dm-mod.ko", "updates/dkms/dm-mod.ko");
    mkdirSync(join(tree, "etc/depmod.d"), { recursive: true });
    writeFileSync(join(tree, "etc/depmod.d/a.conf"), `${config}\n`);
    const kernel = await kernelOf(tree, ["*"]);
    execFileSync("depmod", ["-b", tree, "-C", join(tree, "etc/depmod.d"), version]);
    for (const { path, bytes } of kernel.indexes)
      assert.ok(readFileSync(join(tree, path)).equals(bytes), path);
  });
}

// As Debian, Fedora and Arch pack their modules; and in several blocks.
for (const [suffix, pack] of [
  ["xz", ["xz", "--check=crc32", "--lzma2=dict=1MiB"]],
  ["xz", ["xz", "--check=crc32", "--block-size=32KiB", "-T2"]],
  ["zst", ["zstd", "-q", "--rm", "-19"]],
  ["gz", ["gzip", "-n"]],
] as const) {
  const needed = requireAll(requireTool("depmod", pack[0]), requireLabTree("sysroot-amd64-modules"));
  test(`modules that ${pack.join(" ")} packed are as good as plain ones`, needed, async (t) => {
    const root = join(labTree("sysroot-amd64-modules"), "usr/lib/modules");
    const tree = scratchDirectory(t);
    const plain = await kernelOf(labTree("sysroot-amd64-modules"), ["xfs", "dm-crypt"]);
    const modules = join(tree, "lib/modules");
    cpSync(root, modules, { recursive: true });
    const all = readdirSync(modules, { recursive: true, encoding: "utf8" });
    const wanted = new Set(plain.references.map(({ to }) => to.slice("usr/lib/modules/".length)));
    for (const path of all) {
      if (wanted.has(path) && path.endsWith(".ko"))
        execFileSync(pack[0], [...pack.slice(1), join(modules, path)]);
      else if (path.endsWith(".ko")) rmSync(join(modules, path));
    }
    const kernel = await kernelOf(tree, ["xfs", "dm-crypt"]);
    const dep = ({ indexes }: KernelContents): string =>
      Buffer.from(indexes.find(({ path }) => path.endsWith("modules.dep"))!.bytes).toString();
    assert.equal(dep(kernel), dep(plain).replace(/\.ko/g, `.ko.${suffix}`));
    // Debian's depmod knows no gzip
    if (suffix !== "gz" && isOldDepmod.skip === false) assertIndexes(kernel, tree, t);
  });
}

/** What we write is what depmod writes of the same files. */
function assertIndexes(kernel: KernelContents, root: string, t: TestContext): void {
  const directory = modulesOf(unpack(kernel, root, t), kernel.version);
  const ours = new Map(
    kernel.indexes.map(({ path, bytes }) => [path.slice(kernel.directory.length + 1), bytes]),
  );
  const theirs = readdirSync(directory).filter((file) =>
    /^modules\.(?!order$|builtin$|builtin\.modinfo$)/.test(file),
  );
  assert.deepEqual([...ours.keys()].sort(), theirs.sort());
  for (const file of theirs) assert.ok(readFileSync(join(directory, file)).equals(ours.get(file)!), file);
}

const MODPROBE_D = `alias my-disk virtio-blk
alias my-* ext4
alias my-disk nbd
softdep loop pre: dm-mod my-disk post: xfs
softdep loop pre: btrfs
install two-disks /sbin/modprobe -a nbd zram
install dm-crypt /bin/true
options sch-netem x=1
blacklist nbd
`;

/** As a second build reads it, which opens no module; a first one must have found the same. */
async function kernelOf(root: string, words: readonly string[]): Promise<KernelContents> {
  const spec = kernelSpec(words, { firmware: firmware("none") });
  const cache = mkdtempSync(join(tmpdir(), "initgraph-test-"));
  try {
    const read = async (): Promise<KernelContents> => {
      // Some of the files were copied just now.
      const memory = inputMemoryIn(cache as HostPath, cacheUser({ now: () => Date.now() + 60_000 }));
      const kernel = await readKernel(spec, directoryTree(root as HostPath), { memory, tell: () => {} });
      memory.save();
      return kernel;
    };
    const first = await read();
    const second = await read();
    assert.deepEqual(second, first);
    return second;
  } finally {
    rmSync(cache, { recursive: true });
  }
}

/** A root with what the image has of the kernel's modules, on which depmod ran. */
function unpack({ references, directory, version }: KernelContents, root: string, t: TestContext): string {
  const scratch = scratchDirectory(t);
  for (const path of new Set(references.map(({ to }) => to as string))) {
    if (!path.startsWith(directory)) continue;
    const to = join(modulesOf(scratch, version), path.slice(directory.length + 1));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, path), to);
  }
  execFileSync("depmod", ["-b", scratch, version]);
  return scratch;
}

function modulesOf(root: string, version: string): string {
  return join(root, "lib/modules", version);
}

/** Paths below the modules' directory, by module. */
function modprobeLoads(
  root: string,
  version: string,
  modules: readonly string[],
  config = "/nonexistent",
): Map<string, string[]> {
  const script = `while read -r name; do echo "= $name"; modprobe -C "$3" -d "$1" -S "$2" --show-depends "$name"; done`;
  const input = modules.map((path) => `${nameOf(path)}\n`).join("");
  const { stdout } = spawnSync("sh", ["-c", script, "sh", root, version, config], {
    input,
    encoding: "latin1",
    maxBuffer: 1 << 28,
  });
  const above = realpathSync(modulesOf(root, version));
  const loads = new Map<string, string[]>();
  for (const block of stdout.split(/^= /m).slice(1)) {
    const [name = "", ...lines] = block.split("\n");
    const files = lines.flatMap((line) => (line.startsWith("insmod ") ? [line.split(" ")[1]!] : []));
    loads.set(name, [...new Set(files.map((file) => file.slice(above.length + 1)))].sort());
  }
  return loads;
}

/** By path: what must be loaded with it, and what modprobe loads before and after it. */
function neededBy({ references }: KernelContents, words = /^modinfo/): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  for (const { from, to, reason, found } of references) {
    // By default the kernel's own word: without the configuration of the tree, which that modprobe does not read.
    const counts = reason === "module-depends" || (reason === "softdep" && words.test(found));
    if (from.kind === "file" && counts) needs.set(from.path, [...(needs.get(from.path) ?? []), to]);
  }
  return needs;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ko.*$/, "");
}
