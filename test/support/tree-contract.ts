/** What every tree promises, in memory, on a disk or in an archive. */
import assert from "node:assert/strict";
import { test as nodeTest, type TestContext } from "node:test";
import type { ByteString, TargetPath } from "../../src/core/path.ts";
import type { Tree } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import type { MemoryFile } from "./memory-tree.ts";
import type { Requirement } from "./tools.ts";

/** Larger than what is read at once anywhere. */
const LARGE = Array.from({ length: 200_000 }, (_, line) => `line ${line}\n`).join("");

const FILES: Readonly<Record<string, MemoryFile>> = {
  "/usr/bin/tool": { mode: 0o4755, bytes: "\x7fELF and more" },
  "/usr/bin/empty": "",
  "/usr/lib/b": "b",
  "/usr/lib/B": "B",
  "/usr/lib/a b\nc": "odd",
  "/usr/lib/\xff\xfe": "no UTF-8",
  "/usr/lib/\xc3\xa9": "UTF-8",
  "/lib": { symlink: "usr/lib" },
  "/bad": { symlink: "to/\xff" },
  "/tmp": { directory: 0o1777 },
  "/run/pipe": { fifo: 0o640 },
  [`/srv/${"deep/".repeat(40)}${"n".repeat(255)}`]: "deep",
  "/srv/large": LARGE,
};

export type MakeTree = (files: Readonly<Record<string, MemoryFile>>, t: TestContext) => Tree | Promise<Tree>;

/** @param needed what the tests need of the machine. */
export function testTreeContract(name: string, make: MakeTree, needed: Requirement = { skip: false }): void {
  const test = (title: string, body: (t: TestContext) => Promise<void>) => nodeTest(title, needed, body);

  test(`${name}: tells kind, mode and size`, async (t) => {
    const tree = await make(FILES, t);
    const facts = (path: string): unknown => {
      const found = tree.stat(at(path));
      return found && [found.kind, found.mode, found.size];
    };
    assert.deepEqual(facts("usr/bin/tool"), ["file", 0o4755, 13]);
    assert.deepEqual(facts("usr/bin/empty"), ["file", 0o644, 0]);
    assert.deepEqual(facts("tmp"), ["directory", 0o1777, 0]);
    assert.deepEqual(facts("lib"), ["symlink", 0o777, 0]);
    assert.deepEqual(facts("run/pipe"), ["fifo", 0o640, 0]);
    assert.deepEqual(facts("srv/large"), ["file", 0o644, LARGE.length]);
    assert.deepEqual(facts(`srv/${"deep/".repeat(40)}${"n".repeat(255)}`), ["file", 0o644, 4]);
    assert.equal(tree.stat(at(""))?.kind, "directory");
  });

  test(`${name}: says null where nothing is or can be`, async (t) => {
    const tree = await make(FILES, t);
    for (const path of ["missing", "usr/missing/more", "usr/bin/tool/below", `long/${"x".repeat(300)}`]) {
      assert.equal(tree.stat(at(path)), null, path);
    }
  });

  test(`${name}: lists names in byte order, whatever bytes they have`, async (t) => {
    const tree = await make(FILES, t);
    assert.deepEqual(tree.list(at("")), ["bad", "lib", "run", "srv", "tmp", "usr"]);
    assert.deepEqual(tree.list(at("usr/lib")), ["B", "a b\nc", "b", "\xc3\xa9", "\xff\xfe"]);
    assert.deepEqual(tree.list(at("tmp")), []);
  });

  test(`${name}: finds every file under the name it listed`, async (t) => {
    const tree = await make(FILES, t);
    const contents = tree.list(at("usr/lib")).map((file) => readText(tree, `usr/lib/${file}`));
    assert.deepEqual(contents, ["B", "odd", "b", "UTF-8", "no UTF-8"]);
  });

  test(`${name}: gives the bytes of a symlink's target`, async (t) => {
    const tree = await make(FILES, t);
    assert.equal(tree.readLink(at("lib")), "usr/lib");
    assert.equal(tree.readLink(at("bad")), "to/\xff" as ByteString);
  });

  test(`${name}: reads at any place, and less only at the end`, async (t) => {
    const file = (await make(FILES, t)).open(at("usr/bin/tool"));
    t.after(() => file.close());
    const read = (length: number, position: number): string => {
      const into = new Uint8Array(length);
      return Buffer.from(into.subarray(0, file.read(into, position))).toString("latin1");
    };
    assert.equal(file.size, 13);
    assert.deepEqual(
      [read(4, 0), read(100, 5), read(4, 9), read(4, 13), read(4, 99)],
      ["\x7fELF", "and more", "more", "", ""],
    );
  });

  test(`${name}: reads a large file in pieces of any size, several files at a time`, async (t) => {
    const tree = await make(FILES, t);
    const [first, second] = [tree.open(at("srv/large")), tree.open(at("usr/lib/b"))];
    const pieces: Uint8Array[] = [];
    for (let position = 0; position < first.size; ) {
      const piece = new Uint8Array(100_003);
      const length = first.read(piece, position);
      pieces.push(piece.subarray(0, length));
      position += length;
      assert.equal(second.read(new Uint8Array(4), 0), 1);
    }
    first.close();
    second.close();
    assert.equal(Buffer.concat(pieces).toString("latin1"), LARGE);
  });

  test(`${name}: has a problem with its path where something cannot be read`, async (t) => {
    const tree = await make(FILES, t);
    const codes = [
      () => tree.list(at("missing")),
      () => tree.readLink(at("missing")),
      () => tree.open(at("missing")),
      () => tree.list(at("usr/bin/tool")),
      () => tree.readLink(at("usr/bin/tool")),
    ].map((read) => problemOf(read));
    assert.deepEqual(codes, [
      "host/cannot-read ENOENT missing",
      "host/cannot-read ENOENT missing",
      "host/cannot-read ENOENT missing",
      "host/cannot-read ENOTDIR usr/bin/tool",
      "host/cannot-read EINVAL usr/bin/tool",
    ]);

    function problemOf(read: () => unknown): string {
      try {
        read();
      } catch (error) {
        if (!(error instanceof BuildFailure)) throw error;
        const [problem] = error.problems;
        if (problem?.code !== "host/cannot-read") return String(problem?.code);
        return `${problem.code} ${problem.errno} ${problem.path.slice(tree.label.length + 1)}`;
      }
      return "read";
    }
  });
}

function readText(tree: Tree, path: string): string {
  const file = tree.open(at(path));
  const bytes = new Uint8Array(file.size);
  assert.equal(file.read(bytes, 0), file.size);
  file.close();
  return Buffer.from(bytes).toString("latin1");
}

function at(path: string): TargetPath {
  return path as TargetPath;
}
