import assert from "node:assert/strict";
import { test } from "node:test";
import { showPath } from "../../src/core/path.ts";
import type { ElfParts } from "../../src/formats/elf-sections.ts";
import { accountOf } from "../../src/size/account.ts";
import { type ContentFacts, NOTHING_KNOWN } from "../../src/size/contents.ts";
import { suggest } from "../../src/size/suggestions/index.ts";
import { digestNamed, type TracedWish, tracedImage } from "../support/traced-images.ts";

function suggestFor(wish: TracedWish, contents: readonly (Partial<ContentFacts> | null)[] = []) {
  const image = tracedImage(wish);
  const known = new Map(
    contents.flatMap((facts, at) => (facts === null ? [] : [[at, { ...NOTHING_KNOWN, ...facts }] as const])),
  );
  return suggest({ image, account: accountOf(image), contents: known }).map((one) => ({
    kind: one.kind,
    files: one.entries.map((at) => showPath(image.entries[at]!.path)),
    saves: one.saves,
    which: one.which,
  }));
}

/** Files of 100 bytes. */
function filesAt(...paths: readonly string[]): TracedWish {
  return { nodes: [], files: paths.map((path) => [path, 100]) };
}

function elf(machine: number, strippable = 0): ElfParts {
  return { machine: { machine, bits: 64, endian: "little", flags: 0 }, strippable };
}

test("what an initrd has no use for is told by where it lies", () => {
  const rows: readonly (readonly [kind: string, is: readonly string[], isNot: readonly string[]])[] = [
    [
      "locale",
      ["/usr/share/locale/de/x.mo", "/nix/store/h-a/share/locale/x", "/usr/lib/locale/C.utf8/LC_CTYPE"],
      ["/usr/bin/locale"],
    ],
    ["documentation", ["/usr/share/man/man1/ls.1.gz", "/usr/share/doc/a"], ["/usr/bin/man", "/etc/doc/a"]],
    [
      "development",
      ["/usr/lib/libc.a", "/usr/include/a/b.h", "/usr/lib/x/libm.la"],
      ["/usr/lib/libc.so", "/etc/a.h"],
    ],
    [
      "python-cache",
      ["/usr/lib/python3/__pycache__/a.cpython-311.pyc"],
      ["/usr/lib/python3/a.py", "/usr/lib/python3/__pycache__/b.cpython-311.pyc"],
    ],
    ["time-zones", ["/usr/share/zoneinfo/Europe/Berlin"], ["/etc/localtime"]],
    [
      "hwcaps",
      ["/usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libc.so.6"],
      ["/usr/lib/x86_64-linux-gnu/libc.so.6"],
    ],
  ];
  for (const [kind, is, isNot] of rows) {
    const found = suggestFor(filesAt(...is, ...isNot));
    assert.deepEqual(
      found.map((one) => [one.kind, one.files, one.saves?.unpacked]),
      [[kind, is, is.length * 100]],
    );
  }
});

test("what is less than a two-hundredth of the image is not told", () => {
  const files = (size: number) =>
    ({
      nodes: [],
      files: [
        ["/usr/share/man/a", 10],
        ["/big", size],
      ],
    }) as const;
  assert.equal(suggestFor(files(1990)).length, 1);
  assert.equal(suggestFor(files(1991)).length, 0);
  assert.equal(suggestFor({ nodes: [], files: [["/usr/share/man/a", 0]] }).length, 0);
});

test("the most is told first, and what has to be tried last", () => {
  const found = suggestFor({
    nodes: [],
    files: [
      ["/usr/lib/modules/1/a.ko.xz", 1000],
      ["/usr/share/man/a", 10],
      ["/usr/share/locale/a", 20],
    ],
    layers: [["main", 1]],
  });
  // A body of one byte that is told for these does not shrink.
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ["locale", "documentation"],
  );
});

test("of equal files all but the first are duplicates, whatever tells their digests", () => {
  const wish: TracedWish = {
    nodes: [],
    files: [
      ["/a", 100, { digest: digestNamed("x") }],
      ["/b", 100],
      ["/c", 100, { digest: digestNamed("x") }],
      ["/d", 100, { digest: digestNamed("y") }],
      ["/empty", 0, { digest: digestNamed("e") }],
      ["/empty2", 0, { digest: digestNamed("e") }],
    ],
    layers: [["main", 50]],
  };
  const [found, ...others] = suggestFor(wish, [null, { digest: digestNamed("x") }]);
  assert.deepEqual([found!.kind, found!.files, others], ["duplicates", ["/b", "/c"], []]);
  assert.deepEqual([found!.saves!.unpacked, found!.saves!.compressed], [200, null]);
});

test("sections for debuggers count by their bytes, compressed in proportion", () => {
  const wish: TracedWish = { nodes: [], files: [["/bin/a", 1000]], layers: [["main", 500]] };
  const [found] = suggestFor(wish, [{ elf: elf(62, 400) }]);
  assert.deepEqual(
    [found!.kind, found!.saves],
    ["debug-sections", { entries: 0, unpacked: 400, compressed: 200 }],
  );
});

test("programs of another machine than most are told, firmware is not", () => {
  const wish = filesAt("/bin/a", "/bin/b", "/bin/c", "/usr/lib/firmware/d");
  const found = suggestFor(
    wish,
    [62, 62, 183, 183].map((machine) => ({ elf: elf(machine) })),
  );
  assert.deepEqual(
    found.map(({ kind, files, which }) => [kind, files, which]),
    [["other-machines", ["/bin/c"], "aarch64"]],
  );
});

test("firmware is idle where all modules were chosen and none asks for it", () => {
  const wish: TracedWish = {
    nodes: ["kernel", "a", "/lib/modules/m.ko", "/lib/firmware/used", "/lib/firmware/idle"],
    references: [
      "kernel > /lib/modules/m.ko",
      "/lib/modules/m.ko > /lib/firmware/used firmware",
      "a > /lib/firmware/idle",
    ],
    files: [
      ["/lib/modules/m.ko", 1],
      ["/lib/firmware/used", 10],
      ["/lib/firmware/idle", 100],
    ],
  };
  assert.deepEqual(
    suggestFor(wish).map(({ kind, files }) => [kind, files]),
    [["unnamed-firmware", ["/lib/firmware/idle"]]],
  );
  const copied = { ...wish, files: [...wish.files, ["/lib/modules/n.ko", 1, { by: "a" }] as const] };
  assert.deepEqual(suggestFor(copied), []);
});
