import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry, FileEntry } from "../../src/core/entry.ts";
import { openBytes } from "../../src/core/open-bytes.ts";
import type { HostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { cpioSizeOf, encodeCpioEntry, paddingAfter } from "../../src/formats/cpio.ts";
import { writeEntries } from "../../src/layers/write-entries.ts";
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

async function written(
  entries: Entry[],
  change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Promise<Buffer> {
  const [plan] = cutSegments(entries, { ...specOf().image, isSolid: true });
  const chunks: Uint8Array[] = [];
  const open = (source: FileEntry["source"]): { file: ReturnType<typeof openBytes>; path: HostPath } => {
    assert.ok(source.from === "recipe");
    return { file: openBytes(change(source.bytes)), path: "/x" as HostPath };
  };
  for await (const chunk of writeEntries(plan!, 1, open)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.length, plan!.size);
  return bytes;
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
