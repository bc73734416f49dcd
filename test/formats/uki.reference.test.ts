/** Reference test: our unified kernel images are ukify's, for every machine that systemd has a stub for. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { linuxVersionOf } from "../../src/formats/linux-version.ts";
import { decodePe, NX_COMPATIBLE } from "../../src/formats/pe.ts";
import { sbatLines } from "../../src/formats/sbat.ts";
import { encodeUki } from "../../src/formats/uki.ts";
import type { UkiSectionName } from "../../src/formats/uki-stub.ts";
import { seededBytes } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { requireUkify, stubPath, ukify } from "../support/ukify.ts";

const needed = requireAll(requireUkify(), requireLabTree("kernels/x86/vmlinuz", "kernels/arm64/vmlinuz"));

const FILES: Readonly<Record<string, Uint8Array>> = {
  initrd: seededBytes(1, 100_001),
  osrel: Buffer.from('ID=test\nNAME="A test"\nVERSION_ID=1\n'),
  dtb: seededBytes(2, 700),
  splash: seededBytes(3, 512),
  key: Buffer.from("-----BEGIN PUBLIC KEY-----\n"),
  ucode: seededBytes(4, 513),
};

/** Stub, kernel (a stub serves as one where the lab has no kernel: a PE file of its machine, with an SBAT), and whether all sections are wished for. */
const CASES = [
  ["x64", "kernels/x86/vmlinuz", true],
  ["aa64", "kernels/arm64/vmlinuz", true],
  ["riscv64", "uki/linuxriscv64.efi.stub", false],
  ["loongarch64", "uki/linuxloongarch64.efi.stub", true],
  ["ia32", "uki/linuxia32.efi.stub", false],
  ["arm", "uki/linuxarm.efi.stub", true],
] as const;

for (const [machine, kernel, hasAll] of CASES) {
  test(`equals ukify build: ${machine}, ${hasAll ? "all sections" : "few sections"}`, needed, (t) => {
    const directory = scratchDirectory(t);
    const { ours, theirs } = makeBoth(machine, labTree(kernel), hasAll, directory);
    assert.ok(ours.equals(theirs), `differ first at ${firstDifference(ours, theirs)}`);
  });
}

test("an old stub has no room in its SBAT: all else equals ukify's", needed, (t) => {
  const { ours, theirs } = makeBoth("old/x64", labTree("kernels/x86/vmlinuz"), false, scratchDirectory(t));
  const { sections, tableAt } = decodePe(sourceOf(ours));
  const index = sections.findIndex(({ name }) => name === ".sbat");
  const { offset, fileSize, address, memorySize } = sections[index]!;
  const theirSection = decodePe(sourceOf(theirs)).sections[index]!;
  const next = sections[index + 1]!.address;
  assert.ok(theirSection.address + theirSection.memorySize > next, "ukify's lies over the next in memory");
  assert.ok(address + memorySize <= next);
  for (const bytes of [ours, theirs]) {
    bytes.fill(0, offset, offset + fileSize);
    bytes.writeUInt32LE(0, tableAt + index * 40 + 8);
  }
  assert.ok(ours.equals(theirs));
});

test("ukify inspect and objdump read it", requireAll(needed, requireTool("objdump")), (t) => {
  const directory = scratchDirectory(t);
  makeBoth("x64", labTree("kernels/x86/vmlinuz"), true, directory);
  const ours = join(directory, "ours.efi");
  const told = JSON.parse(ukify("inspect", ours, "--json=short"));
  assert.equal(told[".cmdline"].text, "console=ttyS0 quiet");
  assert.match(told[".uname"].text, /^\d\.\d+\./);
  assert.equal(told[".initrd"].size, FILES["initrd"]!.length);
  const listing = execFileSync("objdump", ["-h", ours], { encoding: "utf8" });
  const names = [...listing.matchAll(/^ *\d+ (\.\w+)/gm)].map((found) => found[1]);
  const added = [
    ".osrel",
    ".cmdline",
    ".dtb",
    ".uname",
    ".splash",
    ".pcrpkey",
    ".linux",
    ".initrd",
    ".ucode",
  ];
  assert.deepEqual(names.slice(-added.length), added);
});

function makeBoth(machine: string, kernelPath: string, hasAll: boolean, directory: string) {
  const at = (name: string) => join(directory, name);
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(at(name), bytes);
  const kernel = readFileSync(kernelPath);
  const version = linuxVersionOf(sourceOf(kernel));
  const options = ["--linux", kernelPath, "--initrd", at("initrd"), "--stub", stubPath(machine)];
  const texts = ["--cmdline", "console=ttyS0  quiet", "--os-release", `@${at("osrel")}`];
  const more = ["--devicetree", at("dtb"), "--splash", at("splash"), "--pcrpkey", at("key")];
  const all = hasAll ? [...more, "--microcode", at("ucode")] : [];
  ukify("build", ...options, ...texts, ...all, "--output", at("theirs.efi"));
  const contents: [UkiSectionName, Uint8Array][] = [
    [".osrel", FILES["osrel"]!],
    [".cmdline", Buffer.from("console=ttyS0 quiet")],
    ...(hasAll ? [[".dtb", FILES["dtb"]!] as [UkiSectionName, Uint8Array]] : []),
    ...(version === null ? [] : [[".uname", Buffer.from(version)] as [UkiSectionName, Uint8Array]]),
    ...(hasAll
      ? ([
          [".splash", FILES["splash"]!],
          [".pcrpkey", FILES["key"]!],
        ] as [UkiSectionName, Uint8Array][])
      : []),
    [".linux", kernel],
    [".initrd", FILES["initrd"]!],
    ...(hasAll ? [[".ucode", FILES["ucode"]!] as [UkiSectionName, Uint8Array]] : []),
  ];
  const ours = written(readFileSync(stubPath(machine)), kernel, contents);
  writeFileSync(at("ours.efi"), ours);
  return { ours, theirs: readFileSync(at("theirs.efi")) };
}

function written(stub: Buffer, kernel: Buffer, contents: readonly [UkiSectionName, Uint8Array][]): Buffer {
  const { dllCharacteristics, sections } = decodePe(sourceOf(kernel));
  const sbat = sections.find(({ name }) => name === ".sbat");
  const { pieces } = encodeUki({
    stub,
    sections: contents.map(([name, { length: size }]) => ({ name, size })),
    kernel: {
      isNxCompatible: (dllCharacteristics & NX_COMPATIBLE) !== 0,
      sbat: sbat === undefined ? [] : sbatLines(kernel.subarray(sbat.offset, sbat.offset + sbat.fileSize)),
    },
  });
  return Buffer.concat(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : contents[piece.section]![1])),
  );
}

function firstDifference(a: Buffer, b: Buffer): number {
  return a.findIndex((byte, at) => byte !== b[at]);
}
