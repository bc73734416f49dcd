import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { type ByteSource, sourceOf } from "../../src/formats/byte-source.ts";
import { type ElfFile, readElf } from "../../src/formats/elf.ts";
import type { ElfErrorCode } from "../../src/formats/elf-bytes.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { ENDS } from "../support/bounds.ts";
import { type ElfWish, writeElf } from "../support/elf-writer.ts";

/**
 * Made by binutils 2.40, not by our own writer, and stripped:
 *   echo '.globl f; f: ret' | as -o s.o -
 *   ld -shared -soname libgold.so.1 -rpath '$ORIGIN/../lib' --enable-new-dtags -z nodefaultlib -f libaux.so \
 *     -z noseparate-code -z max-page-size=64 -z norelro --hash-style=sysv -o gold.so s.o libd.so.1
 */
const LIBRARY = inflate(
  "tZPBSsNAEIZnN7UWi6LFgwoeBEG8bFt6EQ+lF5WCKPgCsmlTE0gMZCO0p/bRBF/GdxCJbjODmyUhCPpfvp2dzM5mdmZ5dXvNGQOSA0P4sQBGyFdu7l2AAyNoweb62w2ols+KpPO02fxerHDfJlikOP7LuJZhcsNdJ/1dBxowwYA2OWYQBu5UqFj09eopDtE4vX8Y34zvukJ0w8DVPvkyFyqGt7o8ed1z7SC3kcfII+Rnli01z9FuIN+R9BY9PLhpJdpCcwDF/zpAfmRZXCjcf0soX6VJKl0QvlQ+iOniWS2inGkCIvXmKQjPf5wlMvLW+zIKJn+Uvo0141YdiftG35llobrv4RkcyvuvZ7wvM+Kp3ofo49a7EQcV/UI6MWZJi/qVyGriz4zZKJtXW3Zb9DE39W/VPDpW/K7hdkryrPBClzX3/wI=",
);
/** ld -pie -dynamic-linker /lib64/ld-linux-x86-64.so.2 --disable-new-dtags -rpath /opt/lib:/x … m.o gold.so */
const PROGRAM = inflate(
  "tZTNTttAEMdn7SREBCkIaKFSJeAQKRyy4TOiHCqrVTlx4ILErXKIwZacOLIXyZx4BY4V4iF4hDxCH4FjEY/Qw1ZOZsJ6FAgHOpefZndmZ1bz373+cXRoCQFkNnyFzFuzRr6D67/tcQg4sA9FcGAOKlACgIIRx7ki8iyP64zyTnGd8zPkKQwW4WWrW3k6Rl7JWPcZj0WelGdNydsUedL9mmHQbu02w04jDHqXaSPdbzVauzKJ5Pa4H8u41zTL4hYmbZxDGLQvorCTnb0FzaivstoHzXS4fY9zm3mhlt67FQC6dicAqqsO6Frm+9nW44PW+s+T1trIJRlUkfPIAjLFQJrRAP0S+jfoz7L5VkgvyA+sT6r7y36eixm/BM/3zGwZ+YD1/modQX5E/9VIH9w+0rpM/ETFym2DDHrKi/sgfTfxQXaueslVd0QVg4y90JX9UIFUXqpAev7P89jtesMItxucgbyI1DDiHaxiaPO1dwnsXZIt4uwtpgfiEptnmennE/ZgMb0QN414YeSTDtbxbIvpb/DG/jfw7G9MP8QVo//ZCfWl8dfkhIpcY/XmGXdYPv3DxOKU/r+w+fH/kBt/DN+xts10XGf/XYHlU/9HWJ+/11N78v3LjGauaSkunky5/z8=",
);
/** powerpc-linux-gnu-ld -shared -soname libgold.so.1 -rpath '$ORIGIN/../lib' --disable-new-dtags … */
const POWERPC = inflate(
  "lVLNSsNAEP52U1u14A/04skUBD1tKXjyoheVglTwBSSxaTeQGEj20J7sQ/gQPoKP0DfpxYeQTb7oNuihAx+ZzMzOzDczb7cPd0IK/IiHHoDacAmIT2o+PFxgD7uOv5YvYgfATeUX+AXmRId+2fBrog2gRaP8o44r1re2ypF9M0USh7MsmagiU0OcPT6N7kfjgVKDJA4xXsL/L89ByRo4rFKV9d/JZcWePgDsAzgF0GXcVjJeor9BRxW6MLkJQigdFBpqsngtFmn1NTmUieYGKtLP0zxIo9IepPEL1CwzW5XukoskL4se/0G+FseMleRr4XM2gjGW9wltkvNZcS7uXqz0qbe5pzVzNOPOnX3Xd+RK/WbIXF7jbjwnzt7mFZ0dQOgKG/tqOTfmOe3Y+7xu9vcN",
);

