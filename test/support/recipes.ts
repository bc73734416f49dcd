/** Recipes for tests: text in, Spec or problems out. */
import { bytesOf, type HostPath, parseHostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import type { SpecProblem } from "../../src/core/problems/spec.ts";
import { loadSpec, type RecipeInput, type RecipeOverrides } from "../../src/spec/load.ts";
import type { Spec } from "../../src/spec/spec.ts";

export const NO_OVERRIDES: RecipeOverrides = {
  sysroot: null,
  compressor: null,
  kernel: null,
  variables: new Map(),
};

export function recipeInput(recipe: string | Uint8Array, more: Partial<RecipeInput> = {}): RecipeInput {
  return {
    bytes: typeof recipe === "string" ? Buffer.from(recipe) : recipe,
    file: "recipe.yaml",
    directory: "/work/recipes" as HostPath,
    identity: "/work/recipes/recipe.yaml",
    readIncluded: () => ({ what: "it is not there" }),
    overrides: NO_OVERRIDES,
    sourceDateEpoch: null,
    ...more,
  };
}

export function specOf(recipe: string | Uint8Array, more: Partial<RecipeInput> = {}): Spec {
  return loadSpec(recipeInput(recipe, more));
}

/** The problems of a recipe that is refused. */
export function problemsOf(
  recipe: string | Uint8Array,
  more: Partial<RecipeInput> = {},
): readonly SpecProblem[] {
  try {
    specOf(recipe, more);
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems as readonly SpecProblem[];
    throw error;
  }
  return [];
}

/** `2:7 spec/unknown-key`, or the code alone where no line of the recipe is at fault. */
export function placesOf(problems: readonly SpecProblem[]): string[] {
  return problems.map((problem) => {
    const at = "at" in problem ? problem.at : null;
    return at ? `${at.line}:${at.column}+${at.width} ${problem.code}` : problem.code;
  });
}

/** Recipe files by path below /work/recipes, the first of which is the recipe. */
export function recipeOf(
  files: Readonly<Record<string, string>>,
  overrides: Partial<RecipeOverrides> = {},
): [recipe: string, more: Partial<RecipeInput>] {
  const [file = ""] = Object.keys(files);
  const directory = "/work/recipes" as HostPath;
  const path = parseHostPath(bytesOf(file), directory)!;
  return [
    files[file]!,
    {
      file,
      directory: parseHostPath(bytesOf(".."), path)!,
      identity: path,
      overrides: { ...NO_OVERRIDES, ...overrides },
      readIncluded: (included) => {
        const text = files[included.slice(directory.length + 1)];
        return text === undefined
          ? { what: "it is not there" }
          : { bytes: Buffer.from(text), identity: included };
      },
    },
  ];
}
