import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { compressZstd } from "../../src/codecs/zstd.ts";
import type { HostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { readImageFile } from "../../src/inspect/list-image.ts";
import { archiveOf, bodyOf, file, seededBytes } from "../support/archive.ts";
import { type MemoryPrograms, memoryHost } from "../support/memory-host.ts";
import { requireTool } from "../support/tools.ts";

const IMAGE = "/image" as HostPath;
const NOTHING_SAID = { exitCode: 0, complaint: "" };

async function namesIn(bytes: Uint8Array, programs: MemoryPrograms = {}) {
  const host = memoryHost({ [IMAGE]: bytes }, programs);
  const names: string[] = [];
  const entry = ({ name }: { readonly name: string }, member: number) => names.push(`${member}:${name}`);
  try {
    const { remarks } = await readImageFile(IMAGE, { entry }, { host });
    return { names, remarks, runs: host.runs, problem: null };
  } catch (error) {
    assert.ok(error instanceof BuildFailure, `no problem: ${error}`);
    return { names, remarks: [], runs: host.runs, problem: error.problems[0] };
  }
}

test("many zstd members come in their order, however far ahead they are decoded", async () => {
  const bodies = Array.from({ length: 30 }, (_, index) =>
    bodyOf([file(`f${index}`, seededBytes(index, index % 3 === 0 ? 400_000 : 5))]),
  );
  const members = await Promise.all(bodies.map((body) => compressZstd(body, 1)));
  const image = Buffer.concat(members.flatMap((member, at) => [member, new Uint8Array(at % 3)]));
  const { names } = await namesIn(image);
  assert.deepEqual(
    names,
    bodies.map((_, index) => `${index}:f${index}`),
  );
});

test("damage in a member is told when its turn has come, and where it is", async () => {
  const member = Buffer.from(await compressZstd(bodyOf([file("a", seededBytes(1, 3000))]), 3));
  const bad = Buffer.from(member);
  bad[bad.length - 1]! ^= 1;
  const cut = member.subarray(0, 2000);
  for (const [damaged, offset, why] of [
    [bad, 2 * member.length, /damaged zstd data/],
    [cut, 2 * member.length + cut.length, /cut short/],
  ] as const) {
    const { names, problem } = await namesIn(Buffer.concat([member, member, damaged]));
    assert.deepEqual(names, ["0:a", "1:a"]);
    assert.ok(problem?.code === "image/unreadable");
    assert.deepEqual(problem.offset, offset);
    assert.match(problem.why, why);
  }
});

test("a large frame goes through the program where there is one, else it is decoded in memory", async () => {
  const large = zeros(80);
  const zstd = () => ({ ...NOTHING_SAID, bytes: archiveOf([file("a", "x")]) });
  const filtered = await namesIn(large, { "/usr/bin/zstd": zstd });
  assert.deepEqual(filtered.names, ["0:a"]);
  assert.deepEqual(
    filtered.runs.map(({ input }) => "bytes" in input && Buffer.from(input.bytes).equals(large)),
    [true],
  );
  const inMemory = await namesIn(large);
  assert.deepEqual([inMemory.names, inMemory.problem, inMemory.runs], [[], null, []]);
});

test("what would take too much memory is not unpacked without the program", async () => {
  const { problem } = await namesIn(zeros(1100));
  assert.equal(problem?.code, "image/decompressor-not-found");
});

test("a program's complaint is damage where the end is known, a remark where it is not", async () => {
  const complaining = () => ({
    exitCode: 1,
    complaint: "trailing garbage",
    bytes: archiveOf([file("a", "x")]),
  });
  const zstd = await namesIn(zeros(80), { "/usr/bin/zstd": complaining });
  assert.match(zstd.problem?.code === "image/unreadable" ? zstd.problem.why : "", /trailing garbage/);
  const bzip2 = await namesIn(Buffer.from("BZh9 stand-in"), { "/usr/bin/bzip2": complaining });
  assert.deepEqual([bzip2.names, bzip2.problem], [["0:a"], null]);
  assert.match(bzip2.remarks[0] ?? "", /trailing garbage/);
});

/** One zstd frame of so many MiB of zeros, in blocks that repeat a byte. */
function zeros(mebibytes: number): Buffer {
  const blocks = mebibytes * 8;
  const frame = Buffer.alloc(6 + blocks * 4);
  frame.set([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]); // A window of 128 KiB.
  for (let block = 0; block < blocks; block++) {
    frame.writeUIntLE((128 * 1024 * 8) | 2 | (block === blocks - 1 ? 1 : 0), 6 + block * 4, 3);
  }
  return frame;
}

test(
  "xz is read without the machine's program; what only that could read asks for it",
  requireTool("xz"),
  async () => {
    const hello = archiveOf([file("a", "x".repeat(3000))]);
    const xz = spawnSync("xz", ["--check=crc32"], { input: hello }).stdout;
    const { names, problem } = await namesIn(Buffer.concat([xz, xz]));
    assert.deepEqual([names, problem], [["0:a", "1:a"], null]);
    const damaged = Buffer.from(xz);
    damaged[40]! ^= 0xff;
    assert.ok(
      ["image/decompressor-not-found", "image/unreadable"].includes((await namesIn(damaged)).problem!.code),
    );
  },
);
