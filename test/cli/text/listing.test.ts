import assert from "node:assert/strict";
import { test } from "node:test";
import { type ListingRow, layoutListing, showMode, showTimestamp } from "../../../src/cli/text/listing.ts";
import type { ByteString } from "../../../src/core/path.ts";

test("modes look as ls shows them", () => {
  const shown = [0o755, 0o4755, 0o4644, 0o2755, 0o2644, 0o1777, 0o1776, 0].map((mode) =>
    showMode("file", mode),
  );
  assert.deepEqual(shown, [
    "-rwxr-xr-x",
    "-rwsr-xr-x",
    "-rwSr--r--",
    "-rwxr-sr-x",
    "-rw-r-Sr--",
    "-rwxrwxrwt",
    "-rwxrwxrwT",
    "----------",
  ]);
  const kinds = (["directory", "symlink", "char", "block", "fifo", "socket"] as const).map(
    (kind) => showMode(kind, 0)[0],
  );
  assert.deepEqual(kinds, ["d", "l", "c", "b", "p", "s"]);
});

test("dates are UTC and reach to the end of newc's time", () => {
  assert.deepEqual([1, 4294967295].map(showTimestamp), ["1970-01-01 00:00:01", "2106-02-07 06:28:15"]);
});

test("a listing has devices, link targets, and names that cannot break a line", () => {
  assert.deepEqual(
    layoutListing([
      entry({ kind: "directory", name: "." as ByteString, mode: 0o755, links: 2 }),
      entry({ kind: "char", name: "dev/console" as ByteString, mode: 0o600, major: 5, minor: 1 }),
      entry({
        kind: "symlink",
        name: "bin" as ByteString,
        mode: 0o777,
        size: 7,
        to: "usr/bin" as ByteString,
      }),
      entry({ name: "a\nb\xff" as ByteString, mode: 0o644, size: 12345, uid: 1000 }),
    ]),
    [
      "drwxr-xr-x  2     0  0      0  1970-01-01 00:00:01  .",
      "crw-------  1     0  0   5, 1  1970-01-01 00:00:01  dev/console",
      "lrwxrwxrwx  1     0  0      7  1970-01-01 00:00:01  bin -> usr/bin",
      "-rw-r--r--  1  1000  0  12345  1970-01-01 00:00:01  a\\nb\\xff",
    ],
  );
});

function entry(some: Partial<ListingRow>): ListingRow {
  const plain: ListingRow = {
    kind: "file",
    name: "x" as ByteString,
    mode: 0,
    uid: 0,
    gid: 0,
    links: 1,
    size: 0,
    mtime: 1,
    major: 0,
    minor: 0,
    to: null,
  };
  return { ...plain, ...some };
}
