/** The README's first image: unpacked, it is a root to work in; booted, it gives a prompt. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { boot } from "../support/boot.ts";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireLabTree, requireRoot, requireTool } from "../support/tools.ts";

const recipe = join(RECIPES, "shell.yaml");
const canUnpack = requireAll(requireTool("cpio", "zstd", "chroot"), requireRoot());
const isX86 = {
  skip: process.arch === "x64" ? (false as const) : "this machine's programs are not of the lab's kernel",
};
const canBoot = requireAll(isX86, requireTool("qemu-system-x86_64"), requireLabTree("kernels/x86"));

test("every program of the shell recipe runs in a chroot of what GNU cpio unpacks", canUnpack, (t) => {
  const scratch = scratchDirectory(t);
  const image = buildRecipe(recipe, scratch);
  const root = join(scratch, "root");
  mkdirSync(root);
  execFileSync("sh", ["-ec", 'zstd -dc < "$1" | (cd "$2" && cpio -idm --quiet)', "sh", image, root]);

  const programs = programsIn(root);
  assert.ok(programs.length > 50, `only ${programs.length} programs: ${programs}`);
  for (const program of programs) {
    const run = spawnSync("chroot", [root, program, "--version"], {
      encoding: "utf8",
      input: "",
      timeout: 20_000,
    });
    // The loader's complaints come with 127, the kernel's refusals with 126.
    assert.ok(run.status !== null && run.status < 125, `${program}: ${run.error ?? run.stderr}`);
    assert.doesNotMatch(run.stderr, /error while loading|cannot open shared|not found/, program);
  }

  const script = "ls -l / | wc -l; printf %s hello | sha256sum | cut -c1-8; whoami";
  const said = execFileSync("chroot", [root, "/bin/bash", "-c", script], { encoding: "utf8" });
  assert.match(said, /^\d+\n2cf24dba\nroot\n$/);
});

test("the shell recipe boots to its prompt and runs what is typed", canBoot, async (t) => {
  const image = buildRecipe(recipe, scratchDirectory(t));
  const said = await boot({
    machine: "x86",
    image,
    turns: [
      { expect: /initgraph: shell ready/ },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: for the shell in the image
      { expect: /initgraph:.*# /, send: "echo $((6 * 7)) $(whoami) $$ $(cat /proc/1/comm) ${#PATH}" },
    ],
    until: /\n42 root \d+ init \d+\n/,
  });
  assert.doesNotMatch(said, /job control|cannot|not found|No such/, "init complains");
});

/** Paths below `root` of all programs in its directories of programs. */
function programsIn(root: string): string[] {
  const directories = ["/bin", "/sbin", "/usr/bin", "/usr/sbin"];
  return directories.flatMap((directory) => {
    // A link to /usr/bin shows the same programs twice.
    const found = lstatSync(join(root, directory), { throwIfNoEntry: false });
    return found?.isDirectory()
      ? readdirSync(join(root, directory)).map((name) => `${directory}/${name}`)
      : [];
  });
}
