/** Reference test: files of real images hold what GNU cpio and unmkinitramfs unpack of them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ByteString, bytesOf, type HostPath } from "../../src/core/path.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { readFiles } from "../../src/inspect/read-files.ts";
import { seededBytes } from "../support/archive.ts";
import { buildRecipe } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const COMPRESSORS: Readonly<Record<string, readonly string[]>> = {
  cat: [],
  gzip: ["-n"],
  bzip2: [],
  xz: ["--check=crc32"],
  lz4: ["-l"],
  zstd: ["-q"],
};

for (const [compressor, args] of Object.entries(COMPRESSORS)) {
  const needed = requireTool("cpio", "find", compressor);
  test(`${compressor}: every file is what cpio --to-stdout gives, hard links too`, needed, async (t) => {
    const scratch = scratchDirectory(t);
    const names = makeTree(join(scratch, "tree"));
    const archive = run("sh", ["-c", "find . | cpio -o -H newc --quiet"], join(scratch, "tree"));
    const image = join(scratch, "image");
    writeFileSync(image, run(compressor, args, scratch, archive));
    for (const name of names) {
      const expected = run("cpio", ["-i", "--quiet", "--to-stdout", name], scratch, archive);
      // Of several hard links cpio writes the data once, with the last.
      if (!name.includes("link-")) assert.ok((await contents(image, [name]))[0]!.equals(expected), name);
    }
    const read = names.map((name) => readFileSync(join(scratch, "tree", name)));
    assert.deepEqual(await contents(image, names), read);
    assert.deepEqual(await contents(image, [...names].reverse()), read.reverse());
  });
}

const needed = requireAll(requireTool("unmkinitramfs", "cpio", "zstd"), requireLabTree("sysroot-amd64"));
test("every file of a built image is what unmkinitramfs unpacks", needed, async (t) => {
  const scratch = scratchDirectory(t);
  const recipe = join(scratch, "big.yaml");
  const sysroot = labTree("sysroot-amd64");
  writeFileSync(
    recipe,
    `sysroot: ${sysroot}\nname: big\ncontents:\n  - object: /usr/bin/bash\n  - object: /usr/bin/perl\n`,
  );
  // zstd, which unmkinitramfs runs, reads no symlinks.
  const image = realpathSync(buildRecipe(recipe, scratch));
  const unpacked = join(scratch, "unpacked");
  run("unmkinitramfs", [image, unpacked], scratch);
  const names = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length));
  assert.ok(names.length > 3);
  const expected = names.map((name) => readFileSync(join(unpacked, name)));
  const found = await contents(image, names);
  for (const [index, name] of names.entries()) assert.ok(found[index]!.equals(expected[index]!), name);
});

/** @returns the names of all files in it. */
function makeTree(root: string): string[] {
  mkdirSync(join(root, "deep/er"), { recursive: true });
  const files = ["one", "deep/two", "deep/er/odd name ü", "empty"];
  for (const [index, name] of files.entries()) {
    writeFileSync(join(root, name), index === 3 ? "" : seededBytes(index + 1, 100_001 * (index + 1)));
  }
  writeFileSync(join(root, "link-1"), "linked");
  linkSync(join(root, "link-1"), join(root, "link-2"));
  linkSync(join(root, "link-1"), join(root, "deep/link-3"));
  symlinkSync("deep/er", join(root, "short"));
  return [...files, "link-1", "link-2", "deep/link-3"];
}

async function contents(image: string, names: readonly string[]): Promise<Buffer[]> {
  const files: Uint8Array[][] = [];
  const reader = {
    begin: () => {
      files.push([]);
    },
    data: (piece: Uint8Array) => {
      files.at(-1)!.push(Uint8Array.from(piece));
    },
    end: () => {},
  };
  const host = nodeHost({ jobs: 1, environment: process.env });
  await readFiles(bytesOf(image) as ByteString as HostPath, names.map(bytesOf), reader, { host });
  return files.map((pieces) => Buffer.concat(pieces));
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  input: Uint8Array = new Uint8Array(0),
): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, input, maxBuffer: 2 ** 28 });
  assert.equal(status, 0, `${program}: ${stderr}`);
  return stdout;
}
