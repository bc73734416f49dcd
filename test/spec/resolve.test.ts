import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostPath } from "../../src/core/path.ts";
import { loadRecipe } from "../../src/spec/load.ts";
import { printResolved } from "../../src/spec/print-resolved.ts";
import { resolveRecipe } from "../../src/spec/resolve.ts";
import { NO_OVERRIDES, recipeInput, specOf } from "../support/recipes.ts";
import { GOOD_RECIPES } from "./good-recipes.ts";

function resolve(input: ReturnType<typeof recipeInput>): string {
  return printResolved(resolveRecipe(loadRecipe(input), input));
}

/** A recipe's meaning without its places. */
function meaningOf(recipe: string, more: Parameters<typeof recipeInput>[1] = {}): unknown {
  const { digest: _, ...spec } = specOf(recipe, more);
  return JSON.parse(JSON.stringify(spec, (key, value) => (/^(at|levelAt|argsAt)$/.test(key) ? null : value)));
}

test("a resolved recipe is a recipe that means the same, and resolves to the same", () => {
  for (const recipe of GOOD_RECIPES) {
    const resolved = resolve(recipeInput(recipe));
    assert.deepEqual(meaningOf(resolved), meaningOf(recipe), resolved);
    const withoutOrigins = (text: string) => text.replaceAll(/ # recipe\.yaml:.*/g, "");
    assert.equal(withoutOrigins(resolve(recipeInput(resolved))), withoutOrigins(resolved));
  }
});

test("what stands over the recipe is in it, and what it replaces is not", () => {
  const overrides = { ...NO_OVERRIDES, sysroot: "/srv/root" as HostPath, compressor: "gzip -9" };
  for (const recipe of GOOD_RECIPES) {
    const more = { overrides, sourceDateEpoch: "77" };
    const resolved = resolve(recipeInput(recipe, more));
    assert.deepEqual(meaningOf(resolved), meaningOf(recipe, more), resolved);
  }
});
