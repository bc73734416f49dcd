import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { TargetPath } from "../../src/core/path.ts";
import { cutSegments } from "../../src/plan/segments.ts";
import type { ImageSpec } from "../../src/spec/image-spec.ts";
import { specOf } from "../support/specs.ts";

const ZSTD: ImageSpec = {
  ...specOf().image,
  compressor: { name: "zstd", format: "zstd", engine: { by: "builtin", codec: "zstd", level: 10 }, at: null },
};
const MIB = 1 << 20;

function files(count: number, size: number): Entry[] {
  return Array.from({ length: count }, (_, index) =>
    entry(`lib/file${String(index).padStart(6, "0")}`, size),
  );
}

function entry(path: string, size: number): Entry {
  const content = digestOf(Buffer.from(path));
  const source = { from: "recipe", bytes: new Uint8Array() } as const;
  return { kind: "file", path: path as TargetPath, mode: 0o644, uid: 0, gid: 0, size, content, source };
}

test("segments hold every entry once, in order, within their bounds", () => {
  const entries = files(8000, 50_000);
  for (const [image, least, most] of [
    [ZSTD, 14 * MIB, 24 * MIB],
    [specOf().image, 4 * MIB, 16 * MIB],
  ] as const) {
    const segments = cutSegments(entries, image);
    assert.deepEqual(
      segments.flatMap((segment) => segment.entries),
      entries,
    );
    for (const { size } of segments.slice(0, -1)) assert.ok(size >= least && size <= most, `${size}`);
    const mean = segments.reduce((sum, { size }) => sum + size, 0) / segments.length;
    assert.ok(mean > 1.1 * least && mean < 0.8 * most, `${mean}`);
  }
});

test("a small directory of the root is a segment of its own beside a large one", () => {
  const entries = [
    ...files(500, 50_000).map((one) => ({ ...one, path: `bin/${one.path}` as TargetPath })),
    ...["etc", "etc/a", "etc/b", "lib"].map((path) => entry(path, 10_000)),
    ...files(500, 50_000),
    ...["sbin", "srv", "tmp"].map((path) => entry(path, 100)),
  ];
  const starts = cutSegments(entries, ZSTD).map((segment) => segment.entries[0]!.path);
  assert.ok(starts.includes("etc" as TargetPath) && starts.includes("lib" as TargetPath), starts.join(" "));
  // What is next to nothing goes along with its neighbours.
  assert.deepEqual(starts.slice(-1), ["sbin"]);
  // A root with more names than anybody gives it is cut like the rest.
  const many = Array.from({ length: 100 }, (_, at) => entry(`d${at}`, 1_000_000));
  assert.ok(cutSegments(many, ZSTD).length <= 9);
});

test("a file more costs the segments around it, and no other", () => {
  const before = cutSegments(files(3000, 40_000), ZSTD);
  const more = [...files(3000, 40_000), entry("lib/file001500-new", 30_000)];
  more.sort((a, b) => (a.path < b.path ? -1 : 1));
  const known = new Set(before.map(({ key }) => key));
  const rebuilt = cutSegments(more, ZSTD).filter(({ key }) => !known.has(key));
  assert.ok(rebuilt.length >= 1 && rebuilt.length <= 2, `${rebuilt.length} of ${before.length}`);
});

test("a changed file costs its own segment", () => {
  const entries = files(3000, 40_000);
  const known = new Set(cutSegments(entries, ZSTD).map(({ key }) => key));
  const changed = entries.map((one, at) =>
    at === 777 ? { ...one, content: digestOf(Buffer.from("new")) } : one,
  );
  assert.equal(cutSegments(changed as Entry[], ZSTD).filter(({ key }) => !known.has(key)).length, 1);
});

test("no inode number stands twice in an image", () => {
  const segments = cutSegments(files(60_000, 2000), ZSTD);
  const numbers = new Set<number>();
  for (const { firstInode, entries } of segments)
    for (let at = 0; at < entries.length; at++) numbers.add(firstInode + at);
  assert.equal(numbers.size, 60_000);
  assert.equal(segments[0]!.firstInode, 0);
});

test("uncompressed, the numbers go through the whole archive as GNU cpio's do", () => {
  let next = 0;
  for (const { firstInode, entries } of cutSegments(files(2000, 50_000), specOf().image)) {
    assert.equal(firstInode, next);
    next += entries.length;
  }
});

test("a file larger than any segment is one by itself, and solid is one segment", () => {
  const entries = [
    ...files(3, 1000),
    entry("lib/huge", 100 * MIB),
    ...files(3, 1000).map((one) => ({ ...one, path: `z/${one.path}` as TargetPath })),
  ];
  const huge = cutSegments(entries, ZSTD).find(({ entries }) => entries[0]!.path === "lib/huge");
  assert.equal(huge?.entries.length, 1);
  assert.equal(cutSegments(entries, { ...ZSTD, isSolid: true }).length, 1);
});

test("the key changes with everything that changes a byte", () => {
  const base = entry("a", 5);
  const keyOf = (one: Entry, image = ZSTD): string => cutSegments([one], image)[0]!.key!;
  const variants = [
    keyOf(base),
    keyOf(base, { ...ZSTD, epoch: 2 }),
    keyOf({ ...base, mode: 0o600 }),
    keyOf({ ...base, uid: 1 }),
    keyOf({ ...base, gid: 1 }),
    keyOf({ ...base, path: "b" as TargetPath }),
    keyOf({ ...base, content: digestOf(Buffer.from("other")) } as Entry),
    keyOf({ kind: "directory", path: "a" as TargetPath, mode: 0o644, uid: 0, gid: 0 }),
    keyOf({ kind: "char", path: "a" as TargetPath, mode: 0o644, uid: 0, gid: 0, major: 1, minor: 2 }),
    keyOf({ kind: "char", path: "a" as TargetPath, mode: 0o644, uid: 0, gid: 0, major: 1, minor: 3 }),
    keyOf({ kind: "block", path: "a" as TargetPath, mode: 0o644, uid: 0, gid: 0, major: 1, minor: 3 }),
  ];
  assert.equal(new Set(variants).size, variants.length);
});
