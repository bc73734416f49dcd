/** The README's fleet: ten images of a real tree that share layers, and what a change in one place builds. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireLabTree } from "../support/tools.ts";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));
const BOARDS = Array.from({ length: 10 }, (_, index) => String(index + 1).padStart(2, "0"));

/** A recipe of the README by its name. */
function recipeOf(name: string): string {
  const blocks = readFileSync("README.md", "utf8").matchAll(/```yaml\n# (\S+)\n(.*?)```/gs);
  return [...blocks].find(([, file]) => file === name)?.[2] ?? assert.fail(`the README has no ${name}`);
}

test(
  "ten boards share two layers, and a change builds the piece that it is in",
  requireLabTree("sysroot-amd64-modules"),
  (t) => {
    const directory = scratchDirectory(t);
    mkdirSync(join(directory, "boards"));
    const files = new Map([
      ["base.yaml", recipeOf("base.yaml")],
      ["modules.yaml", recipeOf("modules.yaml")],
      ...BOARDS.map((number) => {
        const recipe = recipeOf("boards/board-01.yaml").replaceAll("board-01", `board-${number}`);
        return [`boards/board-${number}.yaml`, recipe] as const;
      }),
    ]);
    for (const [name, text] of files) writeFileSync(join(directory, name), text);
    const change = (name: string, from: string, to: string): void => {
      const text = files.get(name)!;
      assert.ok(text.includes(from));
      writeFileSync(join(directory, name), text.replace(from, to));
    };
    const root = labTree("sysroot-amd64-modules");
    /** `12 built, 18 reused` of all images. */
    const build = (): string => {
      const words = ["build", "boards/*.yaml", "--sysroot", root, "--cache", "cache"];
      const run = spawnSync(process.execPath, [MAIN, ...words], { cwd: directory, encoding: "utf8" });
      assert.equal(run.status, 0, run.stderr);
      const [, built, reused] = /10 images: (\d+) pieces? built, (\d+) reused/.exec(run.stderr) ?? [];
      return `${built} built, ${reused} reused`;
    };
    assert.equal(build(), "12 built, 18 reused");
    assert.equal(build(), "0 built, 30 reused");
    change("boards/board-03.yaml", '"board-03', '"lab-03');
    assert.equal(build(), "1 built, 29 reused");
    change("modules.yaml", ", btrfs", "");
    assert.equal(build(), "1 built, 29 reused");
    change("base.yaml", "exec sh", "exec setsid sh");
    assert.equal(build(), "1 built, 29 reused");
  },
);
