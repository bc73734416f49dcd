/** Other secrets for an image that is there: what a build with them would have given, and all else as it was. */
import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { bytesOf, type HostPath } from "../../src/core/path.ts";
import { encodeCpioTrailer } from "../../src/formats/cpio.ts";
import { decodeUimageHeader, UIMAGE_HEADER_SIZE } from "../../src/formats/uimage.ts";
import type { ImageSecrets } from "../../src/image/image.ts";
import { impliedDirectory } from "../../src/image/image-secrets.ts";
import { resealFile } from "../../src/image/reseal-file.ts";
import { encodeSecrets } from "../../src/image/secret-member.ts";
import { listImage } from "../../src/inspect/list-image.ts";
import { readFiles } from "../../src/inspect/read-files.ts";
import type { CompressorName, EngineSpec } from "../../src/spec/compressors.ts";
import { archiveOf, bodyOf, directory, file, seededBytes, symlink } from "../support/archive.ts";
import { imageSpec, SPAN } from "../support/image-parts.ts";
import { makeImage, openWorkplace, type Workplace } from "../support/real-image.ts";
import { target } from "../support/specs.ts";
import { type Requirement, requireTool } from "../support/tools.ts";

const LAYERS = [
  [
    [
      directory(""),
      directory("etc"),
      file("etc/motd", "hello\n"),
      symlink("lib", "usr/lib"),
      directory("usr"),
    ],
    [directory("usr/lib"), file("usr/lib/big", seededBytes(5, 50_001))],
  ],
];
/** Of secrets that were built in; all else is of the time 1. */
const EPOCH = 1_700_000_000;

type Secrets = Readonly<Record<string, string>>;

/** All of them 0440 and of group 7, in directories that the image has, or in /keys. */
function secretsOf(secrets: Secrets): ImageSecrets {
  const facts = { mode: 0o440, uid: 0, gid: 7 };
  const files = Object.entries(secrets).map(([path, text]) => {
    return { kind: "file", path: target(path), ...facts, bytes: Buffer.from(text) } as const;
  });
  const above = Object.keys(secrets).some((path) => path.startsWith("/keys/"));
  const entries = above ? [...files, impliedDirectory(target("/keys"))] : files;
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { places: files.map(({ path }) => ({ path, ...facts })), read: () => encodeSecrets(sorted, EPOCH) };
}

const BUILTIN: Partial<Record<CompressorName, EngineSpec>> = {
  gzip: { by: "builtin", codec: "gzip", level: 9 },
  zstd: { by: "builtin", codec: "zstd", level: 10 },
};

async function make(name: CompressorName, secrets: Secrets | null, workplace: Workplace, wrapped = false) {
  const uInitrd = wrapped ? { arch: "arm64", compression: "none", at: SPAN } : null;
  const spec = { ...imageSpec(name, BUILTIN[name]), epoch: EPOCH, uInitrd };
  const rest = secrets === null ? {} : { secrets: secretsOf(secrets), isPrivate: true };
  return makeImage(LAYERS, spec, workplace, rest);
}

/** Gives each of the secrets by a file of its own. */
function reseal(image: string, secrets: Secrets, { directory, host }: Workplace) {
  const given = Object.entries(secrets).map(([path, text], at) => {
    const source = join(directory, `source${at}`);
    writeFileSync(source, text, { mode: 0o600 });
    return { target: target(path), source: bytesOf(source) as HostPath };
  });
  return resealFile({ image: bytesOf(image) as HostPath, secrets: given }, { host, tell: () => {} });
}

async function contentOf(image: string, path: string, { host }: Workplace): Promise<string> {
  const pieces: Buffer[] = [];
  const reader = {
    begin: () => {},
    data: (piece: Uint8Array) => pieces.push(Buffer.from(piece)),
    end: () => {},
  };
  await readFiles(bytesOf(image) as HostPath, [bytesOf(path)], reader, { host });
  return Buffer.concat(pieces).toString();
}

const OLD = { "/etc/key": "the old one", "/keys/other": "as it was" };
const KINDS: readonly (readonly [name: CompressorName, needed: Requirement, wrapped?: boolean])[] = [
  ["none", { skip: false }],
  ["none", { skip: false }, true],
  ["zstd", { skip: false }],
  ["gzip", { skip: false }, true],
  ...(["bzip2", "xz", "lz4", "lzop"] as const).map((name) => [name, requireTool(name)] as const),
];

