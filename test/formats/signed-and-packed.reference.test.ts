/** Files that must stay as they are: signed ones of real distributions, and what the packers of this machine make. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { MOST_MAGIC, packingOf } from "../../src/formats/packings.ts";
import { signatureIn } from "../../src/formats/signatures.ts";
import { labTree, requireLabTree, requireTool } from "../support/tools.ts";

const scratch = mkdtempSync(join(tmpdir(), "initgraph-packed-"));
after(() => rmSync(scratch, { recursive: true }));

test(
  "Debian's kernels and modules are signed, their programs are not",
  requireLabTree("sysroot-amd64-modules"),
  () => {
    const root = labTree("sysroot-amd64-modules");
    const names = readdirSync(join(root, "usr/lib/modules"), { recursive: true, encoding: "utf8" });
    const modules = names.filter((name) => name.endsWith(".ko")).slice(0, 20);
    const kernels = readdirSync(join(root, "boot")).filter((name) => name.startsWith("vmlinuz"));
    assert.ok(modules.length === 20 && kernels.length > 0);
    const signed = (path: string) => signatureIn(sourceOf(readFileSync(join(root, path))));
    for (const name of modules) assert.equal(signed(join("usr/lib/modules", name)), "kernel module", name);
    for (const name of kernels) assert.equal(signed(join("boot", name)), "Authenticode", name);
    for (const size of [0, 1, 27, 28, 64, 200])
      assert.equal(signatureIn(sourceOf(new Uint8Array(size))), null);
  },
);

const PACKERS = [
  ["gzip", "gzip", ["-c"]],
  ["bzip2", "bzip2", ["-c"]],
  ["xz", "xz", ["-c"]],
  ["lzma", "xz", ["--format=lzma", "-c"]],
  ["zstd", "zstd", ["-c", "-q"]],
  ["lz4", "lz4", ["-c", "-q"]],
  ["lz4", "lz4", ["-l", "-c", "-q"]],
  ["lzop", "lzop", ["-c"]],
  ["tar", "tar", ["--create", "--file=-", "--files-from=-"]],
  ["cpio with sums", "cpio", ["-o", "-H", "crc", "--quiet"]],
] as const;

for (const [packing, program, args] of PACKERS) {
  test(`${program} ${args.join(" ")} makes ${packing}`, requireTool(program), () => {
    const file = join(scratch, "text");
    writeFileSync(file, "text\n".repeat(100));
    const isGivenNames = program === "cpio" || program === "tar";
    const input = isGivenNames ? "text\n" : readFileSync(file);
    const packed = execFileSync(program, args, { input, cwd: scratch });
    assert.equal(packingOf(packed.subarray(0, MOST_MAGIC)), packing);
    assert.equal(packingOf(readFileSync(file)), null);
  });
}