const NOTHING: ElfFile = {
  machine: { machine: 62, bits: 64, endian: "little", flags: 0 },
  osabi: 0,
  type: 3,
  interpreter: null,
  isDynamic: true,
  soname: null,
  needed: [],
  rpath: null,
  runpath: null,
  auxiliary: [],
  filter: [],
  hasNoDefaultLib: false,
  imports: [],
  dlopen: [],
};

test("reads what binutils wrote: a library, a program, and one of the other byte order and class", () => {
  assert.deepEqual(read(LIBRARY), {
    ...NOTHING,
    soname: "libgold.so.1",
    needed: ["libd.so.1"],
    runpath: "$ORIGIN/../lib",
    auxiliary: ["libaux.so"],
    hasNoDefaultLib: true,
  });
  assert.deepEqual(read(PROGRAM), {
    ...NOTHING,
    interpreter: "/lib64/ld-linux-x86-64.so.2",
    needed: ["libgold.so.1"],
    rpath: "/opt/lib:/x",
  });
  assert.deepEqual(read(POWERPC), {
    ...NOTHING,
    machine: { machine: 20, bits: 32, endian: "big", flags: 0 },
    soname: "libgold.so.1",
    rpath: "$ORIGIN/../lib",
  });
});

test("reads every field in both classes and both byte orders", () => {
  const wish: ElfWish = {
    machine: 8,
    flags: 0x7000_0420,
    osabi: 3,
    type: 2,
    interpreter: "/lib/ld.so.1",
    needed: ["liba.so.1", "lib\xff.so", "liba.so.1"],
    soname: "me.so",
    rpath: "/r:$ORIGIN",
    runpath: "/s",
    auxiliary: ["aux.so"],
    filter: ["filter.so"],
    flags1: 0x0800_0801,
    imports: ["dlopen"],
  };
  for (const bits of [32, 64] as const) {
    for (const endian of ["little", "big"] as const) {
      const { flags1, ...plain } = wish;
      const { machine, flags, ...rest } = plain;
      assert.deepEqual(read(writeElf({ ...wish, bits, endian })), {
        ...rest,
        machine: { machine, bits, endian, flags },
        isDynamic: true,
        hasNoDefaultLib: true,
        dlopen: [],
      });
      assert.ok(flags1);
    }
  }
});

test("sees no ELF file in what begins otherwise or is shorter than four bytes", () => {
  for (const bytes of ["", "\x7f", "\x7fEL", "#!/bin/sh\n", "\x7fELE and more of it", "\0\x7fELF"]) {
    assert.equal(read(Buffer.from(bytes, "latin1")), null);
  }
});

test("a kernel module and a core ask nothing, whatever their headers say", () => {
  for (const type of [1, 4, 0xfe00]) {
    const { needed, interpreter, isDynamic } = read(
      writeElf({ type, interpreter: "/x", needed: ["liba.so"] }),
    )!;
    assert.deepEqual({ needed, interpreter, isDynamic }, { needed: [], interpreter: null, isDynamic: false });
  }
});

test("a static program has neither interpreter nor dynamic section; a static position-independent one has no needed", () => {
  assert.deepEqual(read(writeElf({ type: 2, isDynamic: false })), { ...NOTHING, type: 2, isDynamic: false });
  assert.deepEqual(read(writeElf({ flags1: 0x0800_0001 })), NOTHING);
});

test("an ELF file without program headers asks nothing", () => {
  const bytes = writeElf({ needed: ["liba.so"] });
  bytes.writeUInt16LE(0, 56);
  assert.deepEqual(read(bytes)?.needed, []);
});

test("firmware in parts, whose segments lie in other files, is whole", () => {
  const bytes = writeElf({ machine: 164, bits: 32, type: 2, isDynamic: false });
  bytes.writeUInt32LE(0x100000, 52 + 16); // the file size of its only segment
  assert.equal(read(bytes)?.isDynamic, false);
});

test("debug information that was split off asks nothing", () => {
  // objcopy --only-keep-debug keeps the program headers and takes the bytes away.
  const bytes = writeElf({ interpreter: "/lib/ld.so", needed: ["liba.so"] });
  for (const header of [1, 2]) bytes.writeBigUInt64LE(0n, 64 + header * 56 + 32);
  const { interpreter, needed, isDynamic } = read(bytes)!;
  assert.deepEqual({ interpreter, needed, isDynamic }, { interpreter: null, needed: [], isDynamic: false });
});

test("elfutils' debug information keeps its sizes, and is known by a section without bytes", () => {
  const bytes = Buffer.concat([writeElf({ needed: ["liba.so"] }), Buffer.alloc(64)]);
  const section = bytes.length - 64;
  const dynamicAddress = bytes.readBigUInt64LE(64 + 56 + 16);
  bytes.writeUInt32LE(8, section + 4); // SHT_NOBITS
  bytes.writeBigUInt64LE(2n, section + 8); // SHF_ALLOC
  bytes.writeBigUInt64LE(dynamicAddress, section + 16);
  bytes.writeBigUInt64LE(16n, section + 32);
  bytes.writeBigUInt64LE(BigInt(section), 40);
  bytes.writeUInt16LE(64, 58);
  bytes.writeUInt16LE(1, 60);
  assert.deepEqual(read(bytes)?.needed, []);
});

