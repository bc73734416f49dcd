/** Runs initgraph as its users do: the compiled command line, a process of its own. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));

/** The recipes that come with the project. `npm test` runs in its root directory. */
export const RECIPES = resolve("recipes");

/** @returns what it printed. @throws AssertionError with its complaints when it ends with another code than 0. */
export function initgraph(...words: readonly string[]): string {
  const run = spawnSync(process.execPath, [MAIN, ...words], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, `initgraph ${words.join(" ")}\n${run.stderr}`);
  return run.stdout;
}

/** Builds a recipe into `scratch`, with a cache of its own there. @returns the path of the final image. */
export function buildRecipe(recipe: string, scratch: string, ...options: readonly string[]): string {
  const out = join(scratch, "result");
  initgraph("build", recipe, "--out", out, "--cache", join(scratch, "cache"), ...options);
  return join(out, recipe.replace(/^.*\//, "").replace(/\.yaml$/, ""));
}

/** The parts of a manifest that tests look at. */
export interface Manifest {
  readonly layers: readonly { readonly segments: readonly object[] }[];
  readonly entries: readonly { readonly path: string }[];
}

/** The manifest beside an image. */
export function manifestOf(image: string): Manifest {
  return JSON.parse(readFileSync(`${image}.manifest.json`, "utf8"));
}
