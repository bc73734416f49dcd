/** Nothing is said of good images: of what each compressor makes, of joined and prepended archives, of other tools' images. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { checkReaders } from "../../src/check/checks/readers.ts";
import { checkWindows } from "../../src/check/checks/windows.ts";
import { viewImage } from "../../src/check/image-view.ts";
import { compressZstd } from "../../src/codecs/zstd.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { imageHost } from "../../src/machine/image-host.ts";
import { archiveOf, bodyOf, directory, file, seededBytes, special, symlink } from "../support/archive.ts";
import { fitAround } from "../support/fit-image.ts";
import { requireTool } from "../support/tools.ts";
import { uInitrdAround } from "../support/uinitrd.ts";

const TREE = [
  directory("usr"),
  directory("usr/lib"),
  symlink("lib", "usr/lib"),
  file("usr/lib/libc.so.6", seededBytes(1, 300_000), 0o755),
  file("init", "#!/bin/sh\n", 0o755),
  special("dev/console", "char", 0o600, [5, 1]),
];
const WHOLE = archiveOf(TREE);
const MICROCODE = archiveOf([
  directory("kernel"),
  directory("kernel/x86"),
  file("kernel/x86/GenuineIntel.bin", "m"),
]);
const TRAILER = archiveOf([]);

const PROGRAMS = {
  gzip: ["gzip", "-9nc"],
  "pigz in blocks": ["pigz", "-nc", "-b", "128"],
  bzip2: ["bzip2", "-c"],
  lzma: ["xz", "--format=lzma", "-c"],
  xz: ["xz", "--check=crc32", "-c"],
  "xz of many blocks": ["xz", "--check=crc32", "--block-size=64KiB", "-T2", "-c"],
  "xz without a check": ["xz", "--check=none", "-c"],
  lzop: ["lzop", "-9c"],
  lz4: ["lz4", "-lc"],
  zstd: ["zstd", "-qc", "-19"],
  "zstd with a window of 128 MiB": ["zstd", "-qc", "--long=27"],
} as const satisfies Record<string, readonly string[]>;

for (const [what, [program, ...args]] of Object.entries(PROGRAMS)) {
  test(`nothing is said of ${what}`, requireTool(program), async () => {
    const packed = run(program, args, WHOLE);
    assert.deepEqual(await findings(packed), []);
    assert.deepEqual(await findings(Buffer.concat([MICROCODE, packed])), [], "behind microcode");
  });
}

test("nothing is said of a plain archive, of segments with a trailer of their own, and of wrappers", async () => {
  assert.deepEqual(await findings(WHOLE), []);
  assert.deepEqual(await findings(Buffer.concat([MICROCODE, WHOLE])), []);
  const [first, second] = [bodyOf(TREE.slice(0, 4), 1), bodyOf(TREE.slice(4), 100)];
  const zstd = await Promise.all([first, second, TRAILER].map((piece) => compressZstd(piece, 3)));
  assert.deepEqual(await findings(Buffer.concat(zstd)), []);
  const gzip = Buffer.concat([first, second, TRAILER].map((piece) => gzipSync(piece)));
  assert.deepEqual(await findings(gzip), []);
  assert.deepEqual(await findings(uInitrdAround(gzip)), []);
  assert.deepEqual(await findings(fitAround(gzip, "external")), []);
});

test("the end of an lzma member is found, whatever stands behind it", requireTool("xz"), async () => {
  const packed = run("xz", ["--format=lzma", "-c"], bodyOf(TREE, 1));
  assert.deepEqual(codes(await findings(Buffer.concat([packed, new Uint8Array(512)]))), [
    "check/trailing-zeros",
  ]);
  const more = gzipSync(archiveOf([file("more", "m")]));
  assert.deepEqual(codes(await findings(Buffer.concat([packed, more]))), ["check/readers-stop"]);
  assert.deepEqual(codes(await findings(packed.subarray(0, 1000))), ["check/damaged-member"]);
});

test("nothing is said of GNU cpio's archive with hard links", requireTool("cpio", "sh"), async (t) => {
  const make =
    "cd $(mktemp -d) && echo a > a && ln a b && mkdir c && ln a c/d && find . | cpio -o -H newc --quiet; rm -rf $PWD";
  t.diagnostic("three names of one file");
  assert.deepEqual(await findings(gzipSync(run("sh", ["-ec", make], new Uint8Array(0)))), []);
});

function codes(found: Awaited<ReturnType<typeof findings>>): string[] {
  return found.map(({ code }) => code);
}

async function findings(bytes: Uint8Array) {
  const view = await viewImage(sourceOf(bytes), "/image" as HostPath, { host: imageHost() });
  return [...view.findings, ...checkReaders(view), ...checkWindows(view)];
}

function run(program: string, args: readonly string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
  assert.equal(status, 0, `${program}: ${stderr}`);
  return stdout;
}
