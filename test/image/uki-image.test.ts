/** The last stage with a unified kernel image around it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { archByName } from "../../src/core/arch.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { TargetPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { decodePe } from "../../src/formats/pe.ts";
import { prepareCompressor } from "../../src/image/assemble.ts";
import type { ImageSecrets } from "../../src/image/image.ts";
import { encodeSecrets } from "../../src/image/secret-member.ts";
import { checkUkiModules, readUkiFiles } from "../../src/image/uki-files.ts";
import { checkKernelAndContents, checkStubAndKernel } from "../../src/image/uki-machines.ts";
import type { UkiSpec } from "../../src/spec/image-spec.ts";
import { directory, file, seededBytes } from "../support/archive.ts";
import { imageParts, imageSpec, joinImage } from "../support/image-parts.ts";
import { memoryHost } from "../support/memory-host.ts";
import { memoryStore } from "../support/memory-store.ts";
import { peFile, stubFile } from "../support/pe-writer.ts";
import { hasCodes } from "../support/problems.ts";
import { KERNEL, UKI, UKI_FILES, ukiFile, ukiTrees } from "../support/uki-files.ts";

const LAYERS = [[[directory(""), file("init", seededBytes(1, 7001), 0o755)]]];

const KEY = { path: "key" as TargetPath, mode: 0o400, uid: 0, gid: 0 };
const SECRETS: ImageSecrets = {
  places: [KEY],
  read: () => encodeSecrets([{ kind: "file", ...KEY, bytes: Buffer.from("not to be told") }], 1),
};

async function make(
  uki: UkiSpec,
  files: Readonly<Record<string, string | Uint8Array>> = UKI_FILES,
  secrets: ImageSecrets | null = null,
) {
  const host = memoryHost({ ...files });
  const ports = { host, store: memoryStore(), zlibVersion: "1", tell: () => {} };
  const spec = { ...imageSpec("zstd", { by: "builtin", codec: "zstd", level: 1 }), uki };
  const ukiFiles = readUkiFiles(uki, ukiTrees(host));
  const prepared = await prepareCompressor(spec.compressor, ports);
  const made = await joinImage(LAYERS, imageParts(spec, { ukiFiles, packings: [prepared], secrets }), ports);
  return { host, made, bytes: Buffer.from(host.outputs.get(made.path)?.bytes ?? []) };
}

test("a unified kernel image holds the image, the kernel and the texts as they are", async () => {
  const { host, made, bytes } = await make(UKI);
  assert.equal(made.path, "/out/initrd.efi");
  assert.equal(host.symlinks.get("/out/initrd"), "initrd.efi");
  assert.equal(made.digest, digestOf(bytes));
  const bare = Buffer.from(host.outputs.get("/out/initrd.zst")?.bytes ?? []);
  const { sections } = decodePe(sourceOf(bytes));
  const contentOf = (name: string) => {
    const { offset, memorySize } = sections.find((section) => section.name === name)!;
    return bytes.subarray(offset, offset + memorySize);
  };
  assert.deepEqual(
    sections.slice(-5).map(({ name }) => name),
    [".osrel", ".cmdline", ".uname", ".linux", ".initrd"],
  );
  assert.deepEqual(contentOf(".initrd"), bare);
  assert.deepEqual(contentOf(".linux"), KERNEL);
  assert.deepEqual(
    [".osrel", ".cmdline", ".uname"].map((name) => contentOf(name).toString()),
    ["ID=test\n", "quiet", "6.1.0-test"],
  );
  assert.equal(contentOf(".initrd").length % 4, 0, "systemd-stub then adds nothing");
  assert.equal(made.members[0]!.offset, sections.at(-1)!.offset);
  const text = Buffer.from(host.outputs.get("/out/initrd.manifest.json")?.bytes ?? []).toString();
  const { image, uki } = JSON.parse(text);
  assert.equal(image.file, "initrd.efi");
  assert.deepEqual(uki.stub, { name: "stub.efi", digest: digestOf(stubFile()) });
  assert.deepEqual(
    uki.sections,
    sections.map(({ name, address, offset }) => {
      const content = contentOf(name);
      return { name, address, offset, size: content.length, digest: digestOf(content) };
    }),
  );
});

test("a kernel that has changed since it was looked at is noticed", async () => {
  const host = memoryHost({ ...UKI_FILES });
  const ports = { host, store: memoryStore(), zlibVersion: "1", tell: () => {} };
  const ukiFiles = readUkiFiles(UKI, ukiTrees(host));
  const sections = ukiFiles.sections.map(({ name, content }) =>
    content instanceof Uint8Array
      ? { name, content }
      : { name, content: { ...content, digest: digestOf(KERNEL.subarray(1)) } },
  );
  const parts = imageParts({ ...imageSpec("none"), uki: UKI }, { ukiFiles: { ...ukiFiles, sections } });
  await assert.rejects(joinImage(LAYERS, parts, ports), hasCodes("host/file-changed"));
  assert.equal(host.outputs.size, 0);
});

test("with secrets inside the manifest tells nothing of the initrd's size", async () => {
  const microcode = { part: "microcode", content: ukiFile("host", "work/ucode") } as const;
  const files = { ...UKI_FILES, "/work/ucode": "070701" };
  const made = await make({ ...UKI, parts: [microcode] }, files, SECRETS);
  const text = Buffer.from(made.host.outputs.get("/out/initrd.manifest.json")?.bytes ?? []).toString();
  const { sections } = JSON.parse(text).uki;
  assert.deepEqual(Object.keys(sections.at(-2)), ["name", "address", "offset"]);
  assert.deepEqual(Object.keys(sections.at(-1)), ["name", "size", "digest"]);
  const initrd = decodePe(sourceOf(made.bytes)).sections.find(({ name }) => name === ".initrd")!;
  assert.ok(initrd.memorySize > 7001 && !text.includes(String(initrd.memorySize)));
});

test("files that are no part of it are all named at once", () => {
  const host = memoryHost({ ...UKI_FILES, "/work/stub.efi": "text", "/srv/root/x.bmp": "no bitmap" });
  const parts = [
    { part: "splash", content: ukiFile("sysroot", "x.bmp") },
    { part: "microcode", content: ukiFile("sysroot", "etc/os-release") },
    { part: "fdt", content: ukiFile("sysroot", "etc/os-release") },
    { part: "osRelease", content: ukiFile("host", "etc/os-release") },
  ] as const;
  const bad = ["image/bad-uki-file", "image/bad-uki-file", "image/bad-uki-file", "image/bad-uki-file"];
  assert.throws(
    () => readUkiFiles({ ...UKI, parts }, ukiTrees(host)),
    hasCodes(...bad, "image/uki-file-not-found"),
  );
});

test("the version is the kernel's own where the recipe says none", () => {
  const banner = "Linux version 6.12.1-arm64 (a@b) ";
  const kernel = peFile({ sections: [{ name: ".text", bytes: Buffer.from(banner) }] });
  const read = (bytes: Uint8Array) =>
    readUkiFiles(
      { ...UKI, uname: null },
      ukiTrees(memoryHost({ ...UKI_FILES, "/srv/root/boot/vmlinuz": bytes })),
    );
  const files = read(kernel);
  assert.equal(files.version, "6.12.1-arm64");
  assert.equal(
    read(KERNEL).sections.some(({ name }) => name === ".uname"),
    false,
  );
  checkUkiModules(files, ["usr/lib/modules/6.1-old", "usr/lib/modules/6.12.1-arm64"] as TargetPath[]);
  checkUkiModules(files, []);
  assert.throws(
    () => checkUkiModules(files, ["usr/lib/modules/6.12.2-arm64"] as TargetPath[]),
    hasCodes("image/uki-other-modules"),
  );
});

test("stub, kernel and programs must be for one machine, 32 bits below 64 where that runs", () => {
  const MACHINES = {
    i386: 0x14c,
    x86_64: 0x8664,
    armhf: 0x1c2,
    aarch64: 0xaa64,
    riscv64: 0x5064,
    loongarch64: 0x6264,
  };
  const names = Object.keys(MACHINES) as (keyof typeof MACHINES)[];
  const pe = (name: keyof typeof MACHINES) => decodePe(sourceOf(peFile({ machine: MACHINES[name] })));
  const allowed = (check: () => void): boolean => {
    try {
      check();
      return true;
    } catch (error) {
      return !hasCodes("image/uki-machines-differ")(error);
    }
  };
  const pairs = names.flatMap((a) => names.filter((b) => a !== b).map((b) => [a, b] as const));
  const mixed = pairs.filter(([stub, kernel]) =>
    allowed(() => checkStubAndKernel(null, pe(stub), pe(kernel))),
  );
  assert.deepEqual(mixed, [["i386", "x86_64"]]);
  const beside = pairs.filter(([kernel, contents]) =>
    allowed(() => checkKernelAndContents(null, pe(kernel), archByName(contents))),
  );
  assert.deepEqual(beside, [
    ["x86_64", "i386"],
    ["aarch64", "armhf"],
  ]);
  for (const name of names) {
    checkStubAndKernel(null, pe(name), pe(name));
    checkKernelAndContents(null, pe(name), archByName(name));
  }
  checkKernelAndContents(null, pe("x86_64"), null);
});
