/** Every recipe that comes with the project builds, and has in it what it is for. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildRecipe, manifestOf, RECIPES } from "../support/initgraph.ts";
import { microcodeRecipe } from "../support/microcode.ts";
import { nixRoot } from "../support/nix-recipe.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const recipes = readdirSync(RECIPES).filter((name) => name.endsWith(".yaml"));

test("every recipe names its schema first, for editors", () => {
  assert.ok(recipes.length >= 6);
  for (const name of recipes) {
    const [first] = readFileSync(join(RECIPES, name), "utf8").split("\n");
    assert.equal(first, "# yaml-language-server: $schema=../schemas/recipe.schema.json", name);
  }
  assert.ok(existsSync(join(RECIPES, "../schemas/recipe.schema.json")));
});

const hasBash = { skip: existsSync("/bin/bash") ? (false as const) : "this machine has no /bin/bash" };

test("the shell recipe builds from this machine's root, whatever its /bin is", hasBash, (t) => {
  const image = buildRecipe(join(RECIPES, "shell.yaml"), scratchDirectory(t));
  const paths = pathsIn(image);
  for (const path of ["/init", "/dev/console", "/etc/passwd", "/proc", "/sys", "/tmp"])
    assert.ok(paths.has(path), path);
  assert.ok(hasProgram(paths, "bash") && hasProgram(paths, "mount") && hasProgram(paths, "env"));
});

for (const arch of ["amd64", "arm64", "s390x"]) {
  const needed = requireLabTree(`sysroot-${arch}`);

  test(`the rescue recipe builds from an ${arch} root`, needed, (t) => {
    const sysroot = labTree(`sysroot-${arch}`);
    const paths = pathsIn(
      buildRecipe(join(RECIPES, "rescue.yaml"), scratchDirectory(t), "--sysroot", sysroot),
    );
    for (const program of ["lvm", "cryptsetup", "btrfs", "ssh", "udevadm", "modprobe", "ip", "mke2fs"]) {
      assert.ok(hasProgram(paths, program), program);
    }
    assert.ok([...paths].some((path) => /\/libcryptsetup\.so\.\d+$/.test(path)));
  });

  test(`the busybox recipe builds from an ${arch} root`, needed, (t) => {
    const sysroot = labTree(`sysroot-${arch}`);
    const paths = pathsIn(
      buildRecipe(join(RECIPES, "busybox.yaml"), scratchDirectory(t), "--sysroot", sysroot),
    );
    for (const program of ["busybox", "sh", "mount"]) assert.ok(hasProgram(paths, program), program);
  });
}

const board = requireAll(requireTool("mkimage"), requireLabTree("sysroot-arm64"));

test("the U-Boot recipe gives a uInitrd that mkimage reads", board, (t) => {
  const scratch = scratchDirectory(t);
  const image = buildRecipe(
    join(RECIPES, "uboot-arm64.yaml"),
    scratch,
    "--sysroot",
    labTree("sysroot-arm64"),
  );
  assert.equal(readlinkSync(image), "uboot-arm64.img");
  assert.ok(lstatSync(`${image}.zst`).isFile());
  const said = execFileSync("mkimage", ["-l", image], { encoding: "utf8" });
  assert.match(said, /AArch64 Linux RAMDisk Image \(zstd compressed\)/);
});

test("the boards of a fleet share what they include", requireLabTree("sysroot-arm64-modules"), (t) => {
  const scratch = scratchDirectory(t);
  const [version = ""] = readdirSync(join(labTree("sysroot-arm64-modules"), "usr/lib/modules"));
  const options = ["--sysroot", labTree("sysroot-arm64-modules"), "--set", `KERNEL=${version}`];
  const [a, b] = ["board-a.yaml", "board-b.yaml"].map((name) =>
    pathsIn(buildRecipe(join(RECIPES, name), scratch, ...options)),
  );
  for (const path of ["/init", "/usr/bin/busybox", "/dev/console", "/etc/motd", "/etc/hostname"])
    assert.ok(a?.has(path) && b?.has(path), path);
  const has = (paths: ReadonlySet<string> | undefined, module: string) =>
    [...(paths ?? [])].some((path) => path.endsWith(`/${module}.ko`) && path.includes(version));
  assert.ok(has(a, "virtio_net") && has(b, "virtio_net"));
  assert.ok(has(a, "btrfs") && !has(b, "btrfs"));
});

test(
  "the Nix recipe brings whole store paths and make-initrd's layout",
  requireLabTree("nix-stage1"),
  (t) => {
    const scratch = scratchDirectory(t);
    const paths = pathsIn(buildRecipe(join(RECIPES, "nix-store.yaml"), scratch, "--sysroot", nixRoot()));
    for (const path of ["/init", "/bin/busybox", "/dev", "/proc", "/sys"]) assert.ok(paths.has(path), path);
    const stored = [...paths]
      .filter((path) => /^\/nix\/store\/[^/]+$/.test(path))
      .map((path) => path.slice(43));
    assert.deepEqual(stored.sort(), ["-busybox", "-stage-1-init"]);
  },
);

const early = requireAll(requireTool("cpio"), requireLabTree("sysroot-amd64"));

test("the microcode recipe puts the early cpio first, as it is", early, (t) => {
  const scratch = scratchDirectory(t);
  const { recipe, archive } = microcodeRecipe(scratch);
  const image = readFileSync(buildRecipe(recipe, scratch, "--sysroot", labTree("sysroot-amd64")));
  const wanted = readFileSync(archive);
  assert.deepEqual(image.subarray(0, wanted.length), wanted);
});

/** What the manifest beside an image says is in it. */
function pathsIn(image: string): Set<string> {
  return new Set(manifestOf(image).entries.map(({ path }) => path));
}

/** In any of the places that distributions have programs at. */
function hasProgram(paths: ReadonlySet<string>, name: string): boolean {
  return ["/bin", "/sbin", "/usr/bin", "/usr/sbin"].some((directory) => paths.has(`${directory}/${name}`));
}
