/** The last stage with a FIT image around it, and a board's memory that it must keep to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { digestFromHex, digestOf } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { encodeFdt, fdtText } from "../../src/formats/fdt.ts";
import { decodeFit } from "../../src/formats/fit-decode.ts";
import { prepareCompressor } from "../../src/image/assemble.ts";
import { readFitFiles } from "../../src/image/fit-files.ts";
import type { BoardSpec, FitSpec } from "../../src/spec/image-spec.ts";
import { directory, file, seededBytes } from "../support/archive.ts";
import { imageParts, imageSpec, joinImage, SPAN } from "../support/image-parts.ts";
import { memoryHost } from "../support/memory-host.ts";
import { memoryStore } from "../support/memory-store.ts";
import { hasCodes } from "../support/problems.ts";

const LAYERS = [[[directory(""), file("init", seededBytes(1, 7001), 0o755)]]];
const KERNEL = Buffer.concat([Buffer.from("1f8b", "hex"), seededBytes(2, 999)]);
const [DTB] = encodeFdt({
  name: "",
  properties: [{ name: "compatible", value: fdtText("test,board") }],
  children: [],
}) as Uint8Array[];

const FIT: FitSpec = {
  at: SPAN,
  arch: "arm64",
  kernel: {
    at: SPAN,
    path: "/k/Image.gz" as HostPath,
    load: 0x4040_0000,
    entry: 0x4040_0040,
    compression: null,
  },
  fdts: [{ at: SPAN, path: "/k/board.dtb" as HostPath }],
  data: "external",
  hashes: ["sha256", "crc32"],
};

const FILES = { "/k/Image.gz": KERNEL, "/k/board.dtb": DTB! };

async function make(fit: FitSpec | null, board: BoardSpec | null = null, name: "none" | "zstd" = "none") {
  const host = memoryHost({ ...FILES });
  const ports = { host, store: memoryStore(), zlibVersion: "1", tell: () => {} };
  const engine = name === "zstd" ? ({ by: "builtin", codec: "zstd", level: 1 } as const) : undefined;
  const spec = { ...imageSpec(name, engine), fit, board, epoch: 77 };
  const fitFiles = fit === null ? null : readFitFiles(fit, ports);
  const prepared = await prepareCompressor(spec.compressor, ports);
  const made = await joinImage(LAYERS, imageParts(spec, { fitFiles, packings: [prepared] }), ports);
  return { host, made, bytes: Buffer.from(host.outputs.get(made.path)?.bytes ?? []) };
}

for (const data of ["external", "embedded"] as const) {
  test(`a FIT with ${data} data holds the image, the kernel and the device tree as they are`, async () => {
    const { host, made, bytes } = await make({ ...FIT, data }, null, "zstd");
    assert.equal(made.path, "/out/initrd.itb");
    assert.equal(host.symlinks.get("/out/initrd"), "initrd.itb");
    assert.equal(made.digest, digestOf(bytes));
    const bare = Buffer.from(host.outputs.get("/out/initrd.zst")?.bytes ?? []);
    const { images, ramdisk, description } = decodeFit(sourceOf(bytes));
    assert.deepEqual([description, images], ["initrd", ["kernel-1", "fdt-1", "ramdisk-1"]]);
    assert.deepEqual(bytes.subarray(ramdisk.offset, ramdisk.offset + ramdisk.size), bare);
    assert.equal(made.members[0]!.offset, ramdisk.offset);
    const sums = Object.fromEntries(
      ramdisk.hashes.map(({ algorithm, value }) => [algorithm, Buffer.from(value).toString("hex")]),
    );
    assert.equal(digestFromHex(sums["sha256"]!), digestOf(bare));
    assert.equal(Number.parseInt(sums["crc32"]!, 16), crc32(bare));
    const manifest = JSON.parse(
      Buffer.from(host.outputs.get("/out/initrd.manifest.json")?.bytes ?? []).toString(),
    );
    assert.equal(manifest.image.file, "initrd.itb");
    const [kernel, fdt, last] = manifest.fit.parts;
    assert.deepEqual(
      [kernel.name, kernel.compression, kernel.load, fdt.name, last.name],
      ["Image.gz", "gzip", 0x4040_0000, "board.dtb", "initrd.zst"],
    );
    for (const [part, content] of [
      [kernel, KERNEL],
      [fdt, DTB],
      [last, bare],
    ]) {
      assert.deepEqual(bytes.subarray(part.offset, part.offset + part.size), Buffer.from(content));
      assert.equal(part.digest, digestOf(content));
    }
  });
}

test("a part that has changed since it was looked at is noticed", async () => {
  const host = memoryHost({ ...FILES });
  const ports = { host, store: memoryStore(), zlibVersion: "1", tell: () => {} };
  const fitFiles = readFitFiles(FIT, ports);
  const changed = { ...fitFiles, fdts: [{ ...fitFiles.fdts[0]!, digest: digestOf(KERNEL) }] };
  const parts = imageParts({ ...imageSpec("none"), fit: FIT }, { fitFiles: changed });
  await assert.rejects(joinImage(LAYERS, parts, ports), hasCodes("host/file-changed"));
  assert.equal(host.outputs.size, 0);
});

test("files that are no part of a FIT are all named at once", () => {
  const host = memoryHost({
    ...FILES,
    "/k/Image.gz": new Uint8Array(0),
    "/k/b.dtb": "text",
    "/k/xz": "\xfd7zXZ",
  });
  const fdts = ["board.dtb", "b.dtb", "c.dtb"].map((name) => ({ at: SPAN, path: `/k/${name}` as HostPath }));
  assert.throws(
    () => readFitFiles({ ...FIT, fdts }, { host }),
    hasCodes("image/bad-fit-file", "image/bad-fit-file", "image/fit-file-not-found"),
  );
});

const area = (name: string, address: number, size: number | null) => ({ at: SPAN, name, address, size });

test("an image that keeps to its area is written, to the last byte", async () => {
  const { made } = await make(FIT);
  const { size } = made;
  const board = {
    kernel: area("kernel", 0x1000, 0x1000),
    ramdisk: area("ramdisk", 0x2000, size),
    fdt: area("fdt", 0x2000 + size, 8),
  };
  assert.equal((await make(FIT, board)).made.size, size);
});

test("what it would lie over, and what it has too many, is told in bytes, and nothing is written", async () => {
  const { made } = await make(FIT);
  const { size } = made;
  const board = {
    kernel: area("kernel", 0x1000, 0x1001),
    ramdisk: area("ramdisk", 0x2000, size - 1),
    fdt: area("fdt", 0x2000 + size - 1, 8),
  };
  const codes = ["image/larger-than-its-area", "image/areas-overlap", "image/areas-overlap"];
  await assert.rejects(make(FIT, board), hasCodes(...codes));
  await assert.rejects(make(FIT, { ...board, kernel: null, fdt: null }), hasCodes(codes[0]!));
});

test("a FIT must not lie where its own kernel goes", async () => {
  const kernel = { ...FIT.kernel!, load: 0x2000 };
  const at = (address: number) => ({ kernel: null, fdt: null, ramdisk: area("ramdisk", address, null) });
  await assert.rejects(
    make({ ...FIT, kernel }, at(0x2000 + KERNEL.length - 1)),
    hasCodes("image/areas-overlap"),
  );
  assert.ok((await make({ ...FIT, kernel }, at(0x2000 + KERNEL.length))).made.size > 0);
});
