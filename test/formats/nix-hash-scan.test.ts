import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteString } from "../../src/core/path.ts";
import { HashScanner } from "../../src/formats/nix-hash-scan.ts";
import { HASH_ALPHABET } from "../../src/formats/nix-store-path.ts";
import { seededRandom } from "./nix-random.ts";

const A = "0123456789abcdfghijklmnpqrsvwxyz" as ByteString;
const B = "zyxwvsrqpnmlkjihgfdcba9876543210" as ByteString;

function scan(hashes: readonly string[], ...chunks: readonly (string | Uint8Array)[]): string[] {
  const scanner = new HashScanner(hashes as ByteString[]);
  for (const chunk of chunks) scanner.feed(typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk);
  return [...scanner.found()];
}

/** What the fast scanner must give: every window, compared with every candidate. */
function scanSlowly(hashes: readonly string[], text: string): Set<string> {
  return new Set(hashes.filter((hash) => text.includes(hash)));
}

test("a hash counts wherever it stands, with anything around it", () => {
  for (const text of [
    A,
    `/nix/store/${A}-x/bin`,
    `xx${A}yy`,
    `\0${A}\xff`,
    `${A}${A}`,
    `${A.slice(1)}${A}`,
  ]) {
    assert.deepEqual(scan([A, B], text), [A], JSON.stringify(text));
  }
  assert.deepEqual(scan([A, B], `${B}${A}`), [B, A]);
});

test("31 of its characters, another case and a gap do not count", () => {
  const half = A.slice(0, 16);
  for (const text of [
    "",
    A.slice(1),
    A.slice(0, 31),
    A.toUpperCase(),
    `${half}-${A.slice(16)}`,
    `${half}${half}`,
  ]) {
    assert.deepEqual(scan([A, B], text), [], JSON.stringify(text));
  }
});

test("overlapping hashes are both found", () => {
  const left = A;
  const right = `${A.slice(16)}${B.slice(0, 16)}`;
  assert.deepEqual(scan([left, right], `${A}${B.slice(0, 16)}`), [left, right]);
});

test("a hash is found wherever chunks are cut, even into single bytes", () => {
  const text = `some bytes ${A} and more`;
  for (let cut = 0; cut <= text.length; cut++) {
    assert.deepEqual(scan([A], text.slice(0, cut), text.slice(cut)), [A], `cut at ${cut}`);
    assert.deepEqual(scan([A], text.slice(0, cut), "", text.slice(cut, cut + 3), text.slice(cut + 3)), [A]);
  }
  assert.deepEqual(scan([A], ...text), [A]);
});

test("nothing is found across the end of a string", () => {
  for (let cut = 1; cut < A.length; cut++) {
    const scanner = new HashScanner([A]);
    scanner.feed(Buffer.from(A.slice(0, cut)));
    scanner.endOfString();
    scanner.feed(Buffer.from(A.slice(cut)));
    assert.deepEqual([...scanner.found()], [], `cut at ${cut}`);
  }
});

test("a scanner may reuse its caller's buffer, and start over", () => {
  const buffer = Buffer.from(A.slice(0, 20).padEnd(20));
  const scanner = new HashScanner([A, B]);
  scanner.feed(buffer);
  buffer.fill(0);
  scanner.feed(Buffer.from(A.slice(20)));
  const before = scanner.found();
  assert.deepEqual([...before], [A]);
  scanner.startOver();
  scanner.feed(Buffer.from(A.slice(20)));
  assert.deepEqual([...scanner.found()], []);
  assert.deepEqual([...before], [A]);
});

test("finds in any bytes, in any chunks, what a slow search finds", () => {
  const random = seededRandom(4711);
  const hashes = Array.from({ length: 40 }, () => randomText(32, HASH_ALPHABET));
  for (let round = 0; round < 300; round++) {
    const text = randomHaystack();
    const chunks: string[] = [];
    for (let at = 0; at < text.length; ) {
      const length = 1 + random.below([3, 40, 400][round % 3]!);
      chunks.push(text.slice(at, at + length));
      at += length;
    }
    assert.deepEqual(new Set(scan(hashes, ...chunks)), scanSlowly(hashes, text), `round ${round}`);
  }

  /** Pieces of hashes, whole hashes, letters of the alphabet and others, side by side. */
  function randomHaystack(): string {
    const pieces = Array.from({ length: 1 + random.below(20) }, () => {
      const hash = hashes[random.below(hashes.length)]!;
      const from = random.below(3) === 0 ? random.below(32) : 0;
      const kinds = [
        hash.slice(from),
        hash.slice(0, 32 - from),
        randomText(random.below(80), HASH_ALPHABET),
        randomText(random.below(80), "ab\0\xffeotu-"),
      ];
      return kinds[random.below(kinds.length)]!;
    });
    return pieces.join("");
  }

  function randomText(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join("");
  }
});

test("every hash planted at every border of 64 KiB chunks is found", () => {
  const size = 1 << 16;
  for (let before = 0; before <= 32; before++) {
    const bytes = new Uint8Array(3 * size);
    bytes.set(Buffer.from(A), size - before);
    bytes.set(Buffer.from(B), 2 * size - before);
    const chunks = [0, 1, 2].map((chunk) => bytes.subarray(chunk * size, (chunk + 1) * size));
    assert.deepEqual(scan([A, B], ...chunks), [A, B], `${before} bytes before the border`);
  }
});

test("no candidates, and candidates that begin alike, are no trouble", () => {
  assert.deepEqual(scan([], A), []);
  const alike = Array.from({ length: 32 }, (_, n) => `${A.slice(0, 31)}${HASH_ALPHABET[n]}`);
  assert.deepEqual(scan(alike, alike.join(" ")), alike);
  assert.deepEqual(scan([A, A], A), [A]);
});
