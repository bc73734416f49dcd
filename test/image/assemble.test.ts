import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { CODECS } from "../../src/codecs/index.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import { DamagedContent, type ProgramRun } from "../../src/core/ports.ts";
import { decodeUimageHeader } from "../../src/formats/uimage.ts";
import { prepareCompressor } from "../../src/image/assemble.ts";
import { findCompressor } from "../../src/image/compressor.ts";
import type { ImagePorts } from "../../src/image/image.ts";
import { zerosAfter } from "../../src/image/padding.ts";
import { uInitrdArch } from "../../src/image/wrapping.ts";
import { checkEarly } from "../../src/inspect/early.ts";
import { listImage } from "../../src/inspect/list-image.ts";
import type { CompressorName, EngineSpec } from "../../src/spec/compressors.ts";
import type { ImageSpec } from "../../src/spec/image-spec.ts";
import { archiveOf, directory, file, seededBytes, symlink } from "../support/archive.ts";
import { imageParts, imageSpec, joinImage, SPAN } from "../support/image-parts.ts";
import { type MemoryPrograms, memoryHost } from "../support/memory-host.ts";
import { memoryStore } from "../support/memory-store.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { hasCode } from "../support/problems.ts";

const FIRST = [directory(""), directory("bin"), file("bin/sh", seededBytes(1, 5001), 0o755)];
const SECOND = [symlink("init", "bin/sh"), file("motd", "welcome\n".repeat(300))];
const THIRD = [directory("usr"), file("usr/x", seededBytes(2, 4000))];
const ZSTD: EngineSpec = { by: "builtin", codec: "zstd", level: 3 };
/** A zstd frame of one letter, and what pzstd writes before each of its frames. */
const FRAME = "28b52ffd200109000061";
const SKIPPABLE = "502a4d180400000000000000";
const GZIP: EngineSpec = { by: "builtin", codec: "gzip", level: 9 };

function workplace(files: Readonly<Record<string, MemoryFile>> = {}, programs: MemoryPrograms = {}) {
  const host = memoryHost(files, programs);
  const store = memoryStore();
  const ports: ImagePorts = { host, store, tell: () => {} };
  return { host, store, ports };
}

async function make(image: ImageSpec, place = workplace(), rest = {}, layers = [[FIRST, SECOND], [THIRD]]) {
  const prepared = await prepareCompressor(image.compressor, place.ports);
  const made = await joinImage(layers, imageParts(image, { packings: [prepared], ...rest }), place.ports);
  const bytes = Buffer.from(place.host.outputs.get(made.path)?.bytes ?? []);
  return { made, bytes, ...place };
}

test("an image that is not compressed is GNU cpio's archive of all entries", async () => {
  const { bytes, made } = await make(imageSpec("none"));
  assert.deepEqual(bytes, Buffer.from(archiveOf([...FIRST, ...SECOND, ...THIRD])));
  assert.equal(made.size, bytes.length);
});

test("embedded codecs: members back to back, the length a multiple of four, nothing behind", async () => {
  for (const [name, engine] of [
    ["zstd", ZSTD],
    ["gzip", GZIP],
  ] as const) {
    for (let odd = 0; odd < 8; odd++) {
      const layers = [[FIRST, [file("odd", seededBytes(odd, 100 + odd))]], [THIRD]];
      const { bytes, made } = await make(imageSpec(name, engine), workplace(), {}, layers);
      assert.equal(bytes.length % 4, 0);
      const last = made.members.at(-1)!;
      assert.equal(last.role, "trailer");
      assert.equal(last.offset + last.size, bytes.length);
      let at = 0;
      for (const { offset, size } of made.members) {
        assert.equal(offset, at);
        at += size;
      }
      const host = memoryHost({ "/image": bytes });
      const listing = await listImage("/image" as HostPath, { host });
      assert.deepEqual(
        listing.entries.map(({ name }) => name),
        [".", "bin", "bin/sh", "odd", "usr", "usr/x"],
      );
    }
  }
});

test("compresses nothing twice: the second image is all reused and the same", async () => {
  const place = workplace();
  const first = await make(imageSpec("zstd", ZSTD), place);
  const puts = place.store.puts.length;
  const second = await make(imageSpec("zstd", ZSTD), place);
  assert.deepEqual(second.bytes, first.bytes);
  assert.deepEqual(
    first.made.members.map(({ wasReused }) => wasReused),
    [false, false, false, false],
  );
  assert.deepEqual(
    second.made.members.map(({ wasReused }) => wasReused),
    [true, true, true, true],
  );
  assert.equal(place.store.puts.length, puts);
});

