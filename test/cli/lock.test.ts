// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a recipe's own.
/** A lock says what an image was made of, and builds are held to it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { peFile, stubFile } from "../support/pe-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));

/** A recipe with a tree and a file beside it, in `directory`. */
function makeRecipe(directory: string): void {
  mkdirSync(join(directory, "root/etc"), { recursive: true });
  for (const name of ["b", "a", "ä"]) writeFileSync(join(directory, "root/etc", name), `${name}\n`);
  writeFileSync(join(directory, "init"), "#!/etc/a\n", { mode: 0o755 });
  writeFileSync(
    join(directory, "board.yaml"),
    "name: board\nsysroot: ./root\ncompressor: gzip\ncontents: [{ object: /etc }, { object: ./init, target: /init }]\n",
  );
}

function workshop(t: TestContext) {
  const directory = scratchDirectory(t);
  makeRecipe(directory);
  const run = (verb: string, ...words: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, verb, "board.yaml", "--cache", "cache", ...words], {
      cwd: directory,
      encoding: "utf8",
    });
  const read = (file: string) => readFileSync(join(directory, file));
  return { directory, run, read, lock: () => parse(String(read("board.yaml.lock"))) };
}

const sha256 = (bytes: Uint8Array): string =>
  `sha256-${spawnSync("sha256sum", { input: bytes, encoding: "utf8" }).stdout.slice(0, 64)}`;

test("a lock names every file with the digest that sha256sum gives, in order, and no place of this machine", (t) => {
  const { directory, run, read, lock } = workshop(t);
  const made = run("lock");
  assert.equal(made.stdout, "board.yaml.lock\n", made.stderr);
  assert.ok(!existsSync(join(directory, "result")), "only the lock is written");
  const { inputs, recipe, image } = lock();
  assert.deepEqual(Object.entries(inputs.sysroot), [
    ["/etc/a", sha256(read("root/etc/a"))],
    ["/etc/b", sha256(read("root/etc/b"))],
    ["/etc/ä", sha256(read("root/etc/ä"))],
  ]);
  assert.deepEqual(inputs.host, { "./init": sha256(read("init")) });
  assert.equal(recipe, sha256(read("board.yaml")));
  assert.ok(!String(read("board.yaml.lock")).includes(directory));
  const built = run("build", "--locked");
  assert.equal(built.status, 0, built.stderr);
  assert.deepEqual([image.file, image.digest], ["board.gz", sha256(read("result/board.gz"))]);
});

test("the same recipe elsewhere has the same lock", (t) => {
  const { directory, run, read } = workshop(t);
  assert.equal(run("lock").status, 0);
  const here = read("board.yaml.lock");
  const moved = join(directory, "elsewhere");
  makeRecipe(moved);
  const again = spawnSync(process.execPath, [MAIN, "lock", join(moved, "board.yaml"), "--no-cache"]);
  assert.equal(again.status, 0, String(again.stderr));
  assert.deepEqual(readFileSync(join(moved, "board.yaml.lock")), here);
});

test("a lock holds to what is included and what is set, wherever the recipes lie", (t) => {
  const { directory, run, read, lock } = workshop(t);
  mkdirSync(join(directory, "boards"));
  mkdirSync(join(directory, "common"));
  writeFileSync(join(directory, "common/motd"), "hello\n");
  const base =
    "vars: { A: x }\nfiles: { /a: '${A}', /motd: { source: motd }, /passwd: { source: /etc/passwd } }\n";
  writeFileSync(join(directory, "common/base.yaml"), base);
  writeFileSync(join(directory, "board.yaml"), "include: [common/base.yaml]\nname: board\nsysroot: root\n");
  assert.equal(run("lock", "--set", "A=y").status, 0);
  assert.deepEqual(Object.keys(lock().inputs.host), ["./common/motd", "/etc/passwd"]);
  assert.equal(run("build", "--locked", "--set", "A=y").status, 0);
  assert.match(run("build", "--locked").stderr, /lock\/recipe-moved/);
  writeFileSync(join(directory, "common/base.yaml"), `# other words for the same\n${base}`);
  assert.match(run("build", "--locked", "--set", "A=y").stderr, /lock\/recipe-moved/);
  writeFileSync(join(directory, "boards/board.yaml"), "include: [../common/base.yaml]\nname: board\n");
  const words = ["lock", "boards/board.yaml", "--no-cache", "--sysroot", "root"];
  const below = spawnSync(process.execPath, [MAIN, ...words], { cwd: directory, encoding: "utf8" });
  assert.equal(below.status, 0, below.stderr);
  const { inputs } = parse(String(read("boards/board.yaml.lock")));
  assert.deepEqual(Object.keys(inputs.host), ["../common/motd", "/etc/passwd"]);
});

