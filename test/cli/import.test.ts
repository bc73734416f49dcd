import assert from "node:assert/strict";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { archiveOf, bodyOf, directory, file, special, symlink, type TestEntry } from "../support/archive.ts";
import { writeElf } from "../support/elf-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { LOADER, makeRoot, put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const TOOL = writeElf({ interpreter: LOADER, needed: ["libc.so.6"] });
const LIBC = writeElf({ needed: ["ld-linux-x86-64.so.2"] });

/** What tests' root has, as an image has it. */
const FROM_ROOT: readonly TestEntry[] = [
  directory("etc"),
  file("etc/motd", "hello\n"),
  directory("lib"),
  directory("lib/x86_64-linux-gnu"),
  file("lib/x86_64-linux-gnu/libc.so.6", LIBC, 0o755),
  directory("lib64"),
  file(LOADER.slice(1), writeElf(), 0o755),
  directory("usr"),
  directory("usr/bin"),
  file("usr/bin/tool", TOOL, 0o755),
];

async function importing(t: TestContext, image: Uint8Array, prepare: (cwd: string) => void = () => {}) {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  prepare(cwd);
  writeFileSync(join(cwd, "image"), image);
  const run = await runCli(["import", "image", "--sysroot", "root", "--json"], { cwd });
  const told = JSON.parse(run.stdout);
  const recipe = run.code === 70 || !told.recipe ? "" : readFileSync(told.recipe, "utf8");
  return { cwd, code: run.code, told, recipe, stderr: run.stderr };
}

test("what the root tree has comes from there, named as shortly as it can be", async (t) => {
  const names = ["a.conf", "b.conf", "c.conf", "d.conf"];
  const conf = (directoryOf: string, some: readonly string[]) => [
    directory(directoryOf),
    ...some.map((name) => file(`${directoryOf}/${name}`, `${name}\n`)),
  ];
  const layout = [directory("usr/sbin"), file("usr/sbin/one", "1\n", 0o755), symlink("sbin", "usr/sbin")];
  const entries = [...FROM_ROOT, ...conf("etc/all", names), ...conf("etc/some", names.slice(1)), ...layout];
  const { code, told, recipe } = await importing(t, gzipSync(archiveOf(entries)), (cwd) => {
    for (const name of names)
      for (const one of ["all", "some"]) put(cwd, `root/etc/${one}/${name}`, `${name}\n`);
    put(cwd, "root/usr/sbin/one", "1\n", 0o755);
    symlinkSync("usr/sbin", join(cwd, "root/sbin"));
  });
  assert.deepEqual([code, told.differences, told.own, told.packed], [0, [], 0, 0], recipe);
  assert.match(recipe, /^compressor: gzip$/m);
  // Neither the library, nor the loader, nor the symlink /sbin has to be named.
  assert.deepEqual(recipe.split("\n\n").at(-1), OBJECTS);
});

const OBJECTS = `contents:
  - object: "/etc/{all,motd}"
  - object: "/etc/some/{b.conf,c.conf,d.conf}"
  - object: /sbin/one
  - object: /usr/bin/tool
`;

test("the rest lies beside the recipe, in an archive, or is allowed to be missing", async (t) => {
  const owned = { ...file("owned", "x"), entry: { ...file("owned", "x").entry, uid: 1000, gid: 2 ** 31 } };
  const own = [
    directory("dev"),
    special("dev/console", "char", 0o600, [5, 1]),
    directory("shut", 0o700),
    file("shut/key", "\x00\xff".repeat(200), 0o400),
    file(`shut/\${NAME} 'quoted' "text" {a,b}`, `a: \${NAME}\n`, 0o600),
    file("init", "#!/usr/bin/tool\n", 0o755),
    symlink("to", "shut/key"),
    special("pipe", "fifo", 0o620),
    file("usr/bin/changed", "not the root's", 0o755),
    owned,
  ];
  const more = writeElf({ interpreter: LOADER, needed: ["libmore.so.1"] });
  const packed = [
    file("no utf-8 \xff", "x"),
    file("new\nline", "y"),
    special("socket", "socket", 0o600),
    // The root tree has its library, and the image does not.
    file("usr/bin/alone", more, 0o755),
    symlink("etc/more", "../lib/libmore.so.1"),
    // The root tree has a symlink in place of the directory.
    directory("sbin"),
    file("sbin/one", "1\n", 0o755),
  ];
  const holes = [
    file("usr/bin/holed", writeElf({ interpreter: LOADER, needed: ["libgone.so.1"] }), 0o755),
    file("usr/bin/script", "#!/usr/bin/gone\n", 0o755),
    symlink("dangling", "/nowhere"),
  ];
  const early = archiveOf([directory("kernel"), file("kernel/x86", "microcode")]);
  const main = archiveOf([...FROM_ROOT, ...own, ...packed, ...holes]);
  const { cwd, code, told, recipe, stderr } = await importing(t, Buffer.concat([early, main]), (cwd) => {
    put(cwd, "root/usr/bin/changed", "the root's", 0o755);
    put(cwd, "root/usr/bin/alone", more, 0o755);
    put(cwd, "root/lib/libmore.so.1", writeElf(), 0o755);
    put(cwd, "root/usr/sbin/one", "1\n", 0o755);
    symlinkSync("usr/sbin", join(cwd, "root/sbin"));
  });
  assert.deepEqual([code, told.differences, told.packed], [0, [], 6], `${stderr}${recipe}`);
  const beside = readdirSync(join(cwd, "image.recipe"), { recursive: true, encoding: "utf8" }).sort();
  const files = [
    "files",
    "files/shut",
    "files/shut/key",
    "files/usr",
    "files/usr/bin",
    "files/usr/bin/holed",
  ];
  assert.deepEqual(beside, ["early.cpio", ...files, "initrd.yaml", "packed.cpio"]);
  assert.ok(readFileSync(join(cwd, "image.recipe/early.cpio")).equals(early));
  assert.match(recipe, /^prepend:\n {2}- \.\/early\.cpio\n {2}- \.\/packed\.cpio$/m);
  assert.match(recipe, /\/owned: \{ text: "x", uid: 1000, gid: 2147483648 \}/);
  for (const missing of ["libgone.so.1", "/usr/bin/gone", "/nowhere"]) {
    assert.ok(recipe.includes(`- missing: ${missing}\n`), recipe);
  }
});

test("what cannot be imported leaves nothing", async (t) => {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  writeFileSync(join(cwd, "bad"), bodyOf(FROM_ROOT).subarray(0, 500));
  writeFileSync(join(cwd, "image"), archiveOf(FROM_ROOT));
  const before = readdirSync(cwd);
  for (const [words, code, told] of [
    [["import", "bad", "--sysroot", "root"], 1, /image\/unreadable/],
    [["import", "image", "--sysroot", "none"], 1, /host\/not-a-directory|not there/],
    [["import", "image"], 2, /--sysroot/],
    [["import", "image", "--sysroot", "root", "--out", "root"], 1, /host\/not-empty/],
  ] as const) {
    const run = await runCli(words, { cwd });
    assert.deepEqual([run.code, run.stdout], [code, ""], run.stderr);
    assert.match(run.stderr, told);
    assert.deepEqual(readdirSync(cwd), before);
  }
});
