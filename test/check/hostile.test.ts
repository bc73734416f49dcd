/** Whatever the bytes, a check ends, with findings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { levelOf } from "../../src/check/finding.ts";
import { viewImage } from "../../src/check/image-view.ts";
import { sayFinding } from "../../src/cli/report/findings.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { MissingDecompressor } from "../../src/inspect/unpack-member.ts";
import { archiveOf, directory, file, seededBytes } from "../support/archive.ts";
import { ENDS } from "../support/bounds.ts";
import { LOSSY_IMAGE } from "../support/lossy-image.ts";
import { memoryHost } from "../support/memory-host.ts";

const PLAIN = archiveOf([
  directory("bin"),
  file("bin/sh", seededBytes(3, 900), 0o755),
  file("init", "#!/bin/sh\n", 0o755),
]);
const GOOD = Buffer.concat([PLAIN, gzipSync(PLAIN), LOSSY_IMAGE]);

/** Null: no image is to be found in it, or a program would be needed. */
async function view(bytes: Uint8Array) {
  try {
    return await viewImage(sourceOf(bytes), "/image" as HostPath, { host: memoryHost({}) });
  } catch (error) {
    if (error instanceof FormatError || error instanceof MissingDecompressor) return null;
    throw error;
  }
}

test("damage of any kind gives findings that can be said, and a tree that can be read", ENDS, async () => {
  const random = seededBytes(11, 3 * 400);
  let seen = 0;
  for (let round = 0; round < 400; round++) {
    const [a, b, c] = random.subarray(3 * round);
    const at = (a! * 256 + b!) % GOOD.length;
    const bytes = Uint8Array.from(c! % 4 === 0 ? GOOD.subarray(0, at) : GOOD);
    if (c! % 4 !== 0) bytes.set(random.subarray(round, round + (c! % 7)), Math.min(at, bytes.length - 8));
    const found = await view(bytes);
    if (found === null) continue;
    for (const finding of found.findings)
      assert.ok(sayFinding(finding).headline !== "" && levelOf(finding) !== undefined);
    const files = found.tree.paths().filter((path) => found.tree.stat(path)?.kind === "file");
    await found.tree.load(files);
    for (const path of files) if (found.tree.isLoaded(path)) found.tree.open(path).close();
    seen += found.findings.length;
  }
  assert.ok(seen > 400);
});

test("members and entries without end are not looked at without end", ENDS, async () => {
  const entry = Buffer.from(archiveOf([file("f", "")]).subarray(0, 112));
  const many = gzipSync(Buffer.alloc(112 * 1_100_000, entry), { level: 1 });
  const found = await view(many);
  assert.deepEqual(
    found?.findings.map((finding) => [finding.code, levelOf(finding)]),
    [["check/too-large", "unproven"]],
  );
});
