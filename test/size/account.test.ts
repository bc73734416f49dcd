import assert from "node:assert/strict";
import { test } from "node:test";
import { accountOf } from "../../src/size/account.ts";
import { bringersIn } from "../../src/size/bringers.ts";
import { cutDirectories } from "../../src/size/directories.ts";
import { randomSource } from "../support/random.ts";
import { tracedImage } from "../support/traced-images.ts";

/** What each line names and would take along, by its label. */
function linesOf(wish: Parameters<typeof tracedImage>[0]): Record<string, [own: number, retained: number]> {
  const { lines } = accountOf(tracedImage(wish));
  return Object.fromEntries(
    lines.map(({ label, own, retained }) => [label, [own.unpacked, retained.unpacked]]),
  );
}

test("a line takes along what it alone needs, and not what another needs too", () => {
  const found = linesOf({
    nodes: ["a", "b", "/bin/one", "/bin/two", "/lib/own", "/lib/libc"],
    references: [
      "a > /bin/one",
      "b > /bin/two",
      "/bin/one > /lib/own",
      "/bin/one > /lib/libc",
      "/bin/two > /lib/libc",
    ],
    files: [
      ["/bin/one", 1],
      ["/bin/two", 10],
      ["/lib/own", 100],
      ["/lib/libc", 1000],
    ],
  });
  assert.deepEqual(found, { a: [1, 101], b: [10, 10] });
});

test("an entry's holder is the line that alone brings it", () => {
  const image = tracedImage({
    nodes: ["a", "b", "/bin/one", "/bin/two", "/lib/own", "/lib/libc"],
    references: [
      "a > /bin/one",
      "b > /bin/two",
      "/bin/one > /lib/own",
      "/bin/one > /lib/libc",
      "/bin/two > /lib/libc",
    ],
    files: [
      ["/bin/one", 1],
      ["/bin/two", 1],
      ["/lib/own", 1],
      ["/lib/libc", 1],
      ["/nobody's", 1],
    ],
  });
  assert.deepEqual([...accountOf(image).holders], [0, 1, 0, -1, -1]);
});

test("own is what a line names, where its symlinks lead, and all of a directory", () => {
  const found = linesOf({
    nodes: ["a", "/bin/sh", "/bin/dash", "/lib/libc", "/etc/", "/etc/run"],
    references: [
      "a > /bin/sh",
      "/bin/sh > /bin/dash symlink",
      "/bin/dash > /lib/libc",
      "a > /etc/",
      "/etc/ > /etc/run copied",
      "/etc/run > /lib/libc",
    ],
    files: [
      ["/bin/dash", 1],
      ["/lib/libc", 10],
      ["/etc/hosts", 100, { by: "/etc/" }],
      ["/etc/run", 1000],
    ],
  });
  assert.deepEqual(found, { a: [1101, 1111] });
});

test("a file that two lines bring in different ways is no one's alone", () => {
  const wish = {
    nodes: ["a", "b", "/etc/", "/etc/hosts"],
    references: ["a > /etc/", "b > /etc/hosts"],
    files: [["/etc/hosts", 5] as const],
  };
  assert.deepEqual(linesOf({ ...wish, files: [["/etc/hosts", 5, { by: "/etc/" }]] }), {
    a: [5, 0],
    b: [0, 0],
  });
  assert.deepEqual(linesOf(wish), { a: [0, 0], b: [5, 0] });
  const { shared, total } = accountOf(tracedImage(wish));
  assert.deepEqual([shared.unpacked, total.unpacked], [5, 5]);
});

test("a layer takes along what its lines need together", () => {
  const { layers, lines } = accountOf(
    tracedImage({
      nodes: [
        "layers/base/contents/0",
        "layers/base/contents/1",
        "contents/0",
        "/a",
        "/b",
        "/c",
        "/libc",
        "/own",
      ],
      references: [
        "layers/base/contents/0 > /a",
        "layers/base/contents/1 > /b",
        "contents/0 > /c",
        "/a > /own",
        "/b > /own",
        "/b > /libc",
        "/c > /libc",
      ],
      files: [
        ["/a", 1],
        ["/b", 10],
        ["/own", 100],
        ["/libc", 1000],
        ["/c", 10_000, { layer: 1 }],
      ],
      layers: [
        ["base", null],
        ["main", null],
      ],
    }),
  );
  assert.deepEqual(
    layers.map(({ name, own, retained }) => [name, own.unpacked, retained.unpacked]),
    [
      ["base", 1111, 111],
      ["main", 10_000, 10_000],
    ],
  );
  assert.deepEqual(
    lines.map(({ layer }) => layer),
    [0, 0, 1],
  );
});

