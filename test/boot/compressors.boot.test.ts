/**
 * Every kind of compression, in several segments each, through a real kernel. The kernel loses files in
 * silence, so the init of the image checks the sha256 of every one of them, and counts.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, manifestOf } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const canBoot = requireAll(requireTool("qemu-system-x86_64"), requireLabTree("kernels/x86"));
const programOf: Record<string, string> = { none: "cat" };

for (const compressor of ["none", "gzip", "bzip2", "xz", "lzma", "lz4", "lzop", "zstd"]) {
  const needed = requireAll(canBoot, requireTool(programOf[compressor] ?? compressor));
  test(`the kernel unpacks every file of a ${compressor} image in several segments`, needed, async (t) => {
    const scratch = scratchDirectory(t);
    const count = writeRecipe(scratch, compressor);
    const image = buildRecipe(join(scratch, "segments.yaml"), scratch);
    const segments = manifestOf(image).layers.flatMap((layer) => layer.segments);
    assert.ok(segments.length >= 3, `only ${segments.length} segments`);
    await boot({
      machine: "x86",
      image,
      memoryMiB: 768,
      until: new RegExp(`checked ${count} of ${count} files`),
    });
  });
}

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
cd /data
right=$(/bin/busybox sha256sum -c /sums 2>/dev/null | /bin/busybox grep -c ': OK$')
there=$(/bin/busybox find /data -type f | /bin/busybox wc -l)
echo "checked $right of $there files"
[ "$right" = "$there" ] || echo TEST-FAILED
exec /bin/busybox sh
`;

/**
 * Files of all sizes, about 28 MB. Most are long runs of something, for an emulated machine takes its time
 * with what compresses badly; some do not compress at all. @returns how many.
 */
function writeRecipe(directory: string, compressor: string): number {
  const sums: string[] = [];
  for (let index = 0; index < 90; index += 1) {
    const size = Math.floor((index % 9) ** 3.3 * 1200) + (index % 4);
    const content = index % 20 === 6 ? noise(size, index) : runs(size, index);
    const path = `${index % 3 === 0 ? `deep/er${index}/` : ""}file ${index}`;
    mkdirSync(dirname(join(directory, "data", path)), { recursive: true });
    writeFileSync(join(directory, "data", path), content);
    sums.push(`${createHash("sha256").update(content).digest("hex")}  ${path}\n`);
  }
  writeFileSync(join(directory, "sums"), sums.join(""));
  writeFileSync(join(directory, "init"), INIT);
  chmodSync(join(directory, "init"), 0o755);
  copyFileSync(labTree("kernels/x86/busybox"), join(directory, "busybox"));
  writeFileSync(
    join(directory, "segments.yaml"),
    `sysroot: .
compressor: ${compressor}
name: segments
contents:
  - { object: ./busybox, target: /bin/busybox }
  - { object: ./init, target: /init }
  - { object: ./sums, target: /sums }
  - { object: ./data, target: /data }
files:
  /dev/console: { device: c, major: 5, minor: 1 }
  /proc: { directory: true }
`,
  );
  return sums.length;
}

/** Lines that differ between files, and not much within one. */
function runs(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4096) bytes.subarray(at, at + 4096).fill(`file ${seed}, block ${at}\n`);
  return bytes;
}

/** Bytes that no compressor makes smaller, the same every time. */
function noise(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}