test("a changed segment costs itself", async () => {
  const place = workplace();
  await make(imageSpec("zstd", ZSTD), place);
  const changed = [[FIRST, [symlink("init", "bin/sh"), file("motd", "bye\n")]], [THIRD]];
  const { made } = await make(imageSpec("zstd", ZSTD), place, {}, changed);
  const segments = made.members.filter(({ role }) => role === "segment");
  assert.deepEqual(
    segments.map(({ wasReused }) => wasReused),
    [true, false, true],
  );
});

test("level and codec are part of what a segment is kept under", async () => {
  const place = workplace();
  await make(imageSpec("gzip", GZIP), place);
  const other = await make(imageSpec("gzip", { ...GZIP, level: 1 } as EngineSpec), place);
  assert.ok(other.made.members.every(({ wasReused }) => !wasReused));
});

test("what is more than an embedded codec takes is refused, and not read", async () => {
  for (const [name, engine] of [
    ["zstd", ZSTD],
    ["gzip", GZIP],
  ] as const) {
    const { ports } = workplace();
    const compressor = await findCompressor(imageSpec(name, engine).compressor, ports);
    const content = { digest: digestOf(new Uint8Array(0)), size: CODECS[name].limit + 1 };
    await assert.rejects(compressor!.run({ content }), hasCode("image/segment-too-large"));
  }
});

test("writes the image, a manifest and a symlink, and nothing before all is whole", async () => {
  const { host, made } = await make(imageSpec("zstd", ZSTD), workplace(), {
    lists: [{ name: "entries", items: () => [{ path: "a" }, { path: "b" }] }],
  });
  assert.deepEqual([...host.outputs.keys()], ["/out/initrd.zst", "/out/initrd.manifest.json"]);
  assert.equal(host.symlinks.get("/out/initrd"), "initrd.zst");
  assert.equal(host.outputs.get("/out/initrd.zst")?.mode, 0o644);
  assert.deepEqual(made.outputs, ["/out/initrd.zst", "/out/initrd.manifest.json", "/out/initrd"]);
  const text = Buffer.from(host.outputs.get("/out/initrd.manifest.json")?.bytes ?? []).toString();
  const manifest = JSON.parse(text);
  assert.equal(manifest.image.digest, made.digest);
  assert.deepEqual(manifest.entries, [{ path: "a" }, { path: "b" }]);
  assert.equal(manifest.members[manifest.layers[0].segments[1].member].offset, made.members[1]?.offset);
  assert.ok(text.includes('\n  {"path":"a"},\n  {"path":"b"}\n'));
});

test("a private image is for its owner alone", async () => {
  const { host } = await make(imageSpec("none"), workplace(), { isPrivate: true });
  assert.deepEqual(
    [...host.outputs.values()].map(({ mode }) => mode),
    [0o600, 0o600],
  );
});

test("a uInitrd is the image behind a header that tells of it", async () => {
  const uInitrd = { arch: null, compression: "zstd", at: SPAN };
  const image = { ...imageSpec("zstd", ZSTD), uInitrd, epoch: 77 };
  const machine = { machine: 183, bits: 64, endian: "little", flags: 0 } as const;
  const { host, bytes, made } = await make(image, workplace(), { machine });
  assert.equal(made.path, "/out/initrd.img");
  assert.equal(host.symlinks.get("/out/initrd"), "initrd.img");
  const payload = Buffer.from(host.outputs.get("/out/initrd.zst")?.bytes ?? []);
  assert.deepEqual(bytes.subarray(64), payload);
  const header = decodeUimageHeader(bytes);
  assert.deepEqual(
    [header.arch, header.time, header.dataCrc, header.compression],
    ["arm64", 77, crc32(payload), "zstd"],
  );
  assert.equal(made.members[0]?.offset, 64);
});

test("a uInitrd for no machine that U-Boot knows is refused", () => {
  const uInitrd = { arch: null, compression: "none", at: SPAN };
  const loongarch = { machine: 258, bits: 64, endian: "little", flags: 0 } as const;
  for (const machine of [null, loongarch]) {
    assert.throws(() => uInitrdArch(uInitrd, machine), hasCode("image/uinitrd-arch-unknown"));
  }
  assert.equal(uInitrdArch({ ...uInitrd, arch: "riscv" }, null), "riscv");
});

