import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { BuildFailure } from "../../src/core/problem.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { readRecipe } from "../../src/machine/recipe.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** Recipes on the disk; `-> x` is a symlink. */
function recipes(t: TestContext, files: Readonly<Record<string, string>>) {
  const directory = scratchDirectory(t);
  for (const name of ["a", "b"]) mkdirSync(`${directory}/${name}`);
  for (const [name, text] of Object.entries(files)) {
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), `${directory}/${name}`);
    else writeFileSync(`${directory}/${name}`, text);
  }
  const host = nodeHost({ jobs: 1, environment: {} });
  const order = {
    recipe: `${directory}/r.yaml`,
    sysroot: null,
    compressor: null,
    kernel: null,
    variables: new Map(),
  };
  return { directory, load: () => loadSpec(readRecipe(order, host)) };
}

test("a file and the symlinks to it are one, whose paths are seen from where it is first met", (t) => {
  const { load, directory } = recipes(t, {
    "r.yaml": "include: [a/base.yaml, b/base.yaml]\n",
    "a/base.yaml": "-> ../b/base.yaml",
    "b/base.yaml": "contents: [{object: /bin/sh}]\nfiles: {/a: {source: ./x}}\n",
  });
  const { contents, files } = load().layers[0]!;
  assert.equal(contents.length, 1);
  const { content } = files[0]!;
  assert.equal(content.kind === "source" && content.source, `${directory}/a/x`);
});

test("a loop through a symlink is a loop, and what cannot be read is told with its place", (t) => {
  const { load, directory } = recipes(t, {
    "r.yaml": "include:\n  - a/again/r.yaml\n  - b\n  - b/none.yaml\n  - r.yaml/x.yaml\n",
    "a/again": "-> ..",
  });
  assert.throws(load, (error) => {
    assert.ok(error instanceof BuildFailure);
    const told = error.problems.map((problem) => {
      if (problem.code === "spec/cannot-include")
        return `${problem.at.line} ${problem.path}: ${problem.what}`;
      return problem.code === "spec/include-loop"
        ? `${problem.at.line} a loop of ${problem.chain.length}`
        : problem;
    });
    assert.deepEqual(told, [
      "2 a loop of 1",
      `3 ${directory}/b: it is a directory, not a file`,
      `4 ${directory}/b/none.yaml: it is not there`,
      `5 ${directory}/r.yaml/x.yaml: it is not there`,
    ]);
    return true;
  });
});