for (const [name, needed, wrapped = false] of KINDS) {
  const what = `${name}${wrapped ? ", in a uInitrd" : ""}`;
  test(`${what}: another secret gives what a build with it gives`, needed, async (t) => {
    const workplace = await openWorkplace(t);
    const now = { ...OLD, "/etc/key": "one that is new, and longer" };
    const wanted = await make(name, now, workplace, wrapped);
    const { image } = await make(name, OLD, workplace, wrapped);
    const { replaced, added, kept } = await reseal(image.path, { "/etc/key": now["/etc/key"] }, workplace);
    assert.deepEqual([replaced, added, kept], [["etc/key"], [], ["keys/other"]]);
    assert.deepEqual(readFileSync(image.path), wanted.bytes);
    assert.equal(statSync(image.path).mode & 0o777, 0o600);
  });

  test(`${what}: an image without secrets gets some, and all else stays`, needed, async (t) => {
    const workplace = await openWorkplace(t);
    const { image, bytes } = await make(name, null, workplace, wrapped);
    const first = await reseal(image.path, { "/lib/key": "first", "/keys/other": "x" }, workplace);
    assert.deepEqual([first.replaced, first.added], [[], ["keys/other", "usr/lib/key"]]);
    const again = await reseal(image.path, { "/usr/lib/key": "second", "/etc/key": "y" }, workplace);
    assert.deepEqual(
      [again.replaced, again.added, again.kept],
      [["usr/lib/key"], ["etc/key"], ["keys/other"]],
    );
    const now = readFileSync(image.path);
    const head = wrapped ? UIMAGE_HEADER_SIZE : 0;
    // lzop keeps the trailer of its one stream.
    const segments = image.members.filter(({ role }) => role === "segment" || role === "whole").at(-1)!;
    const end = segments.offset + segments.size;
    assert.deepEqual(now.subarray(head, end), bytes.subarray(head, end));
    const listing = await listImage(image.path, { host: workplace.host });
    const names = listing.entries.slice(-4).map((entry) => [entry.name, entry.mode.toString(8), entry.mtime]);
    assert.deepEqual(names, [
      ["etc/key", "100400", 1],
      ["keys", "40755", 1],
      ["keys/other", "100400", 1],
      ["usr/lib/key", "100400", 1],
    ]);
    assert.deepEqual(listing.remarks, []);
    assert.equal(await contentOf(image.path, "/lib/key", workplace), "second");
    assert.equal(await contentOf(image.path, "/etc/motd", workplace), "hello\n");
  });
}

test("the header of a uInitrd stays but for size and sums", async (t) => {
  const workplace = await openWorkplace(t);
  const { image, bytes } = await make("gzip", OLD, workplace, true);
  await reseal(image.path, { "/etc/key": "new" }, workplace);
  const now = readFileSync(image.path);
  const [before, after] = [bytes, now].map(decodeUimageHeader);
  assert.deepEqual(after, { ...before!, dataSize: now.length - UIMAGE_HEADER_SIZE, dataCrc: after!.dataCrc });
  await listImage(image.path, { host: workplace.host }); // which reads the sums
});

test("an image of others' gets a member behind its own", async (t) => {
  const workplace = await openWorkplace(t);
  const archive = archiveOf(LAYERS.flat(2));
  for (const bytes of [archive, gzipSync(archive), Buffer.concat([gzipSync(archive), new Uint8Array(512)])]) {
    const image = join(workplace.directory, "theirs");
    writeFileSync(image, bytes, { mode: 0o644 });
    chmodSync(image, 0o644);
    await reseal(image, { "/lib/key": "mine" }, workplace);
    assert.equal(await contentOf(image, "/usr/lib/key", workplace), "mine");
    assert.equal(await contentOf(image, "/etc/motd", workplace), "hello\n");
    assert.equal(statSync(image).mode & 0o777, 0o600);
    await reseal(image, { "/usr/lib/key": "mine again" }, workplace);
    assert.equal((await listImage(image as HostPath, { host: workplace.host })).entries.length, 8);
  }
});

