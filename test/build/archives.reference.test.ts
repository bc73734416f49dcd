/** An image from an archive of a root tree is the image from the directory, byte for byte. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { dockerSave, ociLayout, tarOf, writeTar } from "../support/tar-writer.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

/** A part of a real root tree is enough, and quick to compress. */
const PARTS = [
  "bin",
  "lib",
  "sbin",
  "usr/bin",
  "usr/sbin",
  "usr/lib/aarch64-linux-gnu",
  "usr/lib/ld-linux-aarch64.so.1",
  "etc",
];
const ARM64 = { architecture: "arm64", os: "linux", variant: "v8" };

const RECIPE = `arch: aarch64
contents:
  - { object: /bin/bash, symlink: /init }
  - object: /usr/bin/mount
  - object: /etc/lvm
  - object: "/usr/sbin/mk*"
compressor: cat
files: { /dev/console: { device: c, major: 5, minor: 1 } }
`;

test(
  "tars, compressed tars, OCI layouts and what docker save writes give the bytes of the directory",
  requireAll(requireLabTree("sysroot-arm64"), requireTool("tar", "bzip2", "xz", "zstd")),
  (t) => {
    const scratch = scratchDirectory(t);
    const root = labTree("sysroot-arm64");
    const recipe = join(scratch, "board.yaml");
    writeFileSync(recipe, RECIPE);
    const tarFile = join(scratch, "root.tar");
    const tar = (...words: readonly string[]): Buffer => {
      execFileSync("tar", ["--owner=0", "--group=0", "-cf", tarFile, "-C", root, ...words]);
      return readFileSync(tarFile);
    };
    const build = (sysroot: string): Buffer => {
      const cache = join(scratch, "cache");
      const words = ["--sysroot", sysroot, "--cache", cache, "--out", join(scratch, "result")];
      initgraph("build", recipe, ...words);
      rmSync(cache, { recursive: true });
      return readFileSync(join(scratch, "result/initrd"));
    };
    const parts = PARTS.filter((part) => part !== "etc");
    const lower = tar(...parts);
    const upper = tar("etc");
    const whole = tar(...PARTS);
    const expected = build(root);
    assert.ok(expected.length > 4_000_000);

    const file = join(scratch, "archive");
    const same = (bytes: Uint8Array, what: string): void => {
      writeFileSync(file, bytes);
      assert.ok(build(file).equals(expected), what);
    };
    same(whole, "tar");
    for (const [tool, ...args] of [
      ["gzip", "-1"],
      ["xz", "-0"],
      ["zstd", "-3"],
      ["bzip2", "-1"],
    ]) {
      same(execFileSync(tool!, [...args, "-c", tarFile], { maxBuffer: 1 << 30 }), tool!);
    }

    // The first layer has what the second hides: a directory's old content, a file too many.
    const old = writeTar([
      { name: "usr/sbin/mkold", mode: 0o755, bytes: "not to be seen" },
      { name: "etc/lvm/old/x", bytes: "not to be seen" },
    ]);
    const marks = writeTar([
      { name: "usr/sbin/.wh.mkold", bytes: "" },
      { name: "etc/lvm/.wh..wh..opq", bytes: "" },
    ]);
    const other = { platform: { architecture: "amd64", os: "linux" }, layers: [old] };
    const layers = [old, lower, marks, upper];
    const layout = ociLayout([other, { platform: ARM64, layers }]);
    same(tarOf(layout), "OCI tar");
    const saved = dockerSave([{ tag: "board:1", layers }], "arm64");
    same(tarOf(saved), "docker save");
    for (const [what, files] of [
      ["OCI directory", layout],
      ["directory of docker save", saved],
      ["directory of a newer docker save", { ...layout, "manifest.json": saved["manifest.json"]! }],
    ] as const) {
      rmSync(file, { recursive: true });
      for (const [name, bytes] of Object.entries(files)) {
        mkdirSync(join(file, name, ".."), { recursive: true });
        writeFileSync(join(file, name), bytes);
      }
      assert.ok(build(file).equals(expected), what);
    }
  },
);
