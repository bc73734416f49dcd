/** Command lines that we show anywhere are ones that we understand. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readArguments } from "../../src/cli/args.ts";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { EXPLAINED } from "../../src/cli/explanations/index.ts";
import { splitCommand } from "../../src/spec/command-line.ts";

test("every example of a verb's help is understood", async () => {
  const verbs = COMMANDS.flatMap((one) => ("commands" in one ? one.commands : [one]));
  for (const { examples } of verbs) for (const [line] of examples) await understand(line);
});

test("so is every command line of an explanation", async () => {
  for (const { example, mended } of EXPLAINED) {
    for (const line of `${example}\n${mended ?? ""}`.split("\n"))
      if (line.startsWith("$ ")) await understand(line);
  }
});

test("so is every command line of the README", async () => {
  const lines = readFileSync("README.md", "utf8").matchAll(/^\$ (.*initgraph .*)$/gm);
  for (const [, line = ""] of lines) await understand(line);
});

/** All that is run of initgraph in a line of a shell. */
async function understand(line: string): Promise<void> {
  const called = [...line.matchAll(/(?:^|[\s(])initgraph ([^|&;()<>#]*)/g)];
  assert.ok(called.length > 0 || !line.includes("initgraph "), line);
  for (const [, text = ""] of called) {
    const words = splitCommand(text.replace(/\$$/, "").trim());
    assert.ok(words !== null, line);
    const { kind } = await readArguments(words, { version: "", commands: COMMANDS });
    assert.equal(kind, "run", line);
  }
}
