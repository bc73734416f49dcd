/** `initgraph ldd --sysroot` where another tool asks for a cross ldd: dracut's, by DRACUT_LDD. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ByteString, type HostPath, nameOf, showPath } from "../../src/core/path.ts";
import { FileScanner } from "../../src/graph/scan-file.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { PathResolver } from "../../src/trees/resolve-path.ts";
import { elfFilesBelow } from "../support/elf-files.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));
const DRACUT_INSTALL = "/usr/lib/dracut/dracut-install";
const PROGRAMS = [
  ...["/usr/bin/bash", "/usr/bin/btrfs", "/usr/bin/ssh", "/usr/bin/udevadm"],
  ...["/usr/sbin/cryptsetup", "/usr/sbin/lvm", "/usr/sbin/e2fsck"],
];

const needed = requireAll(requireTool("dracut"), requireLabTree("sysroot-arm64"), {
  skip: existsSync(DRACUT_INSTALL) ? false : `${DRACUT_INSTALL} not found`,
});

test(
  "dracut-install finds every library of a foreign tree by it, and none by this machine's ldd",
  needed,
  (t) => {
    const scratch = scratchDirectory(t);
    const sysroot = resolve(labTree("sysroot-arm64"));
    const wrapper = join(scratch, "cross-ldd");
    // dracut names the file by its path on this machine, and reads what ldd writes to both outputs
    writeFileSync(
      wrapper,
      `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" ldd --sysroot "${sysroot}" "$@"\n`,
      {
        mode: 0o755,
      },
    );

    const lacking = (ldd: string) => lackingIn(dracutInstall(t, sysroot, ldd));
    assert.deepEqual(lacking(wrapper), []);
    // To dracut it is all the same that this machine's ldd refuses them.
    if (process.arch !== "arm64") assert.equal(lacking("ldd").length, PROGRAMS.length);
  },
);

/** @returns the directory that it filled. */
function dracutInstall(t: TestContext, sysroot: string, ldd: string): string {
  const into = join(scratchDirectory(t), "image");
  mkdirSync(into);
  const env = { PATH: process.env["PATH"], DRACUT_LDD: ldd };
  const run = spawnSync(DRACUT_INSTALL, ["-r", sysroot, "-D", into, "-l", ...PROGRAMS], {
    encoding: "utf8",
    env,
  });
  assert.equal(run.status, 0, run.stderr);
  return into;
}

/** ELF files that need a library or interpreter of a name that is nowhere in the directory. */
function lackingIn(directory: string): string[] {
  const tree = directoryTree(directory as HostPath);
  const paths = new PathResolver(tree);
  const scanner = new FileScanner(tree, () => {});
  const files = elfFilesBelow("/", { paths, scanner });
  assert.ok(files.length >= PROGRAMS.length);
  const names = new Set(
    readdirSync(directory, { recursive: true, encoding: "utf8" }).map((path) => basename(path)),
  );
  const isAbsent = (name: ByteString) => !names.has(nameOf(name));
  return files
    .filter(({ elf }) => elf.needed.some(isAbsent) || (elf.interpreter !== null && isAbsent(elf.interpreter)))
    .map(({ path }) => showPath(path));
}
