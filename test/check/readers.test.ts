/** What is told though the kernel reads all: readers that stop, zeros that they choke on, what unpacking costs, old kernels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { checkReaders } from "../../src/check/checks/readers.ts";
import { checkWindows } from "../../src/check/checks/windows.ts";
import { type ImageView, viewImage } from "../../src/check/image-view.ts";
import { compressZstd } from "../../src/codecs/zstd.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { archiveOf, bodyOf, file } from "../support/archive.ts";
import { memoryHost } from "../support/memory-host.ts";

const FIRST = bodyOf([file("a", "a")], 1);
const SECOND = bodyOf([file("b", "b")], 2);
const TRAILER = archiveOf([]);
const BOTH = Buffer.concat([FIRST, SECOND, TRAILER]);

function view(...members: readonly Uint8Array[]): Promise<ImageView> {
  return viewImage(sourceOf(Buffer.concat(members)), "/image" as HostPath, { host: memoryHost({}) });
}

async function told(...members: readonly Uint8Array[]): Promise<unknown[]> {
  const found = checkReaders(await view(...members));
  return found.map((one) => [one.code, "because" in one ? one.because : null]);
}

test("a trailer that is not the last ends what other readers show", async () => {
  const early = Buffer.concat([SECOND, TRAILER]);
  const whole = gzipSync(Buffer.concat([FIRST, TRAILER]));
  const stops = [["check/readers-stop", "trailer"]];
  assert.deepEqual(await told(whole, gzipSync(early)), stops);
  assert.deepEqual(await told(gzipSync(Buffer.concat([FIRST, TRAILER, SECOND, TRAILER]))), stops);
  assert.deepEqual(await told(early, whole), [], "plain archives in front are gone over");
  assert.deepEqual(await told(gzipSync(FIRST), gzipSync(SECOND), gzipSync(TRAILER)), []);
  assert.deepEqual(await told(whole, gzipSync(TRAILER)), [], "nothing is behind it");
});

test("so does another compressor", async () => {
  const zstd = await compressZstd(Buffer.concat([SECOND, TRAILER]), 3);
  assert.deepEqual(await told(gzipSync(FIRST), zstd), [["check/readers-stop", "other-kind"]]);
});

test("zeros at the end are told where some reader chokes on them", async () => {
  const zeros = new Uint8Array(8);
  const zstd = await compressZstd(BOTH, 3);
  assert.deepEqual(await told(zstd, zeros), [["check/trailing-zeros", null]]);
  assert.deepEqual(await told(gzipSync(BOTH), zeros), []);
  assert.deepEqual(await told(BOTH, zeros), []);
});

test("windows far larger than what is in them are told", async () => {
  const played = await view(gzipSync(BOTH));
  const many = (window: number, unpackedSize: number) =>
    checkWindows({
      ...played,
      members: Array.from({ length: 400 }, () => ({ ...played.members[0]!, window, unpackedSize })),
    });
  assert.deepEqual(
    many(2 ** 23, 100_000).map(({ code }) => code),
    ["check/window-cost"],
  );
  assert.deepEqual(many(2 ** 23, 2 ** 23), []);
  assert.deepEqual(many(100_000, 100_000), []);
});

test("a member of nothing is told for old kernels, and as the first one for all", async () => {
  const nothing = await compressZstd(new Uint8Array(0), 3);
  const codes = async (...members: readonly Uint8Array[]) =>
    (await view(...members)).findings.map(({ code }) => code);
  assert.deepEqual(await codes(gzipSync(FIRST), nothing, gzipSync(TRAILER)), ["check/old-kernels"]);
  assert.deepEqual(await codes(gzipSync(""), gzipSync(BOTH)), ["check/empty-first-member"]);
  assert.deepEqual(await codes(new Uint8Array(512)), ["check/nothing-there"]);
});
