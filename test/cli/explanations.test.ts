/** What `initgraph explain` tells is held to what really happens: to the transcripts, to the recipe's rules, to the verbs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EXPLAINED, ROOMS } from "../../src/cli/explanations/index.ts";
import { layoutExplanation } from "../../src/cli/explanations/layout.ts";
import { PLAIN } from "../../src/cli/report/paint.ts";
import { runExplain } from "../../src/cli/work/explain-codes.ts";
import { WrongUsage } from "../../src/machine/wrong-usage.ts";
import { problemsOf } from "../support/recipes.ts";
import { ALL_CASES } from "./bad-cases.ts";
import type { BadCase } from "./bad-recipes.ts";

interface Shown {
  readonly one: BadCase;
  readonly transcript: string;
}

const SHOWN: readonly Shown[] = ALL_CASES.map((one) => ({
  one,
  transcript: readFileSync(join("test/cli/transcripts", `${one.name}.txt`), "utf8"),
}));

/** Those that no transcript shows: what each would take stands in a test of its own room, or in no test's power. */
const NEVER_SHOWN = EXPLAINED.filter(({ code }) => showing(code).length === 0);

/** Nobody wants to read what ends in these: thousands of letters, or bytes that are no text. */
const ABRIDGED: ReadonlySet<string> = new Set([
  "spec/not-utf8",
  "spec/control-character",
  "spec/too-deep",
  "spec/too-many-values",
  "plan/name-too-long",
  "plan/symlink-too-long",
]);

test("the example of a code that transcripts show is one that ends so there", () => {
  const other = EXPLAINED.filter(({ code, example }) => {
    const shown = showing(code);
    return (
      shown.length > 0 &&
      !ABRIDGED.has(code) &&
      !shown.some(({ one }) => bare(textOf(one)).includes(bare(example)))
    );
  });
  assert.deepEqual(
    other.map(({ code, example }) => `${code}: ${bare(example)}`),
    [],
  );
});

test("of a recipe's other codes the example ends in them", () => {
  for (const { code, example } of NEVER_SHOWN) {
    if (!code.startsWith("spec/") || !isRecipe(example)) continue;
    const codes: readonly string[] = problemsOf(example).map((problem) => problem.code);
    assert.ok(codes.includes(code), `${code}: ${codes}`);
  }
});

test("what is advised to write is a recipe", () => {
  const included = { bytes: Buffer.from("epoch: 1"), identity: "/other.yaml" };
  for (const { code, mended } of EXPLAINED) {
    if (mended === null || !isRecipe(mended)) continue;
    const found = problemsOf(mended, { readIncluded: () => included }).map((problem) => problem.code);
    // Lines of a recipe are no whole one.
    assert.deepEqual(
      found.filter((one) => one !== "spec/nothing-to-build"),
      [],
      code,
    );
  }
});

test("whatever code a transcript shows is explained", () => {
  const known = new Set(EXPLAINED.map(({ code }) => code));
  const shown = SHOWN.flatMap(({ transcript }) => [
    ...transcript.matchAll(/^.*?(?:error|warning|fault)\[([^\]]+)\]: /gm),
  ]);
  assert.ok(shown.length > SHOWN.length / 2);
  assert.deepEqual(
    shown.flatMap(([, code = ""]) => (known.has(code) ? [] : [code])),
    [],
  );
});

test("every code has a cause, a remedy, and belongs to a room; nothing is left empty", () => {
  for (const { code, title, happened, causes, remedies, example } of EXPLAINED) {
    assert.ok(Object.hasOwn(ROOMS, code.slice(0, code.indexOf("/"))), code);
    assert.ok(causes.length > 0 && remedies.length > 0, code);
    for (const text of [title, happened, example, ...causes, ...remedies]) assert.match(text, /\S/, code);
    assert.doesNotMatch(title, /\.$|^(?:A|The|An) /, code);
    assert.match(happened, /\.$/, code);
  }
});

test("an explanation fits the page", () => {
  for (const one of EXPLAINED) {
    for (const line of layoutExplanation(one, 80).split("\n"))
      assert.ok(line.length <= 80 || line.startsWith("    "), line);
  }
});

test("a code is found without its room, and as it was copied", () => {
  for (const word of ["spec/unknown-key", "unknown-key", "error[spec/unknown-key]:", "[spec/unknown-key]"])
    assert.match(explain(word), /^error\[spec\/unknown-key\]: /, word);
  assert.match(explain("kernel/implied"), /^warning\[kernel\/implied\]: /);
});

test("a room lists its codes, and no word lists all of them", () => {
  assert.equal(explain("lock").match(/^ {2}lock\/[a-z0-9-]+ {2}/gm)?.length, 7);
  assert.equal(explain().match(/^ {2}[a-z]+\/[a-z0-9-]+ {2}/gm)?.length, EXPLAINED.length);
});

test("a slip gets the nearest code", () => {
  const usage = (word: string, advice: RegExp) =>
    assert.throws(
      () => explain(word),
      (error) => error instanceof WrongUsage && advice.test(error.message),
    );
  usage("graph/libary-not-found", /did you mean graph\/library-not-found\?/);
  usage("unknwon-key", /did you mean unknown-key\?/);
  usage("kernal", /did you mean kernel\?/);
  usage("x\x1b[2J", /^there is no code "x\\x1b\[2j": `initgraph explain` lists all codes$/);
});

function explain(...words: string[]): string {
  let printed = "";
  const page = { columns: 100, paint: PLAIN };
  const terminal = { isJson: false, isQuiet: false, page, print: (text: string) => (printed += text) };
  runExplain(words, terminal as unknown as Parameters<typeof runExplain>[1]);
  return printed;
}

function showing(code: string): Shown[] {
  return SHOWN.filter(({ transcript }) => transcript.includes(`[${code}]`));
}

function textOf({ recipe, words = ["build"], env = {} }: BadCase): string {
  const before = Object.entries(env).map(([name, value]) => `${name}=${value} `);
  const text = recipe === null ? "" : Buffer.from(recipe).toString("latin1").replaceAll("$DIR", ".");
  return `${text}\n$ ${before.join("")}initgraph ${words.join(" ")}`;
}

/** Without comments, and with blanks in one way. */
function bare(text: string): string {
  return text.replace(/^#.*$/gm, "").replaceAll("'", "").replace(/\s+/g, " ").trim();
}

function isRecipe(text: string): boolean {
  return !/^\$ /m.test(text);
}
