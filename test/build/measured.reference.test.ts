/** Reference test: a real root tree and its hard-linked, differently stamped copy are measured alike. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { copyAltered } from "../support/altered-copy.ts";
import { initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

/** All programs of a Debian root, and what they need of the rest. */
const RECIPE = `contents: [{ object: /usr/bin/* }, { object: /etc/ssl }, { object: /usr/lib/x86_64-linux-gnu/gconv }]
allow: [{ missing: python3, reason: no program of the boot }]
compressor: none
makeUInitrd: true
digests: [sha384]
`;

const here = requireAll(requireLabTree("sysroot-amd64"), requireTool("sha256sum", "sha384sum"));

test("a copied Debian root has the digests that sha256sum and sha384sum give for the first", here, (t) => {
  const scratch = scratchDirectory(t);
  const [root, copy] = [labTree("sysroot-amd64"), join(scratch, "copy")];
  assert.ok(copyAltered(root, copy, 1_234_567_890) > 100, "it has equal files");
  writeFileSync(join(scratch, "initrd.yaml"), RECIPE);
  const manifests = [root, copy].map((sysroot, at) => {
    const out = join(scratch, `out-${at}`);
    const recipe = join(scratch, "initrd.yaml");
    initgraph("build", recipe, "--sysroot", sysroot, "--out", out, "--no-cache", "-q");
    return readFileSync(join(out, "initrd.manifest.json"), "utf8");
  });
  assert.equal(manifests[1], manifests[0], "the manifests are the same text");
  const { image, ramdisk, entries } = JSON.parse(manifests[0]!);
  assert.ok(entries.length > 400);
  for (const piece of [image, ramdisk]) {
    const path = join(scratch, "out-1", piece.file);
    for (const [algorithm, said] of [
      ["sha256", piece.digest],
      ["sha384", piece.sha384],
    ]) {
      const sum = execFileSync(`${algorithm}sum`, [path], { encoding: "utf8" });
      assert.equal(said, `${algorithm}-${sum.slice(0, sum.indexOf(" "))}`);
    }
  }
});
