// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { scratchDirectory } from "../support/scratch.ts";
import { makeRoot, put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const BASE = `vars: { KERNEL: 6.1.0-50-arm64, MODE: 0750, LEVEL: 3 }
contents:
  - object: /usr/bin/tool
  - { object: ./motd, target: /etc/motd }
files:
  /etc/kernel: { text: "\${KERNEL} $\${KERNEL} $$ \${x}\\n", mode: "\${MODE}" }
  /etc/$\${KERNEL}: literal
  /init:
    text: |
      #!/usr/bin/tool
      boot '\${KERNEL}'   # now
  /etc/conf: { source: conf }
  /dev/console: { device: c, major: 5, minor: 1 }
compressor: { name: zstd, level: 19 }
compressorArgs: null
closure: { libraryPath: [] }
`;

const BOARD = `include: [../common/base.yaml, ./debug.yaml]
name: board-\${BOARD}
vars: { BOARD: a }
sysroot: ../root
files:
  /etc/hostname: "\${BOARD}\\n"
compressor:
  name: zstd
  level: \${LEVEL}
`;

function fleet(t: TestContext): string {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "common/base.yaml", BASE);
  put(cwd, "common/motd", "hello\n");
  put(cwd, "common/conf", "conf\n");
  put(cwd, "boards/debug.yaml", "contents: [{ object: /usr/bin/env }]\n");
  put(cwd, "boards/a.yaml", BOARD);
  return cwd;
}

test("--resolved prints the recipe in one piece, with the origin of each value", async (t) => {
  const cwd = fleet(t);
  const { stdout, stderr, code } = await runCli(
    ["plan", "boards/a.yaml", "--resolved", "--set", "LEVEL=5", "--sysroot", "root"],
    { cwd, env: { SOURCE_DATE_EPOCH: "7" } },
  );
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(
    stdout,
    `vars:
  KERNEL: 6.1.0-50-arm64 # common/base.yaml:1:17
  MODE: "0750" # common/base.yaml:1:39
  LEVEL: 5 # --set
  BOARD: a # boards/a.yaml:3:16
name: board-a # boards/a.yaml:2:7
sysroot: ${cwd}/root # --sysroot
contents:
  - object: /usr/bin/tool # common/base.yaml:3:13
  - object: ../common/motd # common/base.yaml:4:15
    target: /etc/motd # common/base.yaml:4:31
  - object: /usr/bin/env # boards/debug.yaml:1:22
files:
  /etc/kernel:
    text: | # common/base.yaml:6:24
      6.1.0-50-arm64 $\${KERNEL} $$ \${x}
    mode: "0750" # common/base.yaml:6:64
  /etc/$\${KERNEL}: literal # common/base.yaml:7:20
  /init:
    text: | # common/base.yaml:9:11
      #!/usr/bin/tool
      boot '6.1.0-50-arm64'   # now
  /etc/conf:
    source: ../common/conf # common/base.yaml:12:24
  /dev/console:
    device: c # common/base.yaml:13:27
    major: 5 # common/base.yaml:13:37
    minor: 1 # common/base.yaml:13:47
  /etc/hostname: | # boards/a.yaml:6:18
    a
compressor:
  name: zstd # boards/a.yaml:8:9
  level: 5 # boards/a.yaml:9:10
compressorArgs: null # common/base.yaml:15:17
closure:
  libraryPath: [] # common/base.yaml:16:12
epoch: 7 # SOURCE_DATE_EPOCH
`,
  );
});

test("the resolved recipe builds the same image as the recipe and all that it includes", async (t) => {
  const cwd = fleet(t);
  const words = ["--set", "KERNEL=6.1.0-51: # 'x'", "--set", "BOARD=b", "--compressor", "gzip -9"];
  const { stdout } = await runCli(["plan", "boards/a.yaml", "--resolved", ...words], { cwd });
  put(cwd, "boards/flat.yaml", stdout);
  const json = await runCli(["plan", "boards/a.yaml", "--resolved", "--json", ...words], { cwd });
  put(cwd, "boards/flat.json", JSON.stringify(JSON.parse(json.stdout).recipe));
  const runs = [
    await runCli(["build", "boards/a.yaml", "--no-cache", "-o", "whole", ...words], { cwd }),
    await runCli(["build", "boards/flat.yaml", "--no-cache", "-o", "flat"], { cwd }),
    await runCli(["build", "boards/flat.json", "--no-cache", "-o", "json"], { cwd }),
  ];
  assert.deepEqual(
    runs.map(({ code }) => code),
    [0, 0, 0],
    runs.map(({ stderr }) => stderr).join(),
  );
  const [whole, flat, fromJson] = ["whole", "flat", "json"].map((out) =>
    readFileSync(join(cwd, out, "board-b.gz")),
  );
  assert.ok(whole!.equals(flat!) && whole!.equals(fromJson!));
});

test("--json gives values, and the origin of each by JSON pointer", async (t) => {
  const cwd = fleet(t);
  const run = await runCli(["plan", "boards/a.yaml", "--resolved", "--json", "--set", "LEVEL=5"], { cwd });
  const { ok, recipe, origins } = JSON.parse(run.stdout);
  assert.deepEqual([ok, recipe.name, recipe.compressor.level], [true, "board-a", 5]);
  assert.deepEqual(origins["/files/~1etc~1conf/source"], { file: "common/base.yaml", line: 12, column: 24 });
  assert.deepEqual(origins["/vars/LEVEL"], { given: "--set" });
  assert.deepEqual(origins["/contents/2/object"], { file: "boards/debug.yaml", line: 1, column: 22 });
});

test("what is set on the command line is part of what a build is remembered by", async (t) => {
  const cwd = fleet(t);
  const build = async (...words: string[]) => {
    const { code, stderr } = await runCli(["build", "boards/a.yaml", "--cache", "cache", ...words], { cwd });
    assert.equal(code, 0, stderr);
    return readFileSync(join(cwd, "result/board-a.zst"), "latin1");
  };
  await new Promise((done) => setTimeout(done, 150)); // a build looks at nothing younger than the clock's tick again
  const first = await build();
  assert.notEqual(await build("--set", "KERNEL=6.1.0-51-arm64"), first);
  assert.equal(await build(), first);
});

test("a setting has a form", async (t) => {
  const cwd = fleet(t);
  const rows: readonly (readonly [words: string[], said: string])[] = [
    [["build", "--set", "LEVEL"], 'error: --set takes NAME=VALUE, not "LEVEL"'],
    [
      ["build", "--set", "level=1"],
      'error: --set: "level" is no name of a variable: those are of A-Z, 0-9 and _',
    ],
    [["build", "--set", "LEVEL=1", "--set", "LEVEL=1"], "error: --set LEVEL is given twice"],
  ];
  for (const [words, said] of rows) {
    const { code, stdout, stderr } = await runCli(words, { cwd });
    assert.deepEqual([code, stdout, stderr], [2, "", `${said}\nsee: initgraph ${words[0]} --help\n`]);
  }
});