test("what no way from a line leads to, and what nobody brought, is shared", () => {
  const { shared, total } = accountOf(
    tracedImage({
      nodes: ["a", "/x"],
      files: [
        ["/x", 3],
        ["/y", 4, { by: "" }],
      ],
    }),
  );
  assert.deepEqual([shared.unpacked, total.unpacked], [7, 7]);
});

test("compressed shares add up to the members, by what entries take in the archive", () => {
  const image = tracedImage({
    nodes: ["a"],
    files: [
      ["/a", 1000],
      ["/b", 3000],
      ["/c", 50, { layer: 1 }],
    ],
    layers: [
      ["one", 800],
      ["two", null],
    ],
  });
  const { entries, layers, total } = accountOf(image);
  // Header and name take 112 bytes.
  assert.equal(entries.compressed[0], (800 * 1112) / (1112 + 3112));
  assert.deepEqual(
    [layers[0]!.own.compressed, layers[1]!.own.compressed, total.compressed],
    [800, null, null],
  );
});

test("retained bytes are those that are gone when the line is taken out, in graphs at random", () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = randomSource(seed);
    const lines = Array.from({ length: 1 + random(3) }, (_, at) => `line${at}`);
    const files = Array.from({ length: 1 + random(10) }, (_, at) => `/f${at}`);
    const nodes = [...lines, ...files];
    const references = Array.from({ length: random(25) }, () => {
      return `${nodes[random(nodes.length)]} > ${files[random(files.length)]}`;
    });
    const image = tracedImage({ nodes, references, files: files.map((path, at) => [path, 2 ** at]) });
    const keptWithout = (gone: string): number => {
      const found = new Set(lines.filter((line) => line !== gone));
      for (const one of found) {
        for (const reference of references) {
          const [from, , to] = reference.split(" ");
          if (from === one) found.add(to!);
        }
      }
      return files.reduce((sum, path, at) => sum + (found.has(path) ? 2 ** at : 0), 0);
    };
    for (const { label, retained } of accountOf(image).lines) {
      assert.equal(retained.unpacked, keptWithout("") - keptWithout(label), `seed ${seed}, ${label}`);
    }
  }
});

test("the shortest way to a node begins at a line", () => {
  const { references } = tracedImage({
    nodes: ["a", "b", "/x", "/y", "/z"],
    references: ["a > /x", "/x > /y", "b > /y", "/y > /z", "/z > /x"],
    files: [],
  });
  const { line, last } = bringersIn(references);
  assert.deepEqual([...line], [0, 1, 0, 1, 1]);
  assert.deepEqual([...last], [-1, -1, 0, 2, 3]);
});

test("a cut shows the largest directories, and its rows add up", () => {
  const image = tracedImage({
    nodes: [],
    files: [
      ["/usr/lib/modules/a", 500],
      ["/usr/lib/modules/b", 400],
      ["/usr/lib/libc", 50],
      ["/usr/bin/sh", 30],
      ["/etc/passwd", 1],
      ["/init", 2],
    ],
  });
  const { entries } = accountOf(image);
  const cut = (most: number) =>
    cutDirectories(image.entries, entries, most).map(({ path, isWhole, amount }) => [
      path,
      isWhole,
      amount.unpacked,
    ]);
  assert.deepEqual(cut(1), [["", true, 983]]);
  assert.deepEqual(cut(2), [
    ["usr", true, 980],
    ["", false, 3],
  ]);
  assert.deepEqual(cut(9), [
    ["usr/lib/modules", true, 900],
    ["usr/lib", false, 50],
    ["usr/bin", true, 30],
    ["", false, 3],
  ]);
  assert.deepEqual(cutDirectories([], entries, 3).length, 1);
});
