import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { NOBODY, requireOtherUser } from "../support/other-user.ts";
import { ALL_CASES } from "./bad-cases.ts";
import { BAD_CASES, type BadCase, makeRoot } from "./bad-recipes.ts";
import { ManyRuns } from "./many-runs.ts";
import { type CliRun, runCli } from "./run-cli.ts";

/** Golden files; UPDATE_GOLDEN=1 rewrites them. */
const TRANSCRIPTS = join(process.cwd(), "test/cli/transcripts");
const isRoot = process.getuid?.() === 0;

const runs = new ManyRuns();
after(() => runs.close());

describe("what a user sees", () => {
  for (const one of ALL_CASES) tellTranscript(one);
});

function tellTranscript(one: BadCase): void {
  const asOther = one.isForUsersOnly === true && isRoot;
  test(one.name, asOther ? requireOtherUser() : {}, async (t) => {
    const directory = makeDirectory(one);
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    if (asOther) chmodSync(directory, 0o755);
    const before = contentOf(directory);
    const words = one.words ?? ["build"];
    const surroundings = { cwd: directory, env: { INITGRAPH_CACHE: join(directory, "cache"), ...one.env } };
    const run = await (asOther
      ? runCli(words, { ...surroundings, uid: NOBODY })
      : runs.run(words, surroundings));
    assert.equal(run.code, 1, run.stderr);
    assert.equal(run.stdout, "");
    assert.deepEqual(contentOf(directory), before, "the old result stays, and nothing is left behind");
    compareGolden(one.name, transcript(words, run, directory));
  });
}

test("every transcript belongs to a case", () => {
  const names = ALL_CASES.map((one) => `${one.name}.txt`).sort();
  assert.deepEqual(readdirSync(TRANSCRIPTS).sort(), names);
});

test("problems come as JSON too, on standard output", async (t) => {
  const one = BAD_CASES.find(({ name }) => name === "library-missing")!;
  const directory = makeDirectory(one);
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const run = await runCli(["build", "--json", "--no-cache"], { cwd: directory });
  assert.deepEqual([run.code, run.stderr], [1, ""]);
  const { ok, problems } = JSON.parse(run.stdout);
  assert.equal(ok, false);
  assert.equal(problems[0].code, "graph/library-not-found");
  assert.equal(problems[0].message, "libc.so.6 is needed and was not found");
});

/** Always as long a path, since lines are wrapped by their length. */
function makeDirectory({ recipe, setup }: BadCase): string {
  const directory = mkdtempSync("/tmp/initgraph-");
  makeRoot(directory);
  mkdirSync(join(directory, "result"));
  writeFileSync(join(directory, "result/initrd.zst"), "the image of the last good build");
  symlinkSync("initrd.zst", join(directory, "result/initrd"));
  setup?.(directory);
  if (recipe !== null) {
    const bytes = typeof recipe === "string" ? recipe.replaceAll("$DIR", directory) : recipe;
    writeFileSync(join(directory, "initrd.yaml"), bytes);
  }
  return directory;
}

/** Everything below a directory but the cache: kinds, sizes, small contents, targets. */
function contentOf(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (name) => !/^cache(\/|$)/.test(name),
  );
  return names.sort().map((name) => {
    const path = join(directory, name);
    const facts = lstatSync(path);
    if (facts.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
    if (!facts.isFile() || facts.size > 100_000 || (facts.mode & 0o444) === 0)
      return `${name} ${facts.mode} ${facts.size}`;
    return `${name} ${facts.mode} ${readFileSync(path, "latin1")}`;
  });
}

function transcript(words: readonly string[], { stderr, code }: CliRun, directory: string): string {
  const placeholder = "/tmp/initgraph-XXXXXX";
  return `$ initgraph ${words.join(" ")}\n${stderr}exit code ${code}\n`.replaceAll(directory, placeholder);
}

function compareGolden(name: string, text: string): void {
  const file = join(TRANSCRIPTS, `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(TRANSCRIPTS, { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.equal(text, readFileSync(file, "utf8"));
}
