/**
 * Reference test: an uncompressed image is what GNU cpio makes of the unpacked tree, byte for byte. cpio 2.14
 * writes 2 as every directory's link count; where an older one is installed its counts are set to that first.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireRoot, requireTime, requireTool } from "../support/tools.ts";

const here = requireAll(requireTool("cpio"), requireRoot());

test("odd names, setuid files, devices, deep and long names, empty files", here, (t) => {
  const directory = scratchDirectory(t);
  const root = join(directory, "root");
  const path = (name: string): Buffer =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, "latin1")]);
  mkdirSync(join(root, "d/e".repeat(60)), { recursive: true });
  mkdirSync(join(root, "empty"));
  const names = [
    " ",
    "a b",
    "new\nline",
    "tab\t",
    "\xff\xfe",
    "ünïcødé",
    "-dash",
    "a-b",
    "a/b",
    "a.b",
    "x".repeat(255),
    "TRAILER",
    ".hidden",
  ];
  for (const name of names) {
    mkdirSync(join(root, "a"), { recursive: true });
    writeFileSync(path(name), name.length % 5 === 0 ? "" : `content of ${name}`);
  }
  chmodSync(path("a b"), 0o4755);
  chmodSync(path("a-b"), 0o2711);
  chmodSync(join(root, "empty"), 0o1777);
  chmodSync(join(root, "a"), 0o700);
  for (const [name, to] of [
    ["link", "./target"],
    ["up", "../x"],
    ["dots", ".//./y"],
    ["self", "./"],
    ["absolute", "/etc/passwd"],
    ["bytes", "\xff"],
  ] as const) {
    symlinkSync(Buffer.from(to, "latin1"), path(`a/${name}`));
  }
  execFileSync("mkfifo", [join(root, "fifo")]);
  execFileSync("mknod", [join(root, "tty"), "c", "5", "259"]);
  execFileSync("mknod", [join(root, "disk"), "b", "8", "70000"]);
  assertEqualsGnu(directory, ["target", "/x", "y", "/etc/passwd", "\\xff"]);
});

test("100,000 entries", requireAll(here, requireTime()), (t) => {
  const directory = scratchDirectory(t);
  for (let seed = 0; seed < 9; seed++)
    writeFileSync(join(directory, `seed${seed}`), "seed".repeat(seed * seed));
  for (let at = 0; at < 250; at++) {
    const own = join(directory, "root", `dir${at % 7}`, `sub${at}`);
    mkdirSync(own, { recursive: true });
    // Hard links are made faster than files, and an image knows none.
    for (let file = 0; file < 400; file++)
      linkSync(join(directory, `seed${file % 9}`), join(own, `file-${file * 37}`));
  }
  assertEqualsGnu(directory, []);
});

/** `missing`: what symlinks of the tree lead to in vain. */
function assertEqualsGnu(directory: string, missing: readonly string[]): void {
  const allow = missing.map(
    (name) => `  - { missing: ${JSON.stringify(name)}, reason: a link of this test }\n`,
  );
  const exceptions = allow.length > 0 ? `allow:\n${allow.join("")}` : "";
  const recipe = `sysroot: ./root\ncontents:\n  - object: /\ncompressor: none\nepoch: 7\n${exceptions}`;
  writeFileSync(join(directory, "initrd.yaml"), recipe);
  initgraph(
    "build",
    join(directory, "initrd.yaml"),
    "--out",
    join(directory, "out"),
    "--cache",
    join(directory, "kept"),
  );
  const ours = join(directory, "out/initrd.cpio");
  const unpacked = join(directory, "unpacked");
  mkdirSync(unpacked);
  const extracted = spawnSync("cpio", ["-idm", "--quiet", "--no-absolute-filenames", "-F", ours], {
    cwd: unpacked,
    encoding: "utf8",
  });
  assert.equal(extracted.status, 0, extracted.stderr);
  const script =
    "find . -exec touch -h -d @7 {} + && find . -print0 | LC_ALL=C sort -z | cpio -o -H newc -R +0:+0 --reproducible --null --quiet > ../gnu.cpio";
  const packed = spawnSync("sh", ["-c", script], { cwd: unpacked, encoding: "utf8" });
  assert.equal(packed.status, 0, packed.stderr);
  const gnu = withDirectoryLinks(readFileSync(join(directory, "gnu.cpio")));
  assert.ok(readFileSync(ours).equals(gnu), "the archives differ");
}

/** Sets the link count of every directory to 2. */
function withDirectoryLinks(archive: Buffer): Buffer {
  const hex = (at: number): number => Number.parseInt(archive.toString("latin1", at, at + 8), 16);
  for (let at = 0; archive.toString("latin1", at, at + 6) === "070701"; ) {
    if ((hex(at + 14) & 0o170000) === 0o040000) archive.write("00000002", at + 38, "latin1");
    const nameEnd = (at + 110 + hex(at + 94) + 3) & ~3;
    at = (nameEnd + hex(at + 54) + 3) & ~3;
  }
  return archive;
}
