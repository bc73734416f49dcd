/**
 * Reference test: each machine's own ldconfig writes the same cache for the image, and each machine's own loader
 * finds by it what lies in no directory of its own.
 */
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { readElf } from "../../src/formats/elf.ts";
import { ForeignRoot, machineOfTree, requireForeign, unpackedImage } from "../support/foreign-root.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const TREES = [
  "sysroot-amd64",
  "sysroot-amd64-trixie",
  "sysroot-arm64",
  "sysroot-armhf",
  "sysroot-i386",
  "sysroot-mips64el",
  "sysroot-ppc64el",
  "sysroot-riscv64",
  "sysroot-s390x",
];

for (const tree of TREES) {
  const machine = machineOfTree(tree);
  const needs = requireAll(requireLabTree(tree), requireForeign(machine), requireTool("cpio"));

  test(
    `the image of ${tree} has the cache that its own ldconfig writes, and its own loader takes it`,
    needs,
    (t) => {
      const scratch = scratchDirectory(t);
      const libraries = `/usr/lib/${machine.triplet}`;
      // Of the libraries that are there one moves to where only the configuration leads.
      const moved = realpathSync(join(labTree(tree), libraries, "libcrypto.so.3"));
      copyFileSync(moved, join(scratch, "moved"));
      const recipe = join(scratch, "image.yaml");
      writeFileSync(
        recipe,
        `name: image
sysroot: ${labTree(tree)}
contents:
  - object: /usr/bin/openssl
  - object: /sbin/ldconfig
  - object: /etc/ld.so.conf
  - object: /etc/ld.so.conf.d
  - object: "${libraries}/lib[abd-z]*.so*"
  - object: "${libraries}/libc[a-qs-z_]*.so*"
  - {object: ./moved, target: /opt/lib/libcrypto.so.3}
files:
  /etc/ld.so.conf.d/a.conf: {text: "/opt/lib\\n"}
closure: {dlopen: none}
`,
      );
      const root = new ForeignRoot(unpackedImage(recipe, scratch), machine);
      const ours = readFileSync(join(root.directory, "etc/ld.so.cache"));
      const { status, stderr } = root.run(["/sbin/ldconfig", "-X", "-C", "/theirs"]);
      assert.equal(status, 0, stderr);
      const theirs = readFileSync(join(root.directory, "theirs"));
      assert.deepEqual(listed(root, "/etc/ld.so.cache"), listed(root, "/theirs"));
      assert.deepEqual(comparable(ours), comparable(theirs));

      const { interpreter } = readElf(sourceOf(readFileSync(join(root.directory, "usr/bin/openssl"))))!;
      const byCache = root.list(interpreter!, "/usr/bin/openssl");
      assert.equal(byCache.get("libcrypto.so.3"), "/opt/lib/libcrypto.so.3");
      assert.ok(byCache.has("libc.so.6"));
      assert.ok(!root.list(interpreter!, "/usr/bin/openssl", "--inhibit-cache").has("libcrypto.so.3"));
      t.diagnostic(`${listed(root, "/etc/ld.so.cache").length} libraries, ${ours.length} bytes`);
    },
  );
}

function listed(root: ForeignRoot, cache: string): string[] {
  const { stdout, status, stderr } = root.run(["/sbin/ldconfig", "-p", "-C", cache]);
  assert.equal(status, 0, stderr);
  const lines = stdout.split("\n").filter((line) => line.startsWith("\t"));
  return lines.map((line) => line.replace(" (ELF) ", " (libc6) "));
}

/** What ldconfig before glibc 2.37 said of a library that needs no other; it means the same to every loader. */
const PLAIN_ELF = 1;
const ELF_LIBC6 = 3;

/** Without the generator's text, which stands last; its length is in the section that says where it is. */
function comparable(cache: Buffer): Buffer {
  const isLittle = cache[28] === 2;
  const u32 = (at: number) => (isLittle ? cache.readUInt32LE(at) : cache.readUInt32BE(at));
  const section = u32(32) + 8;
  assert.equal(u32(section), 0, "the first section is the generator's");
  assert.equal(u32(section + 8) + u32(section + 12), cache.length);
  const rest = Buffer.from(cache.subarray(0, u32(section + 8)));
  rest.fill(0, section + 12, section + 16);
  for (let entry = 0; entry < u32(20); entry++) {
    const at = 48 + entry * 24;
    if (u32(at) === PLAIN_ELF) rest[isLittle ? at : at + 3] = ELF_LIBC6;
  }
  return rest;
}
