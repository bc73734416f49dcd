/** Reference test: recipes that are imported of images of real roots and of a Nix store give these images' trees. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildRecipe, initgraph, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireLabTree } from "../support/tools.ts";

interface Case {
  readonly name: string;
  readonly recipe: string;
  readonly tree: string;
  /** Lines of the imported recipe. */
  readonly hasLines: readonly RegExp[];
}

const CASES: readonly Case[] = [
  {
    name: "a systemd with modules",
    recipe: join(RECIPES, "systemd.yaml"),
    tree: "sysroot-amd64-trixie-systemd",
    // What the recipe itself says, and nothing of what they need.
    hasLines: [
      /^ {4}\[.*\bbtrfs\b.*\bdm-crypt\b.*\bvirtio_net\b.*\]$/m,
      /^ {2}\/init: \{ symlink: \/lib\/systemd\/systemd \}$/m,
    ],
  },
  {
    name: "a Nix store",
    recipe: join(RECIPES, "nix-store.yaml"),
    tree: "nix-stage1",
    hasLines: [/^ {2}\/init: \{ symlink: \/nix\/store\/.*-stage-1-init \}$/m],
  },
];

for (const { name, recipe, tree, hasLines } of CASES) {
  test(`${name}: the imported recipe gives the same tree`, requireLabTree(tree), (t) => {
    const scratch = scratchDirectory(t);
    const sysroot = labTree(tree);
    const image = buildRecipe(recipe, scratch, "--sysroot", sysroot);
    const told = JSON.parse(
      initgraph("import", image, "--sysroot", sysroot, "--out", join(scratch, "mine"), "--json"),
    );
    assert.deepEqual([told.ok, told.differences, told.packed], [true, [], 0]);
    const text = readFileSync(told.recipe, "utf8");
    for (const line of hasLines) assert.match(text, line);
    // Built as its user builds it, and looked at by another way than the import's own.
    writeFileSync(join(scratch, "again.yaml"), text.replaceAll("./files/", "./mine/files/"));
    const again = buildRecipe(join(scratch, "again.yaml"), scratch).replace(
      /again$/,
      JSON.parse(/^name: (.*)$/m.exec(text)![1]!),
    );
    assert.deepEqual(facts(again), facts(image));
  });
}

/** All that `ls -l` says, but for the order. */
function facts(image: string): string[] {
  return initgraph("ls", "-l", image).split("\n").sort();
}
