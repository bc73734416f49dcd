/** The completion scripts in the shells themselves: what each offers, asked as a user's tab asks it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { bashScript } from "../../../src/cli/completion/bash.ts";
import { fishScript } from "../../../src/cli/completion/fish.ts";
import { wordsOf } from "../../../src/cli/completion/words.ts";
import { zshScript } from "../../../src/cli/completion/zsh.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { requireTool } from "../../support/tools.ts";

const HERE = resolve("test/cli/completion");
const VERBS = [...COMMANDS.map(({ name }) => name), "help"];

/** The words typed, the last of them begun; and all that is to be offered. */
const QUESTIONS: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [[""], VERBS],
  [["bui"], ["build"]],
  [
    ["cache", ""],
    ["path", "ls", "gc", "verify"],
  ],
  [["cache", "gc", "--da"], ["--days"]],
  [["build", "--comp"], ["--compressor"]],
  [["build", "--compressor", "zs"], ["zstd"]],
  [["build", "-o", ""], ["sub"]],
  [["build", "--set", "A=1", "--kern"], ["--kernel"]],
  [["build", "b"], ["board.yaml"]],
  [["ls", "im"], ["image.img"]],
  [
    ["wrap", "image.img", "--as", ""],
    ["uinitrd", "fit", "uki"],
  ],
  [
    ["ldd", "--arch", "aar"],
    ["aarch64", "aarch64_be"],
  ],
  [
    ["explain", "graph/lib"],
    ["graph/library-not-found", "graph/library-dlopen-strings"],
  ],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [["help", "resea"], ["reseal"]],
];

const SHELLS = {
  bash: {
    script: bashScript,
    ask: (script: string, words: readonly string[], cwd: string) =>
      execFileSync("bash", [join(HERE, "ask.bash"), script, "initgraph", ...words], {
        cwd,
        encoding: "utf8",
      }),
  },
  zsh: {
    script: zshScript,
    ask: (script: string, words: readonly string[], cwd: string) => {
      const file = join(cwd, "sub/hits");
      rmSync(file, { force: true });
      execFileSync("zsh", ["-f", join(HERE, "ask.zsh"), script, `initgraph ${words.join(" ")}`, file], {
        cwd,
        stdio: "ignore",
        timeout: 60_000,
      });
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    },
  },
  fish: {
    script: fishScript,
    ask: (script: string, words: readonly string[], cwd: string) =>
      execFileSync("fish", ["-c", `source ${script}; complete -C 'initgraph ${words.join(" ")}'`], {
        cwd,
        encoding: "utf8",
      }),
  },
};

for (const [shell, { script, ask }] of Object.entries(SHELLS)) {
  describe(`in ${shell}`, requireTool(shell), () => {
    const directory = scratchDirectory({
      after: (remove) => after(() => remove?.(undefined as never, () => {})),
    });
    const file = join(directory, `completion.${shell}`);
    before(() => {
      mkdirSync(join(directory, "sub"));
      for (const name of ["board.yaml", "image.img"]) writeFileSync(join(directory, name), "");
      writeFileSync(file, script(wordsOf(COMMANDS)));
    });
    for (const [words, offered] of QUESTIONS) {
      test(`initgraph ${words.join(" ")}`, () => {
        const lines = ask(file, words, directory)
          .split("\n")
          .filter((line) => line !== "");
        // fish tells what each is behind a tab; directories end with a slash.
        const found = lines.map((line) => line.replace(/\t.*/, "").replace(/\/$/, ""));
        assert.deepEqual([...new Set(found)].sort(), [...offered].sort());
      });
    }
  });
}