test("a locked build refuses what moved and leaves the earlier result; others say it", (t) => {
  const { directory, run, read } = workshop(t);
  assert.equal(run("lock").status, 0);
  assert.equal(run("build", "--locked").status, 0);
  const before = read("result/board.gz");
  appendFileSync(join(directory, "root/etc/a"), "more\n");
  const refused = run("build", "--locked");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /lock\/input-moved.*\/etc\/a[\s\S]*brought by +named \/etc by board.yaml:4/);
  assert.deepEqual(read("result/board.gz"), before);
  const told = run("build");
  assert.equal(told.status, 0);
  assert.match(told.stderr, /note: \/etc\/a moved away from board.yaml.lock/);
  assert.match(run("build").stderr, /note: \/etc\/a moved away/, "a build with nothing to do says it too");
  assert.equal(run("build", "--locked").status, 1, "what an unlocked build left is no way round");
  assert.equal(run("lock").status, 0);
  assert.equal(run("build", "--locked").status, 0);
});

test("what is no input's content shows in the image, and a lock that is gone is not forgotten", (t) => {
  const { directory, run } = workshop(t);
  assert.equal(run("lock").status, 0);
  renameSync(join(directory, "root/etc/b"), join(directory, "root/etc/c"));
  const renamed = run("build", "--locked").stderr;
  assert.match(renamed, /\/etc\/b is not what/);
  assert.match(renamed, /\/etc\/c is not what/);
  renameSync(join(directory, "root/etc/c"), join(directory, "root/etc/b"));
  mkdirSync(join(directory, "root/etc/empty"));
  assert.match(run("build", "--locked").stderr, /lock\/image-moved/);
  rmSync(join(directory, "root/etc/empty"), { recursive: true });
  assert.equal(run("build", "--locked").status, 0);
  rmSync(join(directory, "board.yaml.lock"));
  assert.match(run("build", "--locked").stderr, /lock\/missing/);
});

test("a FIT's kernel is an input like others", (t) => {
  const { directory, run, read, lock } = workshop(t);
  appendFileSync(
    join(directory, "board.yaml"),
    "uInitrdArch: arm\nfit: { kernel: { file: ./zImage, load: 0 } }\n",
  );
  writeFileSync(join(directory, "zImage"), "a kernel");
  assert.equal(run("lock").status, 0);
  assert.equal(lock().inputs.host["./zImage"], sha256(read("zImage")));
  assert.equal(run("build", "--locked").status, 0);
  const before = read("result/board.itb");
  appendFileSync(join(directory, "zImage"), "of another day");
  const refused = run("build", "--locked");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /lock\/input-moved.*\.\/zImage/);
  assert.deepEqual(read("result/board.itb"), before);
});

test("what a unified kernel image is made of is locked, each file by its tree", (t) => {
  const { directory, run, read, lock } = workshop(t);
  appendFileSync(
    join(directory, "board.yaml"),
    "uki: { stub: ./stub.efi, kernel: /boot/vmlinuz, cmdline: { source: /etc/b } }\n",
  );
  writeFileSync(join(directory, "stub.efi"), stubFile());
  mkdirSync(join(directory, "root/boot"));
  writeFileSync(join(directory, "root/boot/vmlinuz"), peFile());
  assert.equal(run("lock").status, 0);
  assert.equal(lock().inputs.host["./stub.efi"], sha256(read("stub.efi")));
  assert.equal(lock().inputs.sysroot["/boot/vmlinuz"], sha256(read("root/boot/vmlinuz")));
  const other = peFile({ sections: [{ name: ".text", bytes: Buffer.from("of another day") }] });
  writeFileSync(join(directory, "root/boot/vmlinuz"), other);
  assert.match(run("build", "--locked").stderr, /lock\/input-moved.*\/boot\/vmlinuz/);
  assert.ok(!existsSync(join(directory, "result/board.efi")));
  assert.equal(run("build").status, 0);
  assert.ok(read("result/board.efi").includes("of another day"));
});
