/** Lines for gen_init_cpio and 3cpio: what they cannot say is refused, never said wrongly. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteString } from "../../src/core/path.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { genInitCpioLine } from "../../src/formats/gen-init-cpio.ts";
import type { ListedEntry } from "../../src/formats/listed-entry.ts";
import { threecpioHead, threecpioLine } from "../../src/formats/threecpio-manifest.ts";
import { randomSource } from "../support/random.ts";
import { target } from "../support/specs.ts";

const OWNED = { mode: 0o755, uid: 0, gid: 5 };
const FILE = {
  kind: "file",
  ...OWNED,
  path: target("bin/x"),
  location: "/srv/x" as ByteString,
  size: 3,
} as const;
const ALL: readonly ListedEntry[] = [
  { kind: "directory", ...OWNED, path: target("bin") },
  FILE,
  { kind: "symlink", ...OWNED, path: target("sh"), to: "bin/x" as ByteString },
  { kind: "char", ...OWNED, path: target("tty"), major: 5, minor: 1 },
  { kind: "block", ...OWNED, path: target("sda"), major: 8, minor: 0 },
  { kind: "fifo", ...OWNED, path: target("pipe") },
  { kind: "socket", ...OWNED, path: target("log"), mode: 0o1777 },
];

test("each kind has its line", () => {
  assert.deepEqual(ALL.map(genInitCpioLine), [
    "dir /bin 0755 0 5",
    "file /bin/x /srv/x 0755 0 5",
    "slink /sh bin/x 0755 0 5",
    "nod /tty 0755 0 5 c 5 1",
    "nod /sda 0755 0 5 b 8 0",
    "pipe /pipe 0755 0 5",
    "sock /log 1777 0 5",
  ]);
  assert.deepEqual(
    ALL.map((entry) => threecpioLine(entry, 7).replaceAll("\t", "|")),
    [
      "-|bin|dir|0755|0|5|7",
      "/srv/x|bin/x|file|0755|0|5|7|3",
      "-|sh|link|0755|0|5|7|bin/x",
      "-|tty|char|0755|0|5|7|5|1",
      "-|sda|block|0755|0|5|7|8|0",
      "-|pipe|fifo|0755|0|5|7",
      "-|log|sock|1777|0|5|7",
    ],
  );
  assert.deepEqual([threecpioHead(null), threecpioHead("zstd -10")], ["#cpio", "#cpio: zstd -10"]);
});

test("the root has no line for the one, and its own for the other", () => {
  const root: ListedEntry = { kind: "directory", ...OWNED, path: target("") };
  assert.equal(genInitCpioLine(root), null);
  assert.equal(threecpioLine(root, 0), "-\t.\tdir\t0755\t0\t5\t0");
});

test("what a list cannot say is refused", () => {
  const named = (path: string, location = "/x"): ListedEntry => ({
    ...FILE,
    path: path as ListedEntry["path"],
    location: location as ByteString,
  });
  for (const path of ["a b", "a\tb", "a\nb", "a\xa0b", "x".repeat(4096)])
    assert.throws(() => genInitCpioLine(named(path)), { code: "unlisted-name" });
  assert.throws(() => genInitCpioLine(named("a", `/home/\${USER}`)), { code: "unlisted-name" });
  assert.throws(() => genInitCpioLine({ ...FILE, uid: 2 ** 31 }), { code: "unlisted-owner" });
  for (const path of ["a\tb", "a\nb", "\xff", "-", " a", "a\r"])
    assert.throws(() => threecpioLine(named(path), 0), { code: "unlisted-name" });
  const link: ListedEntry = { kind: "symlink", ...OWNED, path: target("l"), to: "-" as ByteString };
  assert.throws(() => threecpioLine(link, 0), { code: "unlisted-name" });
});

test("no name makes two lines, or more words", () => {
  const random = randomSource(5);
  let refused = 0;
  for (let round = 0; round < 4000; round++) {
    const path = Array.from({ length: 1 + random(5) }, () =>
      String.fromCharCode(random(8) ? random(256) : 0x61),
    ).join("");
    for (const [write, words] of [
      [() => genInitCpioLine({ ...FILE, path: path as ListedEntry["path"] }), /^file \S+ \S+ 0755 0 5$/],
      [
        () => threecpioLine({ ...FILE, path: path as ListedEntry["path"] }, 0),
        /^[^\t]+\t[^\t]+\tfile(\t[0-9]+){5}$/,
      ],
    ] as const) {
      try {
        const line = write()!;
        assert.match(line, words);
        assert.ok(!line.includes("\n"));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        refused += 1;
      }
    }
  }
  assert.ok(refused > 500);
});
