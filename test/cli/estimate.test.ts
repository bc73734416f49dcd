import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateBuild, estimateSize, nameOfCompressor } from "../../src/cli/work/estimate.ts";
import type { ActionKey } from "../../src/core/digest.ts";
import type { ForeseenLayer, ForeseenSegment } from "../../src/foresee.ts";
import type { CompressorSpec } from "../../src/spec/compressors.ts";

const ZSTD: CompressorSpec = {
  name: "zstd",
  format: "zstd",
  engine: { by: "builtin", codec: "zstd", level: 19 },
  at: null,
};
const MIB = 2 ** 20;

function segment(size: number, more: Partial<ForeseenSegment> = {}): ForeseenSegment {
  const plan = { entries: [], firstInode: 0, size, key: null };
  return { key: "key" as ActionKey, plan, as: "member", cached: null, ...more };
}

function layer(segments: readonly ForeseenSegment[], packedBy: readonly string[] | null): ForeseenLayer {
  return { name: "main", compressor: ZSTD, packedBy, segments };
}

/** 8 MiB in 4 s of work, done in 2 s: two at a time. */
const SEEN = { taken: 8 * MIB, gave: 2 * MIB, workMs: 4000, busyMs: 2000 };
const timings = ([name]: readonly string[]) => (name === "zstd" ? SEEN : null);

test("pieces go on beside one another, as was seen", () => {
  const pieces = [1, 2, 3, 4].map(() => segment(4 * MIB));
  const estimate = estimateBuild({ layers: [layer(pieces, ["zstd"])] }, timings);
  assert.deepEqual([estimate.compressMs, estimate.bytes], [4000, 16 * MIB]);
  assert.deepEqual(estimate.by, [{ name: "zstd level 19", seen: 8 * MIB }]);
});

test("one piece alone has nobody beside it, and a large one takes its time", () => {
  const timeOf = (...sizes: number[]) =>
    estimateBuild(
      {
        layers: [
          layer(
            sizes.map((size) => segment(size)),
            ["zstd"],
          ),
        ],
      },
      timings,
    ).compressMs;
  assert.equal(timeOf(8 * MIB), 4000);
  assert.equal(timeOf(8 * MIB, MIB), 4000);
});

test("what is cached costs nothing, and a stream is one piece", () => {
  const cached = layer([segment(8 * MIB, { cached: MIB })], ["zstd"]);
  assert.deepEqual(estimateBuild({ layers: [cached] }, timings).compressMs, 0);
  const stream = [segment(4 * MIB, { as: "stream" }), segment(4 * MIB, { as: "stream" })];
  assert.equal(estimateBuild({ layers: [layer(stream, ["zstd"])] }, timings).compressMs, 4000);
});

test("without a record there is no estimate for the whole, and the sizes that are known stay", () => {
  const layers = [layer([segment(MIB)], ["zstd"]), layer([segment(MIB)], ["xz"])];
  assert.equal(estimateBuild({ layers }, timings).compressMs, null);
  assert.deepEqual(
    layers.map((one) => estimateSize(one, one.segments[0]!, timings)),
    [MIB / 4, null],
  );
});

test("what nobody compresses is told as such", () => {
  const layers = [layer([segment(MIB, { as: "read" })], null)];
  const { compressMs, asRead, by } = estimateBuild({ layers }, timings);
  assert.deepEqual([compressMs, asRead, by], [0, MIB, []]);
});

test("compressors are called what a user would type", () => {
  const xz: CompressorSpec = { ...ZSTD, name: "xz", engine: { by: "program", program: "xz", args: ["-9"] } };
  assert.deepEqual([ZSTD, xz].map(nameOfCompressor), ["zstd level 19", "xz -9"]);
});
