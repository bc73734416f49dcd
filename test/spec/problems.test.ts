import assert from "node:assert/strict";
import { test } from "node:test";
import { saySpecProblem } from "../../src/cli/report/spec.ts";
import { placesOf, problemsOf } from "../support/recipes.ts";
import { BAD_COMPRESSORS, BAD_MEANINGS, BAD_SHAPES, BAD_TEXT, WITH_COMPRESSOR } from "./bad-recipes.ts";

const rows = [
  ...BAD_TEXT,
  ...BAD_SHAPES,
  ...BAD_MEANINGS,
  ...BAD_COMPRESSORS.map(([value, ...problems]) => [WITH_COMPRESSOR(value), ...problems] as const),
];

test("every bad recipe gets each of its problems, at its place", () => {
  for (const [recipe, ...expected] of rows) assert.deepEqual(placesOf(problemsOf(recipe)), expected, recipe);
});

test("the line of a place is the line of the recipe, and the mark lies within it", () => {
  for (const [recipe] of rows) {
    for (const problem of problemsOf(recipe)) {
      if (!("at" in problem) || problem.at === null) continue;
      const { line, column, width, text } = problem.at;
      assert.equal(text, recipe.split("\n")[line - 1], recipe);
      assert.ok(column + width - 1 <= Math.max([...text].length, column), recipe);
    }
  }
});

test("every problem has a sentence of one line", () => {
  for (const [recipe] of rows) {
    for (const problem of problemsOf(recipe)) {
      const { headline, mark, help, details } = saySpecProblem(problem);
      const said = [headline, mark, help, ...details.flat()].join("|");
      assert.doesNotMatch(said, /undefined|\[object|[\u0000-\u001f]/, recipe);
      assert.ok(headline.length > 10 && headline.length < 250, headline);
    }
  }
});

test("slips get the word that was meant", () => {
  const slips: readonly (readonly [recipe: string, nearest: string | null])[] = [
    ["compresor: zstd", "compressor"],
    ["make-uinitrd: true", "makeUInitrd"],
    ["content: []", "contents"],
    ["size: 1", null],
    ["arch: amd46", "amd64"],
    ["uInitrdArch: aarch64", "arm64"],
    ["uInitrdArch: riscv64", "riscv"],
    ["compressor: {name: zstd, engine: built-in}", "builtin"],
    ["compressor: pgzip", "gzip"],
    ["files: {/a: {soruce: x}}", "source"],
    ["files: {/a: {device: c, major: 1, minr: 3}}", "minor"],
  ];
  for (const [recipe, nearest] of slips) {
    const found = problemsOf(recipe).flatMap((problem) => ("nearest" in problem ? [problem.nearest] : []));
    assert.deepEqual(found, [nearest], recipe);
  }
});

test("a wrong type says what to write", () => {
  const rows: readonly (readonly [recipe: string, write: string | null])[] = [
    ["solid: yes", "true"],
    ["solid: Off", "false"],
    ["solid: 1", null],
    ["name: 1.10", '"1.10"'],
    ["name: true", '"true"'],
    ["compressorArgs: [-9]", '"-9"'],
    ["epoch: '5'", "5"],
    ["files: {/a: 0755}", '"0755"'],
    ["files: {/a: {fifo: yes}}", "true"],
  ];
  for (const [recipe, write] of rows) {
    const found = problemsOf(recipe).flatMap((problem) => ("write" in problem ? [problem.write] : []));
    assert.deepEqual(found, [write], recipe);
  }
});