test("what is not compressed behind what is, as layers may be, stays so", async (t) => {
  const workplace = await openWorkplace(t);
  const image = join(workplace.directory, "layers");
  const first = gzipSync(bodyOf(LAYERS[0]![0]!));
  const zeros = new Uint8Array((4 - (first.length % 4)) % 4);
  const end = encodeCpioTrailer(0);
  const before = Buffer.concat([first, zeros, bodyOf(LAYERS[0]![1]!, 5)]);
  writeFileSync(image, Buffer.concat([before, end]));
  await reseal(image, { "/lib/key": "mine" }, workplace);
  const now = readFileSync(image);
  assert.deepEqual(now.subarray(0, before.length), before);
  assert.deepEqual(now.subarray(-end.length), Buffer.from(end));
  assert.equal(await contentOf(image, "/usr/lib/key", workplace), "mine");
  assert.equal(await contentOf(image, "/etc/motd", workplace), "hello\n");
});

test("a symlink goes on leading to the image", async (t) => {
  const workplace = await openWorkplace(t);
  const { image } = await make("zstd", OLD, workplace);
  const link = join(workplace.directory, "link");
  symlinkSync(image.path, link);
  assert.equal((await reseal(link, { "/etc/key": "new" }, workplace)).image, image.path);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(await contentOf(image.path, "/etc/key", workplace), "new");
});

test("what cannot be leaves the image as it was, and nothing beside it", async (t) => {
  const workplace = await openWorkplace(t);
  const { image, bytes } = await make("zstd", OLD, workplace);
  const names = readdirSync(join(workplace.directory, "out"));
  const fails = (secrets: Secrets, message: string) =>
    assert.rejects(reseal(image.path, secrets, workplace), { name: "BuildFailure", message });
  await fails({ "/etc/motd": "x" }, "secrets/path-taken");
  await fails({ "/lib/big": "x" }, "secrets/path-taken");
  await fails({ "/lib/new": "x", "/usr/lib/new": "y" }, "secrets/path-taken");
  await fails({ "/etc/key/below": "x" }, "secrets/below-no-directory");
  await fails({ "/etc/motd/below": "x" }, "secrets/below-no-directory");
  const open = join(workplace.directory, "open");
  writeFileSync(open, "for all to see");
  chmodSync(open, 0o644);
  const secrets = [{ target: target("/etc/key"), source: open as HostPath }];
  const order = { image: image.path, secrets };
  await assert.rejects(resealFile(order, { host: workplace.host, tell: () => {} }), {
    message: "secrets/open-to-all",
  });
  assert.deepEqual(readFileSync(image.path), bytes);
  assert.deepEqual(readdirSync(join(workplace.directory, "out")), names);
});

test("secrets that were packed anew with all else are like any file", async (t) => {
  const workplace = await openWorkplace(t);
  const { image } = await make("none", OLD, workplace);
  writeFileSync(image.path, gzipSync(readFileSync(image.path)));
  await assert.rejects(reseal(image.path, { "/etc/key": "x" }, workplace), { message: "secrets/path-taken" });
  await reseal(image.path, { "/etc/more": "x" }, workplace);
  assert.ok(gunzipSync(readFileSync(image.path)).includes("the old one"));
});

test("a unified kernel image is refused with a word", async (t) => {
  const workplace = await openWorkplace(t);
  const image = join(workplace.directory, "uki.efi");
  writeFileSync(image, "MZ and much more");
  await assert.rejects(reseal(image, { "/etc/key": "x" }, workplace), { message: "secrets/cannot-reseal" });
});

test("lzma and FIT images are refused with a word", requireTool("lzma"), async (t) => {
  const workplace = await openWorkplace(t);
  const { image } = await make("lzma", null, workplace);
  await assert.rejects(reseal(image.path, { "/etc/key": "x" }, workplace), { message: "secrets/one-stream" });
  const spec = { ...imageSpec("none"), epoch: EPOCH };
  const fit = {
    at: SPAN,
    arch: "arm64",
    kernel: null,
    fdts: [],
    data: "external",
    hashes: ["sha256"],
  } as const;
  const parts = { fitFiles: { kernel: null, fdts: [] } };
  const { image: itb } = await makeImage(LAYERS, { ...spec, fit }, workplace, parts);
  await assert.rejects(reseal(itb.path, { "/etc/key": "x" }, workplace), {
    message: "secrets/cannot-reseal",
  });
});
