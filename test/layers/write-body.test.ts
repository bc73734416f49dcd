import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry, FileEntry } from "../../src/core/entry.ts";
import { openBytes } from "../../src/core/open-bytes.ts";
import type { HostPath } from "../../src/core/path.ts";
import type { FileVersion } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { cpioSizeOf, encodeCpioEntry, paddingAfter } from "../../src/formats/cpio.ts";
import type { OpenContent } from "../../src/layers/read-content.ts";
import { streamEntries } from "../../src/layers/stream-entries.ts";
import { writeBody } from "../../src/layers/write-body.ts";
import { cutSegments } from "../../src/plan/segments.ts";
import { specOf, target } from "../support/specs.ts";

function fileEntry(path: string, bytes: Uint8Array): FileEntry {
  const source = { from: "recipe", bytes } as const;
  return {
    kind: "file",
    path: target(path),
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: bytes.length,
    content: digestOf(bytes),
    source,
  };
}

type Change = (bytes: Uint8Array) => Uint8Array;

function opener(change: Change): OpenContent {
  return (source) => {
    assert.ok(source.from === "recipe");
    return { file: openBytes(change(source.bytes)), path: "/x" as HostPath };
  };
}

/** In memory, in a buffer that held something else, and in pieces: both must be the same. */
async function written(entries: Entry[], change: Change = (bytes) => bytes): Promise<Buffer> {
  const [plan] = cutSegments(entries, { ...specOf().image, isSolid: true });
  const body = Buffer.alloc(plan!.size, 0xaa);
  writeBody(plan!, 1, body, opener(change));
  const chunks: Uint8Array[] = [];
  for await (const chunk of streamEntries(plan!, 1, opener(change))) chunks.push(chunk);
  assert.ok(body.equals(Buffer.concat(chunks)));
  return body;
}

test("a segment is its entries one after another, at every size around a piece's", async () => {
  const sizes = [0, 1, 3, 4, 5, (1 << 20) - 116, 1 << 20, (1 << 20) + 1, 3_000_001];
  const entries = sizes.map((size, at) => fileEntry(`/file${at}`, randomBytes(size)));
  const expected = entries.flatMap((entry, inode) => {
    assert.ok(entry.source.from === "recipe");
    return [encodeCpioEntry(entry, inode, 1), entry.source.bytes, paddingAfter(entry.size)];
  });
  assert.deepEqual(await written(entries), Buffer.concat(expected));
  assert.equal(
    entries.reduce((sum, entry) => sum + cpioSizeOf(entry), 0),
    Buffer.concat(expected).length,
  );
});

test("a file that changed since it was scanned fails the build, and says which", async () => {
  const entries = [fileEntry("/a", Buffer.from("content"))];
  for (const other of ["Content", "content!", "conten", ""]) {
    await assert.rejects(
      written(entries, () => Buffer.from(other)),
      (error) => {
        assert.ok(error instanceof BuildFailure);
        assert.deepEqual(error.problems, [{ code: "host/file-changed", path: "/x" }]);
        return true;
      },
    );
  }
});

test("of a tree that tells versions, the version counts, and what is read is what is told", () => {
  const version: FileVersion = { mtimeMs: 1, ctimeMs: 2, inode: 3, device: 4 };
  const bytes = Buffer.from("content");
  const source = { from: "tree", tree: "sysroot", path: target("/a"), version } as const;
  const remembered = { ...fileEntry("/a", bytes), source, content: digestOf(Buffer.from("another")) };
  const [plan] = cutSegments([remembered], specOf().image);
  const read = (now: FileVersion | null) => {
    const open = () => ({ file: { ...openBytes(bytes), versionNow: () => now }, path: "/x" as HostPath });
    return writeBody(plan!, 1, new Uint8Array(plan!.size), open);
  };
  assert.equal(read(version).get(remembered), digestOf(bytes), "a memory that lies is not believed");
  for (const now of [null, { ...version, ctimeMs: 2.25 }, { ...version, inode: 5 }]) {
    assert.throws(() => read(now), BuildFailure);
  }
});
