import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Finding } from "../../src/check/finding.ts";
import { viewImage } from "../../src/check/image-view.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { LOSSES, LOSSY_IMAGE } from "../support/lossy-image.ts";
import { memoryHost } from "../support/memory-host.ts";
import { oddArchive, TRAILER } from "../support/odd-cpio.ts";

async function findingsOf(image: Uint8Array): Promise<readonly Finding[]> {
  const { findings } = await viewImage(sourceOf(image), "/image" as HostPath, { host: memoryHost({}) });
  return findings;
}

const told = (findings: readonly Finding[]) =>
  findings
    .map((finding) => [
      finding.code,
      ...("paths" in finding ? finding.paths : "path" in finding ? [finding.path] : []),
    ])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));

test("finds all that entries do to one another, and nothing else", async () => {
  assert.deepEqual(told(await findingsOf(LOSSY_IMAGE)), LOSSES);
});

test("device numbers of their own, or a trailer, keep files of one inode number apart", async () => {
  const pair = (name: string) =>
    oddArchive([
      [`${name}-1`, { links: [7, 2], data: name }],
      [`${name}-2`, { links: [7, 2] }],
    ]);
  assert.deepEqual(told(await findingsOf(Buffer.concat([pair("a"), pair("b")]))), [
    ["check/links-joined", "a-1"],
  ]);
  assert.deepEqual(await findingsOf(Buffer.concat([pair("a"), TRAILER, pair("b")])), []);
});

test("many entries of one fate are one finding, which counts them all", async () => {
  const many = Array.from({ length: 5000 }, (_, index) => [`nowhere/${index}`] as const);
  const [finding, ...others] = await findingsOf(gzipSync(oddArchive(many)));
  assert.deepEqual(others, []);
  assert.ok(finding?.code === "check/no-parent");
  assert.deepEqual([finding.count, finding.paths.length], [5000, 1000]);
});
