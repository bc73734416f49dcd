/** docs/tutorial.md, step by step: its files are written, its commands are run, and what they print is compared. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MAIN } from "../cli/run-cli.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireLabTree } from "../support/tools.ts";

const TREES = { root: "sysroot-amd64", arm64: "sysroot-arm64-modules", nix: "nix-stage1" };
const BLOCK = /^```(yaml|console)\n(.*?)^```/gms;

test("the tutorial goes as it is written", requireLabTree(...Object.values(TREES)), (t) => {
  const directory = scratchDirectory(t);
  mkdirSync(join(directory, ".bin"));
  symlinkSync(MAIN, join(directory, ".bin/initgraph"));
  for (const [name, tree] of Object.entries(TREES)) symlinkSync(labTree(tree), join(directory, name));
  const env = {
    PATH: `${join(directory, ".bin")}:${process.env["PATH"]}`,
    HOME: directory,
    INITGRAPH_CACHE: join(directory, ".cache"),
  };
  let steps = 0;
  for (const [, kind, text = ""] of readFileSync("docs/tutorial.md", "utf8").matchAll(BLOCK)) {
    if (kind === "yaml") {
      const [, name = "", recipe = ""] = /^# (\S+)\n(.*)$/s.exec(text) ?? assert.fail(text);
      writeFileSync(join(directory, name), recipe);
      continue;
    }
    for (const [, command = "", expected = ""] of text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
      const run = spawnSync("bash", ["-c", `${command} 2>&1`], { cwd: directory, env, encoding: "utf8" });
      assert.match(run.stdout, patternOf(expected), `$ ${command}\n${run.stdout}`);
      steps++;
    }
  }
  assert.ok(steps > 10);
});

/** `…` is anything within a line; on a line of its own any lines. */
function patternOf(expected: string): RegExp {
  const lines = expected
    .split("\n")
    .map((line) => (line === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(escapePattern).join(".*")}\\n`));
  return new RegExp(`^${lines.slice(0, -1).join("")}$`);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
