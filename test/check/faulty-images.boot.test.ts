/**
 * What `check` says of faulty images is what a kernel does: each is booted, and the tree that it then has, and what it
 * prints, are those foretold. The init stands in front, where no fault reaches it.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { viewImage } from "../../src/check/image-view.ts";
import type { HostPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { imageHost } from "../../src/machine/image-host.ts";
import { archiveOf, directory, file } from "../support/archive.ts";
import { boot } from "../support/boot.ts";
import { FAULTY_IMAGES } from "../support/faulty-images.ts";
import { foreseenListing, kernelListing, LISTED, LISTING_INIT } from "../support/kernel-listing.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const needed = requireAll(
  requireTool("qemu-system-x86_64", "bzip2", "lz4", "lzop", "pzstd", "xz", "zstd"),
  requireLabTree("kernels/x86"),
);

describe("a kernel does as check says with", { ...needed, concurrency: 2 }, () => {
  for (const { what, bytes, says } of FAULTY_IMAGES) {
    test(what, async (t) => {
      const busybox = readFileSync(labTree("kernels/x86/busybox"));
      const tools = archiveOf([
        directory("bin"),
        file("bin/busybox", busybox, 0o755),
        file("init", LISTING_INIT, 0o755),
      ]);
      const image = Buffer.concat([tools, bytes()]);
      const path = join(scratchDirectory(t), "image");
      writeFileSync(path, image);
      const console = await boot({
        machine: "x86",
        image: path,
        until: LISTED,
        tolerates: /Initramfs unpacking failed/,
      });
      const [complaint = null] = /Initramfs unpacking failed.*/.exec(console) ?? [];
      if (says === null) assert.equal(complaint, null);
      else assert.match(complaint ?? "", says);
      const view = await viewImage(sourceOf(image), path as HostPath, { host: imageHost() });
      assert.deepEqual(await foreseenListing(view), kernelListing(console));
    });
  }
});
