/** Every fault that can be planted in an image's bytes is found, and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { viewImage } from "../../src/check/image-view.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { imageHost } from "../../src/machine/image-host.ts";
import { archiveOf, directory, file } from "../support/archive.ts";
import { FAULTY_IMAGES } from "../support/faulty-images.ts";
import { requireTool } from "../support/tools.ts";

const needed = requireTool("bzip2", "lz4", "lzop", "pzstd", "xz", "zstd");
const GOOD = archiveOf([directory("bin"), file("init", "#!/bin/sh\n", 0o755)]);

for (const { what, bytes, finds } of FAULTY_IMAGES) {
  test(`finds ${what}`, needed, async () => {
    const image = Buffer.concat([GOOD, bytes()]);
    const { findings } = await viewImage(sourceOf(image), "/image" as HostPath, { host: imageHost() });
    assert.deepEqual(findings.map(({ code }) => code).sort(), [...finds].sort());
  });
}
