/** What is measured when a machine boots can be known beforehand: the manifest says it, and it is the same everywhere. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { crc32 } from "node:zlib";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { decodeFit } from "../../src/formats/fit-decode.ts";
import { MAIN } from "../cli/run-cli.ts";
import { copyAltered } from "../support/altered-copy.ts";
import { archiveOf, file, seededBytes } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** Beside the sysroot, in the directory that is copied. */
const RECIPE = `name: board
sysroot: ./root
contents:
  - object: /usr/share
  - object: /opt
  - object: ./init
    target: /init
prepend: [./early.cpio]
uInitrdArch: arm64
digests: [sha384, sha512]
`;

const SHAPES = {
  "zstd, in segments": "",
  "not compressed": "compressor: none\n",
  "a uInitrd": "compressor: gzip\nmakeUInitrd: true\n",
  "a FIT": "compressor: none\nfit: { crc32: true }\n",
} as const;

function makeProject(directory: string, recipe: string): void {
  // Two directories of the root are two segments where they are compressed.
  for (const [at, parent] of ["root/usr/share", "root/opt"].entries()) {
    mkdirSync(join(directory, parent), { recursive: true });
    for (const name of ["a", "b", "c"]) writeFileSync(join(directory, parent, name), seededBytes(at, 10_000));
  }
  chmodSync(join(directory, "root/opt/a"), 0o755);
  writeFileSync(join(directory, "init"), "#!/opt/a\n");
  chmodSync(join(directory, "init"), 0o755);
  writeFileSync(join(directory, "early.cpio"), archiveOf([file("kernel", "microcode")]));
  writeFileSync(join(directory, "initrd.yaml"), recipe);
}

interface Piece {
  readonly offset?: number;
  readonly size: number;
  readonly digest: string;
  readonly sha384: string;
  readonly sha512: string;
}

/** The same by other hands. */
function assertMeasured(piece: Piece, bytes: Uint8Array): void {
  const sum = (algorithm: string): string =>
    `${algorithm}-${createHash(algorithm).update(bytes).digest("hex")}`;
  assert.equal(bytes.length, piece.size);
  assert.deepEqual([piece.digest, piece.sha384, piece.sha512], ["sha256", "sha384", "sha512"].map(sum));
}

function build(t: TestContext, project: string) {
  const scratch = scratchDirectory(t);
  const out = join(scratch, "out");
  // The manifest names places in the recipe as the recipe was named.
  const words = ["build", "initrd.yaml", "--out", out, "--no-cache", "--json"];
  const run = spawnSync(process.execPath, [MAIN, ...words], { cwd: project, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const said = JSON.parse(run.stdout);
  const text = readFileSync(join(out, "board.manifest.json"), "utf8");
  return { said, text, manifest: JSON.parse(text), read: (name: string) => readFileSync(join(out, name)) };
}

for (const [shape, keys] of Object.entries(SHAPES)) {
  test(`${shape}: the manifest measures all there is, and a hard-linked, differently stamped copy elsewhere alike`, (t) => {
    const project = scratchDirectory(t);
    makeProject(project, RECIPE + keys);
    const { said, text, manifest, read } = build(t, project);
    const copy = join(scratchDirectory(t), "a longer name");
    assert.equal(copyAltered(project, copy, 1_900_000_000), 4, "there are equal files");
    assert.equal(build(t, copy).text, text);
    const { image, ramdisk, members } = manifest;
    const bytes = read(image.file);
    assertMeasured(image, bytes);
    assert.deepEqual([said.digest, said.digests.sha384], [image.digest, image.sha384]);
    assertMeasured(ramdisk, bytes.subarray(ramdisk.offset, ramdisk.offset + ramdisk.size));
    assertMeasured(ramdisk, read(ramdisk.file));
    assert.equal(ramdisk.size % 4, 0, "a loader adds nothing to it");
    assert.deepEqual([members[0].role, members.at(-1).role], ["early", "trailer"]);
    let end = ramdisk.offset;
    for (const member of members) {
      assert.ok(
        bytes.subarray(end, member.offset).every((byte) => byte === 0),
        "only zeros between",
      );
      assert.ok(member.offset - end < 4);
      end = member.offset + member.size;
      assertMeasured(member, bytes.subarray(member.offset, end));
    }
    const segments = manifest.layers.flatMap((layer: { segments: object[] }) => layer.segments);
    assert.equal(segments.length, shape in { "not compressed": 0, "a FIT": 0 } ? 1 : 2);
    for (const [at, { member }] of segments.entries()) {
      assert.deepEqual([members[member].role, members[member].segment], ["segment", at]);
    }
  });
}

test("the manifest says the checksums of a uInitrd's header", (t) => {
  const project = scratchDirectory(t);
  makeProject(project, RECIPE + SHAPES["a uInitrd"]);
  const { manifest, read } = build(t, project);
  const bytes = read("board.img");
  const header = Uint8Array.from(bytes.subarray(0, 64));
  header.fill(0, 4, 8);
  const sums = [crc32(header), crc32(bytes.subarray(64))].map((sum) => sum.toString(16).padStart(8, "0"));
  assert.deepEqual([manifest.uInitrd.headerCrc, manifest.uInitrd.dataCrc], sums);
  assert.equal(bytes.toString("hex", 4, 8), sums[0]);
});

test("the manifest says the hashes of a FIT's nodes", (t) => {
  const project = scratchDirectory(t);
  makeProject(project, RECIPE + SHAPES["a FIT"]);
  const { manifest, read } = build(t, project);
  const { ramdisk } = decodeFit(sourceOf(read("board.itb")));
  const [part] = manifest.fit.parts;
  const hashes = ramdisk.hashes.map(({ algorithm, value }) => ({
    algorithm,
    value: Buffer.from(value).toString("hex"),
  }));
  assert.deepEqual([part.node, part.hashes], [ramdisk.name, hashes]);
  assert.equal(`sha256-${hashes[0]?.value}`, manifest.ramdisk.digest);
});

test("nobody who has not asked pays for more than a SHA-256", (t) => {
  const project = scratchDirectory(t);
  makeProject(project, RECIPE.replace("digests: [sha384, sha512]\n", ""));
  const { said, manifest } = build(t, project);
  assert.deepEqual([said.digests, Object.keys(manifest.image)], [{}, ["file", "size", "digest"]]);
  assert.ok(manifest.members.every((member: object) => !("sha384" in member)));
});