test("the number of program headers may stand in the first section", () => {
  const bytes = Buffer.concat([writeElf({ needed: ["liba.so"] }), Buffer.alloc(64)]);
  bytes.writeBigUInt64LE(BigInt(bytes.length - 64), 40);
  bytes.writeUInt32LE(bytes.readUInt16LE(56), bytes.length - 64 + 44);
  bytes.writeUInt16LE(0xffff, 56);
  assert.deepEqual(read(bytes)?.needed, ["liba.so"]);
});

test("refuses what the loader could not work with, and says where", () => {
  const good = writeElf({ interpreter: "/lib/ld.so", needed: ["liba.so"] });
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  };
  assertFails(
    changed((bytes) => (bytes[4] = 3)),
    "bad-class",
    4,
  );
  assertFails(
    changed((bytes) => (bytes[5] = 0)),
    "bad-encoding",
    5,
  );
  assertFails(
    changed((bytes) => bytes.writeUInt16LE(32, 54)),
    "bad-program-headers",
    54,
  );
  assertFails(
    changed((bytes) => bytes.writeUInt16LE(2000, 56)),
    "bad-program-headers",
    54,
  );
  assertFails(
    changed((bytes) => bytes.writeBigUInt64LE(0n, 64 + 56 + 32)),
    "bad-interpreter",
    64 + 3 * 56,
  );
  assertFails(
    changed((bytes) => bytes.fill(0x61, 64 + 3 * 56, 64 + 3 * 56 + 11)),
    "bad-interpreter",
    64 + 3 * 56,
  );
  const dynamic = Number(good.readBigUInt64LE(64 + 2 * 56 + 8));
  assertFails(
    changed((bytes) => bytes.writeBigUInt64LE(999n, dynamic + 8)),
    "bad-string",
    dynamic,
  );
  const noTable = changed((bytes) => bytes.writeBigUInt64LE(6n, dynamic + 2 * 16));
  assertFails(noTable, "bad-dynamic", dynamic);
  const elsewhere = changed((bytes) => bytes.writeBigUInt64LE(0x7_0000n, dynamic + 2 * 16 + 8));
  assertFails(elsewhere, "bad-dynamic", dynamic);
});

test("refuses every shorter form of a program", () => {
  const whole = writeElf({ interpreter: "/lib/ld.so", needed: ["liba.so"], tail: "code" });
  for (let length = 4; length < whole.length; length++) {
    assert.throws(() => read(whole.subarray(0, length)), FormatError, `cut after ${length} bytes`);
  }
});

test("reads no more than it must: a large library costs a few reads", () => {
  const bytes = writeElf({ needed: ["liba.so", "libb.so"], soname: "libc.so", tail: "x".repeat(1 << 20) });
  let read = 0;
  const source: ByteSource = {
    size: bytes.length,
    read: (position, length) => {
      read += length;
      return bytes.subarray(position, position + length);
    },
  };
  assert.equal(readElf(source)?.needed.length, 2);
  assert.ok(read < 32768, `${read} bytes were read`);
});

test("damaged bytes give a value or a FormatError, and come to an end", ENDS, () => {
  const random = seeded(0x1e5f);
  const samples = [LIBRARY, PROGRAM, POWERPC, writeElf({ interpreter: "/lib/ld.so", needed: ["a", "b"] })];
  for (const sample of samples) {
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(sample);
      // Mostly in the headers, where a byte decides something.
      for (let change = 0; change <= random(6); change++) {
        bytes[random(random(2) === 0 ? 240 : bytes.length)] = random(3) === 0 ? 0xff : random(256);
      }
      readOrFormatError(bytes.subarray(0, random(4) === 0 ? random(bytes.length + 1) : bytes.length));
    }
    for (let bit = 0; bit < sample.length * 8; bit++) {
      const bytes = Buffer.from(sample);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      readOrFormatError(bytes);
    }
  }
});

test("a dynamic section of a hundred thousand names is refused, not read", () => {
  const bytes = writeElf({ needed: Array.from({ length: 100_000 }, () => "a") });
  assert.throws(() => read(bytes), FormatError);
});

function read(bytes: Uint8Array): ElfFile | null {
  return readElf(sourceOf(bytes));
}

function readOrFormatError(bytes: Uint8Array): void {
  try {
    read(bytes);
  } catch (error) {
    assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
  }
}

function assertFails(bytes: Uint8Array, code: ElfErrorCode, offset: number): void {
  assert.throws(
    () => read(bytes),
    (error) => {
      assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
      assert.deepEqual({ code: error.code, offset: error.offset }, { code, offset });
      return true;
    },
  );
}

function inflate(base64: string): Buffer {
  return inflateRawSync(Buffer.from(base64, "base64"));
}

/** Whole numbers below `limit`, the same on every run. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
