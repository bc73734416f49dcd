import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { meantBy } from "../../src/cli/meant-verb.ts";
import { archiveOf, file } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { runsOfThisFile } from "./many-runs.ts";
import { MAIN } from "./run-cli.ts";

const runCli = runsOfThisFile();

const here = { cwd: process.cwd() };

test("the name alone gives the help, and is no success", async () => {
  const run = await runCli([], here);
  assert.equal(run.code, 2);
  assert.equal(run.stdout, "");
  for (const { name } of COMMANDS) assert.match(run.stderr, new RegExp(`^ {2}${name} `, "m"));
});

test("help that was asked for is a result", async () => {
  const run = await runCli(["--help"], here);
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  assert.match(run.stdout, /^Usage: initgraph <verb>/);
});

test("the version is that of package.json", async () => {
  const { version } = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8"));
  assert.deepEqual(await runCli(["--version"], here), { stdout: `${version}\n`, stderr: "", code: 0 });
});

test("help of a verb is asked for in two ways", async () => {
  const asked = await runCli(["help", "cache", "gc"], here);
  assert.deepEqual(asked, await runCli(["cache", "gc", "--help"], here));
  assert.match(asked.stdout, /^Usage: initgraph cache gc /);
});

const verbs = COMMANDS.flatMap((one) =>
  "commands" in one ? one.commands.map((inner) => [one.name, inner.name]) : [[one.name]],
);

