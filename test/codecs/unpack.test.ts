/** The embedded xz after damaged data, without any program of the machine. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import xz from "xz-decompress";
import { unpack } from "../../src/codecs/unpack.ts";
import { FormatError } from "../../src/formats/format-error.ts";

const TEXT = "said three times is true\n";
/** printf 'said three times is true\n' | xz --check=crc32 | base64 -w0 */
const PACKED = Buffer.from(
  "/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQAYc2FpZCB0aHJlZSB0aW1lcyBpcyB0cnVlCgAAAABkDLGgAAEtGQRHx2SQQpkNAQAAAAABWVo=",
  "base64",
);
const CUT = PACKED.subarray(0, 50);

test("what is unpacked after every truncation and every flipped byte is whole, and ends", async () => {
  const damaged = Array.from(PACKED, (_, length) => PACKED.subarray(0, length));
  for (let at = 0; at < PACKED.length; at++) {
    const flipped = Buffer.from(PACKED);
    flipped[at] = flipped[at]! ^ (1 << (at % 8));
    damaged.push(flipped);
  }
  for (const bytes of damaged) {
    await assert.rejects(unpack(bytes, "xz"), FormatError);
    assert.equal(Buffer.from(await unpack(PACKED, "xz")).toString(), TEXT);
  }
});

/** unpack.ts resets statics that the package does not document: another version may keep its memory elsewhere. */
test("the decoder's memory is where it is reset after a failure, and the next file gets a new one", async () => {
  const { version } = createRequire(import.meta.url)("xz-decompress/package.json") as { version: string };
  assert.equal(version, "0.2.3", "read where this version keeps its memory, then write its number here");
  const inside = xz.XzReadableStream as unknown as Readonly<Record<string, unknown>>;
  await unpack(PACKED, "xz");
  const first = memoryOf(inside);
  await unpack(PACKED, "xz");
  assert.equal(memoryOf(inside), first, "one serves for all files until one is damaged");
  await assert.rejects(unpack(CUT, "xz"), FormatError);
  assert.deepEqual([inside["_moduleInstance"], inside["_moduleInstancePromise"]], [undefined, undefined]);
  await unpack(PACKED, "xz");
  assert.notEqual(memoryOf(inside), first);
});

function memoryOf(inside: Readonly<Record<string, unknown>>): object {
  assert.ok(inside["_moduleInstancePromise"] instanceof Promise);
  const instance = inside["_moduleInstance"] as {
    readonly exports: { readonly memory: { buffer: unknown } };
  };
  assert.ok(instance.exports.memory.buffer instanceof ArrayBuffer);
  return instance;
}
