import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { emulatorArguments, memoryFor, type Start } from "../../src/boot/command-line.ts";
import { escapeKeys } from "../../src/boot/escape-keys.ts";
import { kernelMachineOf } from "../../src/boot/kernel-machine.ts";
import { kernelPlaces, moduleVersionOf } from "../../src/boot/kernel-places.ts";
import { EMULATED, EMULATED_NAMES, emulatedFor } from "../../src/boot/machines.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { randomSource } from "../support/random.ts";
import { isInstalled, labTree, requireLabTree } from "../support/tools.ts";

const START: Start = { by: "kernel", kernel: "/k,1", initrd: "/i", arguments: "console=ttyS0 a,b" };

test("QEMU gets no device but the serial console, and never reboots", () => {
  const order = { emulated: EMULATED.x86_64, accelerator: "tcg", memoryMiB: 512, start: START } as const;
  assert.equal(
    emulatorArguments(order).join(" "),
    "-nodefaults -no-user-config -display none -serial stdio -no-reboot -accel tcg -M q35 -cpu max -m 512 " +
      "-kernel /k,1 -initrd /i -append console=ttyS0 a,b",
  );
});

test("an emulated arm64 has no pointer authentication, one by KVM is the host's own", () => {
  const words = (accelerator: "kvm" | "tcg") =>
    emulatorArguments({ emulated: EMULATED.aarch64, accelerator, memoryMiB: 512, start: START });
  assert.ok(words("tcg").includes("cortex-a57"));
  assert.ok(words("kvm").includes("max"));
});

test("commas in the names of files do not end a device's value", () => {
  const loaded = [{ file: "/a,b", address: 0x4040_0000 }];
  const words = emulatorArguments({
    emulated: EMULATED.aarch64,
    accelerator: "tcg",
    memoryMiB: 512,
    start: { by: "u-boot", uboot: "/u", loaded },
  });
  assert.ok(words.includes("loader,file=/a,,b,addr=0x40400000,force-raw=on"));
});

describe("QEMU knows the board and the processor of", () => {
  for (const name of EMULATED_NAMES) {
    const { program, board, processor } = EMULATED[name];
    const skip = isInstalled(program, process.env["PATH"] ?? "") ? false : `${program} is not installed`;
    test(name, { skip }, () => {
      const machines = execFileSync(program, ["-M", "help"], { encoding: "utf8" });
      assert.match(machines, new RegExp(`^${board[1]} `, "m"));
      const cpus = spawnSync(program, [...board, "-cpu", "help"], { encoding: "utf8" }).stdout;
      assert.match(cpus, new RegExp(`\\b${processor.emulated}\\b`));
    });
  }
});

test("machines are found by any of their names, and by those whose programs they run", () => {
  const names = [
    "amd64",
    "i686",
    "arm64",
    "armv7l",
    "armel",
    "riscv64",
    "ppc64el",
    "s390x",
    "mips",
    "no such",
  ];
  assert.deepEqual(names.map(emulatedFor), [
    "x86_64",
    "i386",
    "aarch64",
    "armhf",
    "armhf",
    "riscv64",
    "ppc64le",
    "s390x",
    null,
    null,
  ]);
});

const kernels = requireLabTree("kernels/x86/vmlinuz", "kernels/arm64/vmlinuz");

test("real kernels say for which machine they are", kernels, () => {
  for (const [name, arch] of Object.entries({ x86: "x86_64", arm64: "aarch64" })) {
    const bytes = readFileSync(labTree(`kernels/${name}/vmlinuz`));
    assert.equal(kernelMachineOf(sourceOf(bytes)), arch);
  }
});

test("kernels of other machines are known by their magic", () => {
  const kernelWith = (at: number, text: string, payload = "") => {
    const bytes = Buffer.alloc(0x1_1000);
    bytes.write(text, at, "latin1");
    bytes.write(payload, 5 * 512, "latin1");
    if (payload !== "") bytes.writeUInt32LE(payload.length, 0x24c);
    return kernelMachineOf(sourceOf(bytes));
  };
  assert.equal(kernelWith(0x24, "\x18\x28\x6f\x01"), "armhf");
  assert.equal(kernelWith(0x38, "RSC\x05"), "riscv64");
  assert.equal(kernelWith(0x1_0008, "S390EP"), "s390x");
  assert.equal(kernelWith(0x202, "HdrS\x0f\x02", "\x1f\x8b\x08\x00 and so on"), "i386");
  assert.equal(kernelWith(0x202, "HdrS\x0f\x02"), null, "cut short");
  assert.equal(kernelWith(0, "\x1f\x8b"), null);
});

test("no bytes make the search for a kernel's machine fail", () => {
  const random = randomSource(7);
  const heads = ["MZ", "\x7fELF\x02\x01", ""];
  for (let round = 0; round < 600; round++) {
    const bytes = Buffer.from(Array.from({ length: random(700) }, () => random(256)));
    bytes.write(heads[round % 3]!, 0, "latin1");
    kernelMachineOf(sourceOf(bytes));
  }
});

test("a kernel is looked for by the modules that the image has, else by what runs here", () => {
  assert.equal(moduleVersionOf("usr/lib/modules/6.1.0/kernel/x.ko"), "6.1.0");
  assert.equal(moduleVersionOf("lib/modules"), null);
  const own = kernelPlaces({ versions: ["6.1.0"], release: "5.10.0" });
  assert.ok(
    own.every((place) => place.includes("6.1.0")),
    "modules of another kernel would not load",
  );
  assert.equal(kernelPlaces({ versions: [], release: "5.10.0" })[0], "/boot/vmlinuz-5.10.0");
});

test("memory grows with what the image unpacks to", () => {
  const MIB = 2 ** 20;
  assert.equal(memoryFor({ packed: MIB, unpacked: 2 * MIB, besides: 0 }), 1024);
  assert.equal(memoryFor({ packed: 300 * MIB, unpacked: 900 * MIB, besides: 0 }), 3072);
});

test("Ctrl-A X leaves, Ctrl-A twice is the guest's own, all else passes", () => {
  const typed = (...pieces: string[]) => {
    const keys = escapeKeys();
    return pieces.map((piece) => {
      const { pass, isLeaving } = keys(Buffer.from(piece, "latin1"));
      return Buffer.from(pass).toString("latin1") + (isLeaving ? "!" : "");
    });
  };
  assert.deepEqual(typed("ls\r\x03"), ["ls\r\x03"]);
  assert.deepEqual(typed("a\x01xb"), ["a!"]);
  assert.deepEqual(typed("\x01", "X"), ["", "!"], "they may come apart");
  assert.deepEqual(typed("\x01\x01", "\x01a", "\x01q1"), ["\x01", "\x01", "1"]);
});
