import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { compressZstd } from "../../src/codecs/zstd.ts";
import { type ByteString, type HostPath, showPath } from "../../src/core/path.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { readFiles } from "../../src/inspect/read-files.ts";
import { archiveOf, bodyOf, directory, file, seededBytes, special, symlink } from "../support/archive.ts";
import { fitAround } from "../support/fit-image.ts";
import { memoryHost } from "../support/memory-host.ts";
import { ODD_FILES, oddBody } from "../support/odd-image.ts";
import { uInitrdAround } from "../support/uinitrd.ts";

const IMAGE = "/image" as HostPath;
const BIG = seededBytes(5, 700_000);
const BODIES = [
  [directory("etc"), file("etc/a", "first a"), file("etc/b", "b"), file("etc/empty", "")],
  [directory("usr"), directory("usr/bin"), file("usr/bin/big", BIG), symlink("bin", "/usr/bin")],
  [symlink("usr/bin/sh", "big"), file("etc/a", "second a"), special("null", "char", 0o666, [1, 3])],
].map((entries) => bodyOf(entries));

interface Given {
  readonly asked: string;
  readonly path: string;
  readonly content: Buffer;
}

async function given(image: Uint8Array, paths: readonly string[]): Promise<Given[]> {
  const files: { asked: string; path: string; pieces: Uint8Array[]; isOver: boolean }[] = [];
  const reader = {
    begin: ({ asked, path }: { asked: string; path: string }) => {
      assert.ok(files.at(-1)?.isOver ?? true, "one file after another");
      files.push({ asked, path, pieces: [], isOver: false });
    },
    data: (piece: Uint8Array) => {
      files.at(-1)!.pieces.push(Uint8Array.from(piece));
    },
    end: () => {
      files.at(-1)!.isOver = true;
    },
  };
  const host = memoryHost({ [IMAGE]: image });
  await readFiles(IMAGE, paths as ByteString[], reader, { host });
  assert.ok(files.every(({ isOver }) => isOver));
  return files.map(({ asked, path, pieces }) => ({ asked, path, content: Buffer.concat(pieces) }));
}

async function contentsOf(image: Uint8Array, ...paths: string[]): Promise<string[]> {
  return (await given(image, paths)).map(({ content }) => content.toString("latin1"));
}

async function problemsOf(image: Uint8Array, ...paths: string[]): Promise<readonly Problem[]> {
  try {
    await given(image, paths);
  } catch (error) {
    assert.ok(error instanceof BuildFailure, `no problem: ${error}`);
    return error.problems;
  }
  throw new assert.AssertionError({ message: "no problem" });
}

async function images(): Promise<Record<string, Uint8Array>> {
  const zstd = await Promise.all(BODIES.map((body) => compressZstd(body, 3)));
  const whole = Buffer.concat(BODIES);
  const gzip = gzipSync(whole);
  return {
    plain: whole,
    "plain with trailers": Buffer.concat(BODIES.flatMap((body) => [body, archiveOf([])])),
    zstd: Buffer.concat([archiveOf([]), ...zstd]),
    "one zstd": await compressZstd(whole, 3),
    "gzip behind microcode": Buffer.concat([archiveOf([file("early", "e")]), gzip]),
    uInitrd: uInitrdAround(gzip),
    FIT: fitAround(whole),
    "FIT with embedded data": fitAround(gzip, "embedded"),
  };
}

test("gives the last content of a name, in the order asked for, through symlinks, as often as asked", async () => {
  const paths = ["etc/b", "/bin/sh", "etc/a", "./etc/../etc//b", "etc/empty", "usr/bin/big", "bin/sh"];
  for (const [kind, image] of Object.entries(await images())) {
    const files = await given(image, paths);
    assert.deepEqual(
      files.map(({ asked, path }) => [asked, path]),
      paths.map((path, index) => [
        path,
        ["etc/b", "usr/bin/big", "etc/a", "etc/b", "etc/empty", "usr/bin/big", "usr/bin/big"][index],
      ]),
      kind,
    );
    const text = files.map(({ content }) => (content.equals(BIG) ? "BIG" : content.toString()));
    assert.deepEqual(text, ["b", "BIG", "second a", "b", "", "BIG", "BIG"], kind);
  }
});

test("what the kernel overwrites, links and loses, it has as a booted one has it", async () => {
  const image = Buffer.concat([oddBody(), archiveOf([])]);
  for (const [path, content] of Object.entries(ODD_FILES)) {
    if (content === null) assert.equal((await problemsOf(image, path)).length, 1, path);
    else assert.deepEqual(await contentsOf(image, path), [content], path);
  }
});

test("reads again just the members that hold what was asked for", async () => {
  const zstd = await Promise.all(BODIES.map((body) => compressZstd(body, 3)));
  const host = memoryHost({ [IMAGE]: Buffer.concat(zstd) });
  const reads: number[] = [];
  const tree = host.tree("/" as HostPath);
  const open: typeof tree.open = (path) => {
    const opened = tree.open(path);
    const read: typeof opened.read = (into, position) => {
      reads.push(position);
      return opened.read(into, position);
    };
    return { ...opened, read };
  };
  const nothing = () => {};
  let before = 0;
  const begin = () => {
    before = reads.length;
  };
  const ports = { host: { ...host, tree: () => ({ ...tree, open }) } };
  await readFiles(IMAGE, ["etc/a" as ByteString], { begin, data: nothing, end: nothing }, ports);
  assert.ok(reads.slice(before).every((position) => position >= zstd[0]!.length + zstd[1]!.length));
});

test("all that cannot be given is told at once, before anything is", async () => {
  const image = Buffer.concat(BODIES);
  const problems = await problemsOf(
    image,
    "etc/b",
    "usr/bin",
    "null",
    "etc/c",
    "/bin/none",
    "ect/big",
    "bi/shh",
  );
  assert.deepEqual(
    problems.map((problem) => [
      problem.code,
      "found" in problem ? problem.found : "",
      "leadsTo" in problem && problem.leadsTo !== null ? showPath(problem.leadsTo) : "",
      "nearest" in problem && Array.isArray(problem.nearest) ? problem.nearest.map(showPath) : [],
    ]),
    [
      ["image/path-no-file", "directory", "", []],
      ["image/path-no-file", "char", "", []],
      ["image/path-not-found", "", "", ["/etc/a"]],
      ["image/path-not-found", "", "/usr/bin/none", []],
      ["image/path-not-found", "", "", ["/usr/bin/big"]],
      ["image/path-not-found", "", "", ["/bin/sh"]],
    ],
  );
  const circle = bodyOf([symlink("x", "y"), symlink("y", "x")]);
  assert.deepEqual(
    (await problemsOf(circle, "x", "x/y")).map(({ code }) => code),
    ["image/path-loops", "image/path-loops"],
  );
});

test("throws nothing but problems for damaged images", async () => {
  const zstd = await compressZstd(BODIES[0]!, 3);
  const image = Buffer.concat([oddBody(), archiveOf([]), zstd]);
  const random = seededBytes(63, 4000);
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(image);
    bytes[(random[round]! * 256 + random[round + 1]!) % bytes.length] = random[round + 2]!;
    const paths = ["a/x", "etc/a", "data-last-1", "lib/f"];
    await given(bytes, paths).catch((error) =>
      assert.ok(error instanceof BuildFailure, `not a problem: ${error.stack}`),
    );
  }
});