for (const words of verbs) {
  test(`${words.join(" ")} --help has an example and the options of every verb`, async () => {
    const { stdout, code } = await runCli([...words, "--help"], here);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: initgraph ${words.join(" ")} `));
    for (const part of ["--json", "--quiet", "--help", "\nExamples:\n"])
      assert.ok(stdout.includes(part), part);
  });
}

test("help may be asked for by a word, of everything and of a verb", async () => {
  assert.deepEqual(await runCli(["help"], here), await runCli(["--help"], here));
  const run = await runCli(["help", "cache", "gc"], here);
  assert.deepEqual(run, await runCli(["cache", "gc", "--help"], here));
  assert.equal(run.code, 0);
});

test("every verb that is offered for another word is there", () => {
  const names = COMMANDS.map(({ name }) => name);
  const offered = ["dracut", "lsinitrd", "run", "extract", "show"].map((word) => meantBy([word, "x"], names));
  assert.deepEqual(offered, ["build x", "ls x", "boot x", "unpack x", "cat x"]);
  assert.equal(meantBy(["run"], ["build"]), null);
});

const WRONG: readonly (readonly [words: string, stderr: string])[] = [
  ["bild", "error: unknown command 'bild'\n(Did you mean build?)\nsee: initgraph --help\n"],
  ["origin /bin/sh", "error: unknown command 'origin'\nsee: initgraph --help\n"],
  [
    "board.yaml --json",
    "error: unknown command 'board.yaml'\n(Did you mean build board.yaml --json?)\nsee: initgraph --help\n",
  ],
  ["version", "error: unknown command 'version'\n(Did you mean --version?)\nsee: initgraph --help\n"],
  ["lsinitrd a.img", "error: unknown command 'lsinitrd'\n(Did you mean ls a.img?)\nsee: initgraph --help\n"],
  ["help bild", "error: unknown command 'bild'\n(Did you mean build?)\nsee: initgraph --help\n"],
  ["cache gcc --help", "error: unknown command 'gcc'\n(Did you mean gc?)\nsee: initgraph cache --help\n"],
  [
    "completion bush",
    'error: there is completion for bash, zsh and fish, not for "bush"; did you mean bash?\nsee: initgraph completion --help\n',
  ],
  ["--jsn", "error: unknown option '--jsn'\nsee: initgraph --help\n"],
  [
    "build --compresor zstd",
    "error: unknown option '--compresor'\n(Did you mean --compressor?)\nsee: initgraph build --help\n",
  ],
  ["build --out", "error: option '-o, --out <DIR>' argument missing\nsee: initgraph build --help\n"],
  ["build --jobs 0", 'error: --jobs must be a number from 1 to 9999, not "0"\nsee: initgraph build --help\n'],
  [
    "lock a.yaml b.yaml",
    "error: too many arguments for 'lock'. Expected 1 argument but got 2.\nsee: initgraph lock --help\n",
  ],
  ["ldd", "error: missing required argument 'FILE'\nsee: initgraph ldd --help\n"],
  [
    "graph --format png",
    "error: --format is one of text, json, svg, html, dot, mermaid, gen_init_cpio, 3cpio\nsee: initgraph graph --help\n",
  ],
  ["graph --by colour", "error: --by is one of layer, package, recipe-line\nsee: initgraph graph --help\n"],
  [
    "graph --focus x --depth -1",
    "error: --depth is a number of steps, 0 to 1000\nsee: initgraph graph --help\n",
  ],
  [
    "graph --all",
    "error: --all is for pictures: --format text has everything\nsee: initgraph graph --help\n",
  ],
  [
    "graph --format 3cpio --by layer",
    "error: --by is not for --format 3cpio: a list has the whole tree\nsee: initgraph graph --help\n",
  ],
  [
    "graph --json --format dot",
    "error: --json and --format dot would both write to standard output: add --out FILE\nsee: initgraph graph --help\n",
  ],
  [
    "size --by files",
    'error: --by is line, layer, package or directory, not "files"\nsee: initgraph size --help\n',
  ],
  ["size --top 0", 'error: --top is a number of rows, or all, not "0"\nsee: initgraph size --help\n'],
  ["ls", "error: missing required argument 'IMAGE'\nsee: initgraph ls --help\n"],
  ["cat image", "error: missing required argument 'PATH'\nsee: initgraph cat --help\n"],
  ["wrap a.img -o b", "error: --as is uinitrd, fit or uki\nsee: initgraph wrap --help\n"],
  ["wrap a.img --as fit", "error: say where to: -o FILE\nsee: initgraph wrap --help\n"],
  ["wrap a.img --as uinitrd -o b --fdt c", "error: --fdt is for --as fit\nsee: initgraph wrap --help\n"],
  [
    "wrap a.img --as fit -o b --kernel k",
    "error: --kernel needs --load ADDRESS\nsee: initgraph wrap --help\n",
  ],
  [
    "wrap a.img --as fit -o b --kernel k --load 0xg",
    'error: --load must be an address, as 0x40400000, not "0xg"\nsee: initgraph wrap --help\n',
  ],
  [
    "wrap a.img --as fit -o b --epoch -1",
    'error: --epoch must be seconds since 1970, up to 4294967295, not "-1"\nsee: initgraph wrap --help\n',
  ],
  [
    "wrap a.img --as uki -o b --kernel k",
    "error: --as uki needs --stub FILE and --kernel FILE\nsee: initgraph wrap --help\n",
  ],
  ["wrap a.img --as uki -o b --load 0", "error: --load is not for --as uki\nsee: initgraph wrap --help\n"],
  ["wrap a.img --as fit -o b --cmdline c", "error: --cmdline is for --as uki\nsee: initgraph wrap --help\n"],
  ["boot", "error: missing required argument 'IMAGE'\nsee: initgraph boot --help\n"],
  [
    "boot image --timeout 0",
    'error: --timeout must be seconds, more than none, not "0"\nsee: initgraph boot --help\n',
  ],
  [
    "boot image --memory 1T",
    'error: --memory must be a size from 64M on, as 512M or 2G, not "1T"\nsee: initgraph boot --help\n',
  ],
  [
    "boot image --uboot u --append a'b",
    "error: --append with U-Boot takes no '\nsee: initgraph boot --help\n",
  ],
  [
    "explain graph/libary-not-found",
    'error: there is no code "graph/libary-not-found": did you mean graph/library-not-found?\nsee: initgraph explain --help\n',
  ],
  ["cache lst", "error: unknown command 'lst'\n(Did you mean ls?)\nsee: initgraph cache --help\n"],
];

for (const [words, stderr] of WRONG) {
  test(`wrong usage: initgraph ${words}`, async () => {
    assert.deepEqual(await runCli(words.split(" "), here), { stdout: "", stderr, code: 2 });
  });
}

test("where more is said of a problem stands in the last line, but for who wants no notes", async (t) => {
  const cwd = scratchDirectory(t);
  const told = await runCli(["build", "no.yaml"], { cwd });
  const quiet = await runCli(["build", "no.yaml", "--quiet"], { cwd });
  const last = "see: initgraph explain cli/recipe-not-found\n";
  assert.ok(told.stderr.endsWith(`1 problem; nothing was built\n${last}`));
  assert.equal(quiet.stderr + last, told.stderr);
});

test("a reader that goes away ends the run quietly", async () => {
  const child = spawn(process.execPath, [MAIN, "schema"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (bytes) => {
    stderr += bytes;
  });
  const code = await new Promise((done) => child.on("close", done));
  assert.deepEqual([code, stderr], [0, ""]);
});

test("a reader that goes away in the middle of a large file ends cat quietly", async (t) => {
  const cwd = scratchDirectory(t);
  const image = join(cwd, "image");
  writeFileSync(image, archiveOf([file("large", Buffer.alloc(30_000_000, "x"))]));
  const child = spawn(process.execPath, [MAIN, "cat", image, "large", "large"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.once("data", () => child.stdout.destroy());
  let stderr = "";
  child.stderr.on("data", (bytes) => {
    stderr += bytes;
  });
  const code = await new Promise((done) => child.on("close", done));
  assert.deepEqual([code, stderr], [0, ""]);
});

test("a bug of ours ends with 70, its stack trace, and a line that asks to report it", async () => {
  const breakage = "JSON.stringify=()=>{throw(new(TypeError)('broken'))}";
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${breakage}` };
  const { code, stdout, stderr } = await runCli(["schema"], { ...here, env });
  assert.deepEqual([code, stdout], [70, ""]);
  assert.match(stderr, /^\w*Error: .*\n {4}at .*\n(?:.*\n)*\nThis is a bug in initgraph/);
});

test("colours come only where they are asked for or a terminal has them", async (t) => {
  const cwd = scratchDirectory(t);
  const plain = await runCli(["build", "no.yaml"], { cwd });
  const forced = await runCli(["build", "no.yaml"], { cwd, env: { FORCE_COLOR: "1" } });
  // Newer Nodes warn of both.
  const both = { FORCE_COLOR: "1", NO_COLOR: "1", NODE_NO_WARNINGS: "1" };
  const refused = await runCli(["build", "no.yaml"], { cwd, env: both });
  assert.doesNotMatch(plain.stderr, /\x1b/);
  assert.match(forced.stderr, /\x1b\[/);
  assert.equal(refused.stderr, plain.stderr);
});
