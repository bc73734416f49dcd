import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ancestorsOf,
  type ByteString,
  byteString,
  bytesOf,
  commonDirectory,
  directoryOf,
  type HostPath,
  hostPathOf,
  isInside,
  parseHostPath,
  parseTargetPath,
  ROOT,
  relativeHostPath,
  showBytes,
  showPath,
  toBytes,
} from "../../src/core/path.ts";

test("a target path keeps nothing that has no meaning, and refuses what leads out", () => {
  const table: [text: string, path: string | null][] = [
    ["/usr/bin/bash", "usr/bin/bash"],
    ["usr//bin/./bash/", "usr/bin/bash"],
    ["/", ""],
    ["/a/..b/...", "a/..b/..."],
    ["/a/../b", null],
    ["..", null],
    ["/a\0b", null],
    ["/ü", "\u00c3\u00bc"],
  ];
  for (const [text, path] of table) assert.equal(parseTargetPath(bytesOf(text)), path, text);
});

test("a host path is seen from a directory, its dots taken literally", () => {
  const from = "/work/recipes" as HostPath;
  assert.equal(parseHostPath(bytesOf("../init.sh"), from), "/work/init.sh");
  assert.equal(parseHostPath(bytesOf("/a//b/./c/../d"), from), "/a/b/d");
  assert.equal(parseHostPath(bytesOf("../../../.."), from), "/");
  assert.equal(parseHostPath(bytesOf(""), from), null);
});

test("bytes go in and come out as they are, whatever they are", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.deepEqual(Uint8Array.from(toBytes(byteString(all))), all);
  assert.equal(bytesOf("grün").length, 5);
});

test("bytes compare in the order of bytes where text would not", () => {
  const emoji = bytesOf("\u{1f600}");
  const fullwidth = bytesOf("\uff5e");
  assert.ok(fullwidth < emoji);
  assert.ok("\u{1f600}" < "\uff5e");
});

test("what people see is text, one line, and tells bad bytes apart", () => {
  const table: [bytes: string, shown: string][] = [
    ["plain name", "plain name"],
    ["a\nb\tc", "a\\nb\\tc"],
    ["\xff\xfe", "\\xff\\xfe"],
    [bytesOf("grün"), "grün"],
    [`${bytesOf("ü")}\xc3`, "ü\\xc3"],
    ["\x1b[31m", "\\x1b[31m"],
    [bytesOf("\u{1f600}"), "\u{1f600}"],
  ];
  for (const [bytes, shown] of table) assert.equal(showBytes(bytes as ByteString), shown);
  assert.equal(showPath(ROOT), "/");
});

test("directories of a path, from the outside in", () => {
  const path = parseTargetPath(bytesOf("/a/b/c"))!;
  assert.deepEqual(ancestorsOf(path), ["a", "a/b"]);
  assert.equal(directoryOf(path), "a/b");
  assert.equal(directoryOf(parseTargetPath(bytesOf("a"))!), ROOT);
  assert.ok(isInside(path, parseTargetPath(bytesOf("a/b"))!));
  assert.ok(!isInside(path, parseTargetPath(bytesOf("a/bb"))!));
  assert.equal(hostPathOf("/" as HostPath, path), "/a/b/c");
});

test("a path is seen from a directory, and directories have one in common", () => {
  const host = (path: string) => path as ByteString as HostPath;
  const rows: readonly (readonly [path: string, from: string, seen: string])[] = [
    ["/a/b/c", "/a/b", "./c"],
    ["/a/b/c", "/a/d", "../b/c"],
    ["/a/bc", "/a/b", "../bc"],
    ["/a", "/", "./a"],
    ["/", "/a", ".."],
    ["/a/b", "/a/b", "."],
  ];
  for (const [path, from, seen] of rows) {
    assert.equal(relativeHostPath(host(path), host(from)), seen, path);
    assert.equal(parseHostPath(bytesOf(seen), host(from)), path, seen);
  }
  const shared: readonly (readonly [directories: string[], shared: string])[] = [
    [["/a/b"], "/a/b"],
    [["/a/b", "/a/bc", "/a/b/c"], "/a"],
    [["/a/b", "/a/b/c"], "/a/b"],
    [["/a", "/b"], "/"],
    [["/", "/b"], "/"],
    [["/"], "/"],
  ];
  for (const [directories, common] of shared) assert.equal(commonDirectory(directories.map(host)), common);
});
