import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { compressZstd } from "../../src/codecs/zstd.ts";
import type { HostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { checkEarly } from "../../src/inspect/early.ts";
import { listImage } from "../../src/inspect/list-image.ts";
import { archiveOf, bodyOf, directory, file, seededBytes, symlink } from "../support/archive.ts";
import { fitAround } from "../support/fit-image.ts";
import { SPAN } from "../support/image-parts.ts";
import { memoryHost } from "../support/memory-host.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { peFile } from "../support/pe-writer.ts";
import { uInitrdAround } from "../support/uinitrd.ts";
import { ukiAround } from "../support/uki-files.ts";

const PLAIN = archiveOf([directory(""), file("early", "e")]);
const MAIN = bodyOf([directory("bin"), file("bin/sh", seededBytes(1, 3000), 0o755), symlink("sh", "bin/sh")]);
const TRAILER = archiveOf([]);

function ports(files: Readonly<Record<string, MemoryFile>>) {
  return { host: memoryHost(files) };
}

async function list(bytes: Uint8Array) {
  return listImage("/image" as HostPath, ports({ "/image": bytes }));
}

const names = (entries: readonly { readonly name: string; readonly member: number }[]) =>
  entries.map(({ name, member }) => `${member}:${name}`);

test("reads the initrd of a unified kernel image, where it stands in the file", async () => {
  const payload = Buffer.concat([gzipSync(PLAIN), gzipSync(MAIN)]);
  const image = ukiAround(payload);
  const { wrapper, members, entries } = await list(image);
  const at = image.indexOf(payload);
  assert.deepEqual(
    members.map(({ offset }) => offset),
    [at, at + gzipSync(PLAIN).length],
  );
  assert.deepEqual(names(entries).slice(0, 2), ["0:.", "0:early"]);
  assert.ok(wrapper?.kind === "uki");
  assert.deepEqual([wrapper.arch, wrapper.sections.slice(-2)], ["x86", [".linux", ".initrd"]]);
  await assert.rejects(list(image.subarray(0, at + 100)), /image\/unreadable/);
  await assert.rejects(list(peFile()), /image\/unreadable/, "a kernel alone");
});

test("lists plain and compressed members in order, by their member", async () => {
  const zstd = await compressZstd(MAIN, 3);
  const image = Buffer.concat([PLAIN, gzipSync(MAIN), new Uint8Array(5), zstd, zstd, gzipSync(TRAILER)]);
  const { members, entries, remarks, wrapper } = await list(image);
  const main = ["bin", "bin/sh", "sh"];
  const expected = [
    "0:.",
    "0:early",
    ...[1, 2, 3].flatMap((member) => main.map((name) => `${member}:${name}`)),
  ];
  assert.deepEqual(names(entries), expected);
  assert.deepEqual(
    members.map(({ kind }) => kind),
    ["plain", "gzip", "zstd", "zstd", "gzip"],
  );
  assert.deepEqual(members.map(({ offset }) => offset).slice(0, 2), [0, PLAIN.length]);
  assert.equal(members[2]?.size, zstd.length);
  assert.equal(members[1]?.unpackedSize, MAIN.length);
  assert.deepEqual([remarks, wrapper], [[], null]);
});

test("each plain archive with a trailer is a member of its own", async () => {
  const { members, entries } = await list(Buffer.concat([PLAIN, PLAIN]));
  assert.deepEqual(names(entries), ["0:.", "0:early", "1:.", "1:early"]);
  assert.deepEqual(
    members.map(({ offset, size }) => [offset, size]),
    [
      [0, PLAIN.length],
      [PLAIN.length, PLAIN.length],
    ],
  );
});

test("finds the ramdisk of a FIT, verifies it, and counts offsets in the file", async () => {
  const payload = Buffer.concat([gzipSync(PLAIN), gzipSync(MAIN)]);
  for (const data of ["external", "embedded"] as const) {
    const image = fitAround(payload, data);
    const { wrapper, members, entries, remarks } = await list(image);
    const at = image.indexOf(payload);
    assert.deepEqual(
      members.map(({ offset }) => offset),
      [at, at + gzipSync(PLAIN).length],
    );
    assert.deepEqual(names(entries).slice(0, 2), ["0:.", "0:early"]);
    assert.ok(wrapper?.kind === "fit");
    assert.deepEqual([wrapper.arch, wrapper.ramdisk, remarks], ["arm64", "ramdisk-1", []]);
    image[at + 20]! ^= 1;
    await assert.rejects(list(image), /image\/unreadable/);
    const ofSha1 = Buffer.from(image.toString("latin1").replace("sha256", "sha1\0\0"), "latin1");
    ofSha1[at + 20]! ^= 1;
    assert.match((await list(ofSha1)).remarks.join(), /^the sha1 of the ramdisk was not verified$/);
  }
});

test("unwraps a uInitrd and counts offsets in the file", async () => {
  const payload = gzipSync(PLAIN);
  const { wrapper, members } = await list(uInitrdAround(payload));
  assert.equal(wrapper?.arch, "arm64");
  assert.equal(members[0]?.offset, 64);
  await assertUnreadable(uInitrdAround(payload, 1), 64, /CRC/);
});

test("says where and why the kernel would stop", async () => {
  const zipped = gzipSync(MAIN);
  const table: [Uint8Array, number, RegExp][] = [
    [Buffer.from("hello"), 0, /neither a newc archive/],
    [Buffer.concat([PLAIN, Buffer.from("junk")]), PLAIN.length, /neither a newc archive/],
    [Buffer.concat([PLAIN, gzipSync(MAIN.subarray(0, 200))]), PLAIN.length, /inside an entry/],
    [
      Buffer.concat([PLAIN, gzipSync(Buffer.concat([MAIN, Buffer.from("junk")]))]),
      PLAIN.length,
      /no archive/,
    ],
    [Buffer.concat([PLAIN, zipped.subarray(0, 300)]), -1, /./],
    [new Uint8Array(0), 0, /empty/],
    [Buffer.from("04224d18", "hex"), 0, /lz4 -l/],
  ];
  for (const [bytes, offset, why] of table) await assertUnreadable(bytes, offset, why);
  const unaligned = Buffer.concat([zipped, new Uint8Array(5 - (zipped.length % 4)), PLAIN]);
  await assertUnreadable(unaligned, zipped.length + 5 - (zipped.length % 4), /multiple of 4/);
});

test("a machine without the program for a kind says which", async () => {
  const bzip2 = Buffer.from("425a683931415926535900000000", "hex");
  await assertProblem(() => list(bzip2), "image/decompressor-not-found");
});

test("checks prepended files, expands patterns in byte order and tells what they hold", async () => {
  const files = {
    "/boot/b.cpio": PLAIN,
    "/boot/a.cpio.gz": gzipSync(PLAIN),
    "/boot/.hidden.cpio": "x",
    "/boot/z.txt": "x",
  };
  const glob = { at: SPAN, path: "/boot/*.cpio*" as HostPath, isGlob: true };
  const segments = await checkEarly([glob], ports(files));
  assert.deepEqual(
    segments.map(({ path, kind }) => [path, kind]),
    [
      ["/boot/a.cpio.gz", "gzip"],
      ["/boot/b.cpio", "plain"],
    ],
  );
  assert.deepEqual(segments[1]?.entries, [
    { path: "", kind: "directory", to: null },
    { path: "early", kind: "file", to: null },
  ]);
  assert.equal(segments[1]?.size, PLAIN.length);
});

test("follows symlinks to a prepended file", async () => {
  const files = { "/boot/ucode.cpio": PLAIN, "/boot/current": { symlink: "ucode.cpio" } };
  const [segment] = await checkEarly(
    [{ at: SPAN, path: "/boot/current" as HostPath, isGlob: false }],
    ports(files),
  );
  assert.equal(segment?.size, PLAIN.length);
});

test("tells of every bad prepended file at once, with its line of the recipe", async () => {
  const files = { "/a": "no archive", "/b": gzipSync("no archive"), "/c": PLAIN };
  const named = (path: string) => ({ at: SPAN, path: path as HostPath, isGlob: false });
  const check = checkEarly(["/a", "/b", "/c", "/d"].map(named), ports(files));
  await assert.rejects(check, (error) => {
    assert.ok(error instanceof BuildFailure);
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      ["image/bad-prepend", "image/bad-prepend", "image/prepend-not-found"],
    );
    return true;
  });
});

