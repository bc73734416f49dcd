import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { specOf } from "../support/recipes.ts";

const README = readFileSync("README.md", "utf8");

test("the recipe that the README explains is a recipe", () => {
  const [, text = ""] = /```yaml\n(name:.*?)```/s.exec(README) ?? [];
  const spec = specOf(text);
  assert.equal(spec.name, "router");
  assert.equal(spec.layers[0]!.contents.length, 4);
});

test("the README has every verb and no other", () => {
  const [, table = ""] = /## Verbs\n.*?\n\|[-| ]+\|\n(.*?)\n\n/s.exec(README) ?? [];
  const told = table.split("\n").map((line) => /^\| `([\w-]+)/.exec(line)?.[1]);
  assert.deepEqual(told.sort(), COMMANDS.map(({ name }) => name).sort());
});
