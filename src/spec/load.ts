/** Recipe text to Spec: every problem of the recipe and of what it includes, or what it means, defaults filled in. */
import { type Digest, digestOf } from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { SpecProblem } from "../core/problems/spec.ts";
import { type CheckedShape, checkShape } from "./check-shape.ts";
import { interpretRecipe } from "./interpret.ts";
import { mergeRecipes } from "./merge.ts";
import type { Places } from "./places.ts";
import {
  type ReadIncluded,
  type ReadRecipe,
  type ReadRecipes,
  type RootFile,
  readRecipes,
} from "./read-recipes.ts";
import type { Recipe } from "./schema.ts";
import type { Spec } from "./spec.ts";
import { Substituter } from "./substitute.ts";
import { type Settings, settleVariables, type Variables } from "./variables.ts";

/** The recipe's file, and what else it depends on. */
export interface RecipeInput extends RootFile {
  readonly readIncluded: ReadIncluded;
  readonly overrides: RecipeOverrides;
  /** The environment variable's value; null: not set. */
  readonly sourceDateEpoch: string | null;
}

/** What the command line says in place of the recipe; null: nothing. */
export interface RecipeOverrides {
  readonly sysroot: HostPath | null;
  /** A name or a command line; goes with the table's arguments, not with the recipe's. */
  readonly compressor: string | null;
  /** The version of the kernel; of a recipe for several, the one that the image is for. */
  readonly kernel: string | null;
  readonly variables: Settings;
}

/** A recipe with what it includes, merged, checked, its variables in their places. */
export interface LoadedRecipe {
  readonly spec: Spec;
  /** Without `include` and `vars`. */
  readonly recipe: Recipe;
  readonly places: Places;
  readonly variables: Variables;
}

/** What is generated wrongly is wrong a thousand times; nobody reads more than these. */
const MOST_PROBLEMS = 500;

/** Throws BuildFailure with all problems, in the order of their places. Reads no file but by `readIncluded`. */
export function loadSpec(input: RecipeInput): Spec {
  return loadRecipe(input).spec;
}

/** The same, with what it was made of. */
export function loadRecipe(input: RecipeInput): LoadedRecipe {
  const settings = input.overrides.variables;
  const read = readRecipes(input, input.readIncluded, settings);
  refuseAny(read.problems, read.met);
  const { files, places } = read;
  const problems: SpecProblem[] = [];
  const variables = settleVariables(files, settings, (problem) => problems.push(problem));
  problems.push(...changedSince(read, variables));
  const substituter = new Substituter(places);
  const checked = files.map((by) => {
    const located = substituter.all(by.located, variables);
    return { by, located, shape: checkShape(located) };
  });
  const isNews = (problem: SpecProblem) =>
    !("at" in problem && problem.at && substituter.isBroken(problem.at));
  const ofShapes = checked.flatMap(({ shape }) => shape.problems).filter(isNews);
  const { recipe, mentioned, problems: conflicts } = mergeRecipes(checked, places);
  const shape: CheckedShape = { recipe, problems: ofShapes, mentioned };
  const located = checked.map((one) => one.located);
  const said = { located, digest: digestOfAll(files, settings) };
  const { spec, problems: ofMeaning } = interpretRecipe(shape, said, input);
  problems.push(...substituter.problems, ...ofShapes, ...conflicts, ...ofMeaning.filter(isNews));
  refuseAny(problems, read.met);
  return { spec, recipe, places, variables };
}

/** Of one file: of its bytes. Else of all that a recipe is made of, in the order in which it is merged. */
function digestOfAll(files: readonly ReadRecipe[], settings: Settings): Digest {
  const digests = files.map(({ digest }) => digest);
  if (files.length === 1 && settings.size === 0) return digests[0]!;
  const set = [...settings].map(([name, value]) => `${name}=${value}`).sort();
  return digestOf(Buffer.from(JSON.stringify([digests, set])));
}

/** The path of an include is followed before all variables are known; it must lead there all the same. */
function changedSince({ earlyUses, files }: ReadRecipes, variables: Variables): SpecProblem[] {
  return earlyUses.flatMap(({ name, variable }) => {
    const settled = variables.get(name);
    if (!settled?.at || !variable.at || settled.value === variable.value) return [];
    const above = files.at(-1)!.file;
    return [{ code: "spec/conflict", at: settled.at, key: `vars.${name}`, first: variable.at, above }];
  });
}

function refuseAny(problems: readonly SpecProblem[], files: readonly string[]): void {
  if (problems.length === 0) return;
  const order = new Map(files.map((file, index) => [file, index]));
  throw new BuildFailure([...problems].sort((a, b) => compare(a, b, order)).slice(0, MOST_PROBLEMS));
}

/** Those of the command line and the environment come last. */
function compare(a: SpecProblem, b: SpecProblem, order: ReadonlyMap<string, number>): number {
  const [first, second] = [placeOf(a, order), placeOf(b, order)];
  return first.file - second.file || first.line - second.line || first.column - second.column;
}

function placeOf(problem: SpecProblem, order: ReadonlyMap<string, number>) {
  const at = "at" in problem ? problem.at : null;
  if (at === null) return { file: order.size, line: 0, column: 0 };
  return { file: order.get(at.file) ?? order.size, line: at.line, column: at.column };
}