test("throws nothing but problems for damaged images", async () => {
  const zstd = await compressZstd(MAIN, 3);
  const image = Buffer.concat([PLAIN, gzipSync(MAIN), zstd]);
  const random = seededBytes(31, 4000);
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(image);
    bytes[(random[round]! * 256 + random[round + 1]!) % bytes.length] = random[round + 2]!;
    await list(bytes).catch((error) => assert.ok(error instanceof BuildFailure, `not a problem: ${error}`));
  }
});

async function assertUnreadable(bytes: Uint8Array, offset: number, why: RegExp): Promise<void> {
  const problem = await assertProblem(() => list(bytes), "image/unreadable");
  assert.match("why" in problem ? problem.why : "", why);
  if (offset >= 0) assert.equal("offset" in problem ? problem.offset : -1, offset);
}

async function assertProblem(action: () => Promise<unknown>, code: string) {
  try {
    await action();
  } catch (error) {
    assert.ok(error instanceof BuildFailure, `no problem: ${error}`);
    const [problem] = error.problems;
    assert.equal(problem?.code, code);
    return problem;
  }
  throw new assert.AssertionError({ message: `no ${code}` });
}

test("entries without end are refused before they fill the memory", async () => {
  const trailers = Buffer.alloc(124 * 20_000, TRAILER.subarray(0, 124));
  const image = Buffer.concat(Array(101).fill(gzipSync(trailers)));
  await assert.rejects(list(image), (error: BuildFailure) => {
    const [problem] = error.problems;
    return problem?.code === "image/unreadable" && /more than 2000000 entries/.test(problem.why);
  });
});
