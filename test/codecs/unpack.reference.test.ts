/** What xz, gzip and zstd packed, as kernel builds call them, is unpacked; damaged it is refused, whatever is damaged. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { type Packing, unpack } from "../../src/codecs/unpack.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { randomSource } from "../support/random.ts";
import { requireTool } from "../support/tools.ts";

// Sources of the calls: linux scripts/Makefile.modinst, Debian's and Fedora's kernel packages.
const CALLS: readonly (readonly [packing: Packing, program: string, options: string])[] = [
  ["xz", "xz", "--check=crc32 --lzma2=dict=1MiB"],
  ["xz", "xz", "--check=crc32 -9e"],
  ["xz", "xz", "--check=crc32 -T2 --block-size=16KiB"],
  ["xz", "xz", "--check=none"],
  ["xz", "xz", ""],
  ["gzip", "gzip", "-n -9"],
  ["zstd", "zstd", "-T0 --no-progress"],
  ["zstd", "zstd", "-19 --no-check"],
];

for (const [packing, program, options] of CALLS) {
  const words = options.split(" ").filter((word) => word !== "");
  const pack = (bytes: Uint8Array): Buffer =>
    execFileSync(program, ["-c", "-q", ...words], {
      input: bytes,
      stdio: ["pipe", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    });

  test(`what ${program} ${options} packs is unpacked`, requireTool(program), async () => {
    for (const size of [0, 1, 1000, 700_000]) {
      const bytes = sample(size);
      assert.ok(Buffer.from(await unpack(pack(bytes), packing)).equals(bytes), `${size}`);
    }
  });

  test(`what ${program} ${options} packs is refused when it is damaged`, requireTool(program), async () => {
    const bytes = sample(40_000);
    const packed = pack(bytes);
    const random = randomSource(3);
    for (let round = 0; round < 60; round++) {
      await refused(packed.subarray(0, random(packed.length)), packing);
      const flipped = Buffer.from(packed);
      const at = random(packed.length);
      flipped[at] = flipped[at]! ^ (1 << random(8));
      // what bears no checksum, and names and times of headers, may say something else
      await unpack(flipped, packing).catch((error: unknown) =>
        assert.ok(error instanceof FormatError, `${error}`),
      );
    }
  });
}

async function refused(bytes: Uint8Array, packing: Packing): Promise<void> {
  const result = await unpack(bytes, packing).catch((error: unknown) => error);
  assert.ok(result instanceof FormatError, `${bytes.length} bytes: ${result}`);
}

/** Half of it repeats itself, as machine code does. */
function sample(size: number): Buffer {
  const random = randomSource(size + 1);
  return Buffer.from(Array.from({ length: size }, (_, at) => (at % 64 < 32 ? at & 0x3f : random(256))));
}
