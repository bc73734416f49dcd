import assert from "node:assert/strict";
import { test } from "node:test";
import {
  matchesAlias,
  moduleCompressionOf,
  moduleNameOf,
  normalizeAlias,
  plainModulePath,
} from "../../src/formats/kmod-names.ts";

test("a module's name ends at the first dot of its file's name and knows no dash", () => {
  const rows: [path: string, name: string][] = [
    ["kernel/sound/snd-hda-intel.ko.xz", "snd_hda_intel"],
    ["kernel/fs/xfs/xfs.ko", "xfs"],
    ["a-b", "a_b"],
    ["kernel/x.y.ko", "x"],
    ["", ""],
  ];
  for (const [path, name] of rows) assert.equal(moduleNameOf(path), name, path);
});

test("how a module is packed follows from its last letters", () => {
  assert.equal(moduleCompressionOf("a.ko"), "none");
  assert.equal(moduleCompressionOf("a.ko.zst"), "zstd");
  assert.equal(moduleCompressionOf("a.ko.bz2"), null);
  assert.equal(plainModulePath("kernel/a-b.ko.gz"), "kernel/a-b.ko");
});

test("an alias is compared with underscores, except in brackets, and a lone bracket spoils it", () => {
  assert.equal(normalizeAlias("fs-ext4"), "fs_ext4");
  assert.equal(normalizeAlias("usb:v05A9d[0-9]-x*"), "usb:v05A9d[0-9]_x*");
  assert.equal(normalizeAlias("a]"), null);
  assert.equal(normalizeAlias("a[b"), null);
});

test("an alias matches as fnmatch(3) says", () => {
  const rows: [pattern: string, text: string, isMatch: boolean][] = [
    ["pci:v00001AF4d*sv*", "pci:v00001AF4d00001000sv0", true],
    ["pci:v00001AF4d*sv*", "pci:v00001AF5d00001000sv0", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["usb:d0[0-3]*", "usb:d02", true],
    ["usb:d0[!0-3]*", "usb:d02", false],
    ["a[b", "a[b", true],
    ["*", "", true],
    ["", "a", false],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
  ];
  for (const [pattern, text, isMatch] of rows)
    assert.equal(matchesAlias(pattern, text), isMatch, `${pattern} ${text}`);
});

test("a pattern made to be slow is not", () => {
  assert.equal(matchesAlias(`${"*a".repeat(200)}b`, "a".repeat(2000)), false);
});
