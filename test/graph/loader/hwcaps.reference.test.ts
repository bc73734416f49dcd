/**
 * Reference test: variants for better processors in a directory that only the loader's configuration names. The
 * machine's own loader takes, through our cache, the best that its processor can use.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { sourceOf } from "../../../src/formats/byte-source.ts";
import { readElf } from "../../../src/formats/elf.ts";
import { writeElf } from "../../support/elf-writer.ts";
import { ForeignRoot, machineOfTree, requireForeign, unpackedImage } from "../../support/foreign-root.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../../support/tools.ts";

/** The levels of a machine, and which its emulator or the plainest processor has: the best first. */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  "sysroot-amd64": ["x86-64-v4", "x86-64-v3", "x86-64-v2"],
  "sysroot-ppc64el": ["power10", "power9"],
  "sysroot-s390x": ["z16", "z15", "z14", "z13"],
};

for (const [tree, levels] of Object.entries(LEVELS)) {
  const machine = machineOfTree(tree);
  const needs = requireAll(requireLabTree(tree), requireForeign(machine), requireTool("cpio"));

  test(`the loader of ${tree} takes the best variant through the cache`, needs, (t) => {
    const scratch = scratchDirectory(t);
    const { interpreter, machine: elf } = readElf(
      sourceOf(readFileSync(realpathSync(join(labTree(tree), "usr/bin/openssl")))),
    )!;
    const loader = interpreter!;
    const put = (path: string, bytes: Uint8Array | string) => {
      mkdirSync(dirname(join(scratch, "tree", path)), { recursive: true });
      writeFileSync(join(scratch, "tree", path), bytes, { mode: 0o755 });
    };
    const library = writeElf({ ...elf, soname: "libv.so.1" });
    put(loader, readFileSync(join(labTree(tree), "usr/lib", machine.triplet, loader.replace(/.*\//, ""))));
    put("/sbin/ldconfig", readFileSync(join(labTree(tree), "sbin/ldconfig")));
    put("/bin/main", writeElf({ ...elf, interpreter: loader, needed: ["libv.so.1"] }));
    put("/etc/ld.so.conf", "/opt/lib\n/srv/lib\n");
    put("/srv/lib/libv.so.1", library);
    for (const [index, level] of levels.entries()) {
      // The cache has the name of the file, which need not be the soname; and levels lie in several directories.
      put(`/${index % 2 === 0 ? "opt" : "srv"}/lib/glibc-hwcaps/${level}/libv.so.1.${index}`, library);
    }
    symlinkSync("libv.so.1.0", join(scratch, "tree/opt/lib/glibc-hwcaps", levels[0]!, "libv.so.1"));
    const recipe = join(scratch, "image.yaml");
    const contents = "[{object: /bin/main}, {object: /sbin/ldconfig}, {object: /etc/ld.so.conf}]";
    writeFileSync(recipe, `name: image\nsysroot: ./tree\ncontents: ${contents}\nclosure: {hwcaps: all}\n`);
    const root = new ForeignRoot(unpackedImage(recipe, scratch), machine);

    const help = root.run([loader, "--help"]).stdout;
    const searched = levels.filter((level) => help.includes(`  ${level} (supported, searched)`));
    const found = (...options: string[]) => root.list(loader, "/bin/main", ...options).get("libv.so.1");
    const pathOf = (level: string | undefined) => {
      const index = level === undefined ? -1 : levels.indexOf(level);
      if (index === -1) return "/srv/lib/libv.so.1";
      return `/${index % 2 === 0 ? "opt" : "srv"}/lib/glibc-hwcaps/${level}/libv.so.1.${index}`;
    };
    assert.equal(found(), pathOf(searched[0]));
    for (const level of searched) assert.equal(found("--glibc-hwcaps-mask", level), pathOf(level));
    assert.equal(found("--glibc-hwcaps-mask", "none"), pathOf(undefined));
    assert.equal(found("--inhibit-cache"), undefined);

    assert.equal(root.run(["/sbin/ldconfig", "-X", "-C", "/theirs"]).status, 0);
    const told = (cache: string) =>
      root.run(["/sbin/ldconfig", "-p", "-C", cache]).stdout.match(/^\t.*libv.*$/gm);
    assert.deepEqual(told("/etc/ld.so.cache"), told("/theirs"));
    assert.equal(told("/theirs")?.length, levels.length + 1);
    t.diagnostic(`${levels.length} levels, of which ${searched.length} searched: ${searched.join(" ")}`);
  });
}
