/** Images that are there, whoever made them, wrapped for U-Boot. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { digestOf } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import { prepareCompressor } from "../../src/image/assemble.ts";
import { readFitFiles } from "../../src/image/fit-files.ts";
import { makeUki } from "../../src/image/uki.ts";
import { readUkiFiles } from "../../src/image/uki-files.ts";
import { type WantedWrapper, type WrapOrder, wrapFile } from "../../src/image/wrap-file.ts";
import type { ImageSpec } from "../../src/spec/image-spec.ts";
import { archiveOf, directory, file, seededBytes } from "../support/archive.ts";
import { writeElf } from "../support/elf-writer.ts";
import { fitAround } from "../support/fit-image.ts";
import { imageParts, imageSpec, joinImage, SPAN } from "../support/image-parts.ts";
import { memoryHost } from "../support/memory-host.ts";
import { memoryStore } from "../support/memory-store.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { AARCH64, peFile, stubFile } from "../support/pe-writer.ts";
import { hasCode } from "../support/problems.ts";
import { KERNEL as PE_KERNEL, UKI, UKI_FILES, ukiAround, ukiFile, ukiTrees } from "../support/uki-files.ts";

const KERNEL = seededBytes(2, 5003);
const IMAGE = archiveOf([
  directory(""),
  file("big", seededBytes(1, 3_000_001)),
  file("init", writeElf(), 0o755),
]);
const U_INITRD: WantedWrapper = { as: "uInitrd", name: "", compression: "none" };
const FIT = {
  as: "fit",
  name: "initrd",
  fit: {
    kernel: { at: null, path: "/kernel" as HostPath, load: 1, entry: 2, compression: null },
    fdts: [],
    data: "external",
    hashes: ["sha256", "crc32"],
  },
} as const satisfies WantedWrapper;

async function wrap(files: Readonly<Record<string, MemoryFile>>, more: Partial<WrapOrder> = {}) {
  const host = memoryHost({ "/kernel": KERNEL, ...files });
  const order: WrapOrder = {
    image: "/initrd.cpio" as HostPath,
    output: "/out" as HostPath,
    wrapper: U_INITRD,
    arch: null,
    epoch: 1,
    ...more,
  };
  const wrapped = await wrapFile(order, { host, tell: () => {} });
  const output = host.outputs.get("/out")!;
  return { ...wrapped, bytes: Buffer.from(output.bytes), mode: output.mode };
}

/** What a build makes of the same archive. */
async function built(more: Partial<ImageSpec>) {
  const host = memoryHost({ "/kernel": KERNEL });
  const ports = { host, store: memoryStore(), zlibVersion: "1", tell: () => {} };
  const spec = { ...imageSpec("none"), ...more };
  const fitFiles = spec.fit === null ? null : readFitFiles(spec.fit, ports);
  const prepared = await prepareCompressor(spec.compressor, ports);
  const layers = [[[directory(""), file("big", seededBytes(1, 3_000_001)), file("init", writeElf(), 0o755)]]];
  const made = await joinImage(layers, imageParts(spec, { fitFiles, packings: [prepared] }), ports);
  return Buffer.from(host.outputs.get(made.path)!.bytes);
}

test("a uInitrd is the one that a build makes, for the machine of the image's first program", async () => {
  const { bytes, arch } = await wrap({ "/initrd.cpio": IMAGE });
  assert.equal(arch, "x86");
  const uInitrd = { arch: "x86", compression: "none", at: SPAN };
  assert.deepEqual(bytes, await built({ uInitrd }));
});

for (const data of ["external", "embedded"] as const) {
  test(`a FIT with ${data} data is the one that a build makes`, async () => {
    const { bytes, size } = await wrap(
      { "/initrd.cpio": IMAGE },
      { wrapper: { ...FIT, fit: { ...FIT.fit, data } } },
    );
    assert.equal(size, bytes.length);
    assert.deepEqual(bytes, await built({ fit: { ...FIT.fit, data, at: SPAN, arch: "x86" } }));
  });
}

test("a unified kernel image is the one that a build makes, and its programs are the kernel's", async () => {
  const files = { ...UKI_FILES, "/boot/vmlinuz": PE_KERNEL, "/etc/os-release": "ID=test\n" };
  const onMachine = { ...UKI, kernel: ukiFile("host", "boot/vmlinuz"), parts: [UKI.parts[0]!] };
  const order = { wrapper: { as: "uki", uki: onMachine } } as const;
  const { bytes, size, arch } = await wrap({ ...files, "/initrd.cpio": IMAGE }, order);
  assert.deepEqual([size, arch], [bytes.length, "x86_64"]);
  const host = memoryHost(files);
  const ukiFiles = readUkiFiles(onMachine, ukiTrees(host, "/boot"));
  const written = { size: IMAGE.length, digest: digestOf(IMAGE), crc: 0, others: {} };
  const made = makeUki(ukiFiles, written).pieces.map((piece) =>
    piece.from === "wrapper" ? piece.bytes : piece.from === "image" ? IMAGE : PE_KERNEL,
  );
  assert.ok(bytes.equals(Buffer.concat(made)));
  const other = {
    ...files,
    "/boot/vmlinuz": peFile({ machine: AARCH64 }),
    "/work/stub.efi": stubFile({ machine: AARCH64 }),
  };
  await assert.rejects(
    wrap({ ...other, "/initrd.cpio": IMAGE }, order),
    hasCode("image/uki-machines-differ"),
  );
});

test("an image in a wrapper is taken out of it", async () => {
  const bare = await wrap({ "/initrd.cpio": IMAGE });
  for (const wrapped of [bare.bytes, fitAround(IMAGE), fitAround(IMAGE, "embedded"), ukiAround(IMAGE)]) {
    assert.deepEqual((await wrap({ "/initrd.cpio": wrapped })).bytes, bare.bytes);
  }
});

test("the machine is what is said, else the first program's, else the old wrapper's, never firmware's", async () => {
  const dull = archiveOf([file("init", "#!/bin/sh\n", 0o755)]);
  assert.equal((await wrap({ "/initrd.cpio": fitAround(dull) })).arch, "arm64");
  assert.equal((await wrap({ "/initrd.cpio": dull }, { arch: "riscv" })).arch, "riscv");
  await assert.rejects(wrap({ "/initrd.cpio": dull }), hasCode("image/uinitrd-arch-unknown"));
  const firmware = archiveOf([
    directory("lib"),
    directory("lib/firmware"),
    file("lib/firmware/x", writeElf()),
  ]);
  await assert.rejects(wrap({ "/initrd.cpio": firmware }), hasCode("image/uinitrd-arch-unknown"));
});

test("what the kernel would refuse is refused, and nothing is written", async () => {
  const commented = Buffer.from(gzipSync(IMAGE));
  commented[3] = 16;
  const bad = { text: "hello", zeros: new Uint8Array(64), cut: IMAGE.subarray(0, 1000), commented };
  for (const [what, bytes] of Object.entries(bad)) {
    await assert.rejects(wrap({ "/initrd.cpio": bytes }), hasCode("image/unreadable"), what);
  }
  await assert.rejects(wrap({}), hasCode("image/unreadable"));
});
