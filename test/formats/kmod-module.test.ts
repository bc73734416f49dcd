import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../src/formats/format-error.ts";
import { infoOf, readKernelModule } from "../../src/formats/kmod-module.ts";
import { writeModule } from "../support/module-writer.ts";
import { randomSource } from "../support/random.ts";

const WISH = {
  info: ["license=GPL", "alias=fs-x", "alias=x:*", "depends=", "parm=a=b"],
  exports: ["give_one", "give_two"],
  needs: ["take_one", ".take_two"],
};

for (const bits of [32, 64] as const) {
  for (const endian of ["little", "big"] as const) {
    test(`what a module of ${bits} bits, ${endian} end first, says, gives and takes`, () => {
      const module = readKernelModule(writeModule({ ...WISH, bits, endian }));
      assert.deepEqual(infoOf(module.info, "alias"), ["fs-x", "x:*"]);
      assert.deepEqual(infoOf(module.info, "parm"), ["a=b"]);
      assert.deepEqual(module.exports, WISH.exports);
      assert.deepEqual(module.needs, WISH.needs);
    });
  }
}

test("without checksums, the names of the symbols say what a module gives", () => {
  assert.deepEqual(readKernelModule(writeModule({ ...WISH, hasVersions: false })).exports, WISH.exports);
});

test("what is no module is refused by name", () => {
  const program = writeModule();
  program[16] = 2;
  const rows: [bytes: Uint8Array, code: string][] = [
    [new Uint8Array(0), "no-elf"],
    [Buffer.from("#!/bin/sh\n"), "no-elf"],
    [program, "not-relocatable"],
    [writeModule().subarray(0, 200), "truncated"],
  ];
  for (const [bytes, code] of rows) {
    assert.throws(() => readKernelModule(bytes), { name: "FormatError", code });
  }
});

test("every truncation and every damage is a FormatError or a module", () => {
  const whole = writeModule(WISH);
  const random = randomSource(3);
  for (let length = 0; length < whole.length; length++) onlyFormatErrors(whole.subarray(0, length));
  for (let round = 0; round < 4000; round++) {
    const damaged = Uint8Array.from(whole);
    for (let flips = random(4) + 1; flips > 0; flips--) damaged[random(whole.length)] = random(256);
    onlyFormatErrors(damaged);
  }
});

function onlyFormatErrors(bytes: Uint8Array): void {
  try {
    readKernelModule(bytes);
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
  }
}
