/** Where two images first differ, in the terms of what a kernel would unpack. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { HostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { encodeUimageHeader } from "../../src/formats/uimage.ts";
import { compareImages, type ImageDifference } from "../../src/inspect/compare-images.ts";
import { archiveOf, bodyOf, directory, file, seededBytes, special, symlink } from "../support/archive.ts";
import { memoryHost } from "../support/memory-host.ts";

const LARGE = seededBytes(1, 3_000_000);
const ENTRIES = [
  directory(""),
  directory("bin"),
  file("bin/large", LARGE, 0o755),
  symlink("init", "bin/large"),
  file("motd", "hello\n"),
];

async function compare(first: Uint8Array, second: Uint8Array): Promise<ImageDifference | null> {
  const host = memoryHost({ "/a.img": first, "/b.img": second });
  return compareImages("/a.img" as HostPath, "/b.img" as HostPath, { host });
}

/** The entries with one put in another's place, or taken out. */
function withEntry(at: number, ...instead: typeof ENTRIES): Uint8Array {
  return archiveOf(ENTRIES.toSpliced(at, 1, ...instead));
}

const changed = Uint8Array.from(LARGE);
changed[2_500_000] = changed[2_500_000]! ^ 1;

const HERE = archiveOf(ENTRIES);
const CASES: readonly [what: string, there: Uint8Array, difference: object][] = [
  ["an entry less", withEntry(3), { kind: "missing", in: "second", path: "init" }],
  [
    "an entry more in the middle",
    withEntry(3, symlink("inis", "x"), ENTRIES[3]!),
    { kind: "missing", in: "first", path: "inis" },
  ],
  [
    "an entry more at the end",
    withEntry(4, ENTRIES[4]!, file("z", "")),
    { kind: "missing", in: "first", path: "z" },
  ],
  [
    "another mode",
    withEntry(1, directory("bin", 0o700)),
    { path: "bin", facts: [{ fact: "mode", first: "0755", second: "0700", offset: null }] },
  ],
  [
    "another target",
    withEntry(3, symlink("init", "bin/other")),
    { path: "init", facts: [{ fact: "target", first: "bin/large", second: "bin/other", offset: null }] },
  ],
  ["another kind", withEntry(3, special("init", "fifo", 0o777)), { path: "init", facts: ["kind", "target"] }],
  ["one byte in the third megabyte", withEntry(2, file("bin/large", changed, 0o755)), { at: 2_500_000 }],
  ["a shorter file", withEntry(2, file("bin/large", LARGE.subarray(0, 2 ** 20), 0o755)), { at: 2 ** 20 }],
  [
    "another order",
    archiveOf([...ENTRIES.slice(0, 3), ENTRIES[4]!, ENTRIES[3]!]),
    { kind: "order", path: "init" },
  ],
];

for (const [what, there, expected] of CASES) {
  test(`${what} is what is told first, whatever the images are packed in`, async () => {
    for (const second of [there, gzipSync(there)]) {
      const difference = await compare(HERE, second);
      assert.notEqual(difference, null);
      if ("at" in expected) {
        assert.equal(difference?.kind, "entry");
        const facts = difference?.kind === "entry" ? difference.facts : [];
        assert.deepEqual(facts.find(({ fact }) => fact === "content")?.offset, expected.at);
      } else if ("facts" in expected && typeof (expected.facts as unknown[])[0] === "string") {
        const facts = difference?.kind === "entry" ? difference.facts.map(({ fact }) => fact) : [];
        assert.deepEqual(facts, expected.facts);
      } else assert.deepEqual({ ...difference, ...expected }, difference);
    }
  });
}

test("equal bytes are no difference, and need not be an image", async () => {
  assert.equal(await compare(HERE, Uint8Array.from(HERE)), null);
  assert.equal(await compare(LARGE, LARGE), null);
});

test("what cannot be read on either side is compared as bytes; on one, it is a problem", async () => {
  assert.deepEqual(await compare(LARGE, changed), { kind: "bytes", offset: 2_500_000 });
  for (const [first, second] of [
    [HERE, LARGE],
    [LARGE, HERE],
  ] as const) {
    await assert.rejects(compare(first, second), (error) => {
      return error instanceof BuildFailure && error.problems[0]?.code === "image/unreadable";
    });
  }
});

test("the same entries in other bytes are told by the member that is another", async () => {
  const [first, second] = [ENTRIES.slice(0, 3), ENTRIES.slice(3)];
  const head = bodyOf(first);
  const [fast, small] = [1, 9].map((level) => gzipSync(archiveOf(second, first.length), { level }));
  const difference = await compare(Buffer.concat([head, fast!]), Buffer.concat([head, small!]));
  assert.equal(difference?.kind, "packing");
  if (difference?.kind !== "packing") return;
  assert.deepEqual(
    [difference.first.member, difference.first.memberKind, difference.inode],
    [1, "gzip", null],
  );
  assert.ok(difference.offset >= head.length);
});

test("inode numbers and wrappers are no entries", async () => {
  const numbered = await compare(HERE, archiveOf(ENTRIES, 7));
  assert.deepEqual([numbered?.kind, numbered?.kind === "packing" && numbered.inode], ["packing", ""]);
  const facts = { os: "linux", type: "ramdisk", arch: "arm64", compression: "none", name: "" } as const;
  const sums = { time: 1, loadAddress: 0, entryPoint: 0, dataSize: HERE.length, dataCrc: 0 };
  const { crc32 } = await import("node:zlib");
  const header = encodeUimageHeader({ ...facts, ...sums, dataCrc: crc32(HERE) });
  const wrapped = await compare(HERE, Buffer.concat([header, HERE]));
  assert.equal(wrapped?.kind, "packing");
  if (wrapped?.kind !== "packing") return;
  assert.deepEqual(
    [wrapped.first.wrapper, wrapped.second.wrapper, wrapped.second.member],
    [null, "uInitrd", null],
  );
});
