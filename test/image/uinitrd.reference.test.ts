/** Reference test: our uInitrd is mkimage's, byte for byte. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UIMAGE_ID } from "../../src/formats/uimage.ts";
import { directory, file } from "../support/archive.ts";
import { imageSpec, SPAN } from "../support/image-parts.ts";
import { makeImage, openWorkplace } from "../support/real-image.ts";
import { requireTool } from "../support/tools.ts";

const LAYERS = [[[directory(""), file("init", "#!/bin/sh\n", 0o755)]]];

test("equals mkimage for every architecture and compression", requireTool("mkimage"), async (t) => {
  const workplace = await openWorkplace(t);
  const archs = Object.keys(UIMAGE_ID.arch).map((arch) => ({ arch, compression: "none" }));
  const compressions = Object.keys(UIMAGE_ID.compression).map((compression) => ({
    arch: "arm64",
    compression,
  }));
  for (const { arch, compression } of [...archs, ...compressions]) {
    const spec = { ...imageSpec("none"), epoch: 1_700_000_000, uInitrd: { arch, compression, at: SPAN } };
    const { image, bytes } = await makeImage(LAYERS, spec, workplace);
    const output = `${workplace.directory}/theirs`;
    const ids = ["-A", arch, "-O", "linux", "-T", "ramdisk", "-C", compression];
    const run = spawnSync("mkimage", [...ids, "-d", image.path.replace(/img$/, "cpio"), output], {
      env: { ...process.env, SOURCE_DATE_EPOCH: "1700000000" },
    });
    assert.equal(run.status, 0, run.stderr.toString());
    assert.deepEqual(bytes, readFileSync(output), `${arch} ${compression}`);
  }
});
