import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { checkShape } from "../../src/spec/check-shape.ts";
import { lockJsonSchema, recipeJsonSchema } from "../../src/spec/json-schema.ts";
import { Places } from "../../src/spec/places.ts";
import { decodeRecipe, SourceText } from "../../src/spec/source-text.ts";
import { parseYaml } from "../../src/spec/yaml-document.ts";
import { type LocatedValue, readValues } from "../../src/spec/yaml-values.ts";
import { recipeInput } from "../support/recipes.ts";
import { BAD_COMPRESSORS, BAD_MEANINGS, BAD_SHAPES, WITH_COMPRESSOR } from "./bad-recipes.ts";
import { GOOD_RECIPES } from "./good-recipes.ts";

const schema = recipeJsonSchema();

test("the committed schema is the one that the checks make", () => {
  const committed = readFileSync(join(process.cwd(), "schemas", "recipe.schema.json"), "utf8");
  assert.equal(committed, `${JSON.stringify(schema, null, 2)}\n`, "run `npm run schema`");
});

test("the committed schema of locks is the one that the checks make", () => {
  const committed = readFileSync(join(process.cwd(), "schemas", "lock.schema.json"), "utf8");
  assert.equal(committed, `${JSON.stringify(lockJsonSchema(), null, 2)}\n`, "run `npm run schema`");
});

test("a strict validator takes the schema as draft-07", () => {
  const ajv = new Ajv({ strict: true });
  assert.equal(ajv.validateSchema(schema), true, JSON.stringify(ajv.errors));
  assert.ok("$schema" in schema && String(schema.$schema).includes("draft-07"));
});

test("the validator and our own checks agree on every recipe", () => {
  const validate = new Ajv({ strict: true }).compile(schema);
  const recipes = [
    ...GOOD_RECIPES,
    ...[...BAD_SHAPES, ...BAD_MEANINGS].map(([recipe]) => recipe),
    ...BAD_COMPRESSORS.map(([value]) => WITH_COMPRESSOR(value)),
  ];
  let refused = 0;
  for (const recipe of recipes) {
    const located = locate(recipe);
    const isWellFormed = checkShape(located).problems.length === 0;
    assert.equal(validate(located.value), isWellFormed, `${recipe}${JSON.stringify(validate.errors)}`);
    if (!isWellFormed) refused++;
  }
  assert.equal(refused, BAD_SHAPES.length + MALFORMED_ELSEWHERE);
});

/** Rows of the other tables that a schema can see as well: a control character in a command line. */
const MALFORMED_ELSEWHERE = 1;

test("every key has a description, and its examples are valid", () => {
  const ajv = new Ajv({ strict: true });
  let examples = 0;
  for (const { path, node } of subschemas(schema, "")) {
    for (const [key, property] of Object.entries(node["properties"] ?? {})) {
      const described = property as { description?: string; examples?: unknown[] };
      const isDescribed = (described.description ?? "").length > 5 || key === "mode";
      assert.ok(isDescribed, `${path}.${key}`);
    }
    for (const example of (node["examples"] as unknown[] | undefined) ?? []) {
      const { $schema: _, ...alone } = node;
      assert.ok(ajv.validate(alone, example), `${path}: ${JSON.stringify(example)}`);
      examples++;
    }
  }
  assert.ok(examples > 20);
});

function locate(recipe: string): LocatedValue {
  const source = decodeRecipe(recipeInput(recipe));
  assert.ok(source instanceof SourceText, recipe);
  const root = parseYaml(source);
  assert.ok("range" in root, recipe);
  const located = readValues(root, source, new Places());
  assert.ok("places" in located, recipe);
  return located;
}

function subschemas(node: object, path: string): { path: string; node: Record<string, unknown> }[] {
  const below = Object.entries(node).flatMap(([key, value]) => {
    return typeof value === "object" && value !== null && key !== "examples"
      ? subschemas(value, `${path}/${key}`)
      : [];
  });
  return [{ path, node: node as Record<string, unknown> }, ...below];
}