test("prepended files come first, each where the kernel sees what follows", async () => {
  const early = archiveOf([directory("kernel"), file("kernel/x", "ucode")]);
  const cut = early.subarray(0, early.length - 3);
  const files = { "/a.cpio": cut, "/b.cpio": early };
  const place = workplace(files);
  const named = (path: string) => ({ at: SPAN, path: path as HostPath, isGlob: false });
  const segments = await checkEarly([named("/a.cpio"), named("/b.cpio")], { host: place.host });
  const { bytes, made } = await make(imageSpec("zstd", ZSTD), place, { early: segments });
  assert.deepEqual(bytes.subarray(0, cut.length), Buffer.from(cut));
  assert.equal(made.members[1]?.offset, cut.length + 3);
  assert.deepEqual(
    made.members.slice(0, 3).map(({ role }) => role),
    ["early", "early", "segment"],
  );
  files["/b.cpio"][5] = 0;
  await assert.rejects(
    make(imageSpec("zstd", ZSTD), place, { early: segments }),
    hasCode("host/file-changed"),
  );
});

test("at least four zeros, to a multiple of four, stand behind lz4", () => {
  for (const end of [0, 1, 2, 3]) {
    const zeros = zerosAfter({ lastKind: "lz4" }, end);
    assert.ok(zeros >= 4 && (end + zeros) % 4 === 0);
    assert.equal((end + zerosAfter({ lastKind: "gzip" }, end)) % 4, 0);
  }
});

test("what proves damaged is forgotten, and the next try makes the same image", async () => {
  const place = workplace();
  const { made, bytes } = await make(imageSpec("zstd", ZSTD), place);
  const before = place.host.outputs.get(made.path);
  place.store.damage(made.members[1]!.digest!);
  await assert.rejects(make(imageSpec("zstd", ZSTD), place), DamagedContent);
  assert.equal(place.host.outputs.get(made.path), before, "the old image stays");
  assert.deepEqual((await make(imageSpec("zstd", ZSTD), place)).bytes, bytes);
});

test("what a program makes is refused where the kernel would refuse it", async () => {
  const table: [CompressorName, string][] = [
    ["xz", "fd377a585a000004e6d6b446"],
    ["lz4", "04224d1864a7"],
    ["zstd", FRAME + FRAME],
    ["zstd", SKIPPABLE + FRAME + SKIPPABLE + FRAME],
    ["zstd", FRAME.slice(0, -2)],
    ["gzip", FRAME],
    ["bzip2", ""],
    ["pzstd", "502a4d18040000"],
    ["lzop", "894c5a4f000d0a1a0a1040"],
  ];
  for (const [name, hex] of table) {
    const place = withProgram(name, () => Buffer.from(hex, "hex"));
    await assert.rejects(
      prepareCompressor(imageSpec(name).compressor, place.ports),
      hasCode("image/kernel-refuses"),
      hex,
    );
  }
});

test("pzstd's one frame is taken out of its wrapping", async () => {
  const place = withProgram("pzstd", () => Buffer.from(SKIPPABLE + FRAME, "hex"));
  assert.equal((await prepareCompressor(imageSpec("pzstd").compressor, place.ports))?.kind, "zstd");
});

test("a program that is not there, or fails, is named", async () => {
  await assert.rejects(
    prepareCompressor(imageSpec("xz").compressor, workplace().ports),
    hasCode("image/compressor-not-found"),
  );
  const failing = workplace(
    { "/usr/bin/xz": "elf" },
    { "/usr/bin/xz": () => ({ exitCode: 3, complaint: "no", bytes: new Uint8Array(0) }) },
  );
  await assert.rejects(
    prepareCompressor(imageSpec("xz").compressor, failing.ports),
    hasCode("image/compressor-failed"),
  );
});

test("tells zstd the size, and keeps xz to one thread", async () => {
  const seen: string[][] = [];
  for (const name of ["zstd", "xz"] as const) {
    const place = withProgram(name, ({ args }) => {
      seen.push([...args]);
      return Buffer.from("00", "hex");
    });
    await prepareCompressor(imageSpec(name).compressor, place.ports).catch(() => {});
  }
  assert.deepEqual(seen, [
    ["-10", "--stream-size=124"],
    ["--threads=1", "--check=crc32", "--lzma2=dict=512KiB"],
  ]);
});

function withProgram(name: string, compress: (run: ProgramRun) => Uint8Array) {
  const path = `/usr/bin/${name}`;
  return workplace(
    { [path]: "elf" },
    { [path]: (run) => ({ exitCode: 0, complaint: "", bytes: compress(run) }) },
  );
}
