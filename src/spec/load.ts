/** Recipe text to Spec: every problem of the recipe at once, or what it means, defaults filled in. */
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { SpecProblem } from "../core/problems/spec.ts";
import { checkShape } from "./check-shape.ts";
import { interpretRecipe } from "./interpret.ts";
import { decodeRecipe, SourceText } from "./source-text.ts";
import type { Spec } from "./spec.ts";
import { parseYaml } from "./yaml-document.ts";
import { type LocatedValue, readValues } from "./yaml-values.ts";

export interface RecipeInput {
  /** The recipe file's content. */
  readonly bytes: Uint8Array;
  /** The file as the user named it, for messages. */
  readonly file: string;
  /** Where it lies: what `./` in it means. */
  readonly directory: HostPath;
  readonly overrides: RecipeOverrides;
  /** The environment variable's value; null: not set. */
  readonly sourceDateEpoch: string | null;
}

/** What the command line says in place of the recipe; null: nothing. */
export interface RecipeOverrides {
  readonly sysroot: HostPath | null;
  /** A name or a command line; goes with the table's arguments, not with the recipe's. */
  readonly compressor: string | null;
}

/** What is generated wrongly is wrong a thousand times; nobody reads more than these. */
const MOST_PROBLEMS = 500;

/** Throws BuildFailure with all problems, in the order of their places. Reads no file. */
export function loadSpec(input: RecipeInput): Spec {
  const located = readText(input);
  const shape = checkShape(located);
  const { spec, problems } = interpretRecipe(shape, located, input);
  throwIfAny([...shape.problems, ...problems]);
  return spec;
}

function readText({ bytes, file }: RecipeInput): LocatedValue {
  const source = decodeRecipe(bytes, file);
  if (!(source instanceof SourceText)) return refuse(source);
  const root = parseYaml(source);
  if (!("range" in root)) return refuse(root);
  const value = readValues(root, source);
  return "places" in value ? value : refuse(value);
}

function throwIfAny(problems: readonly SpecProblem[]): void {
  if (problems.length > 0) refuse(problems);
}

function refuse(problems: readonly SpecProblem[]): never {
  throw new BuildFailure([...problems].sort(byPlace).slice(0, MOST_PROBLEMS));
}

/** Those of the command line and the environment come last. */
function byPlace(a: SpecProblem, b: SpecProblem): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  return first.line - second.line || first.column - second.column;
}

function placeOf(problem: SpecProblem): { readonly line: number; readonly column: number } {
  const at = "at" in problem ? problem.at : null;
  return at ?? { line: Number.MAX_SAFE_INTEGER, column: 0 };
}
