/** What a well-formed recipe means. Values that make no sense are reported, each with its place. */
import { archByName } from "../core/arch.ts";
import type { Digest } from "../core/digest.ts";
import { bytesOf, commonDirectory, type TargetPath } from "../core/path.ts";
import type { PathFault, SpecProblem } from "../core/problems/spec.ts";
import type { WarningCode } from "../core/warning.ts";
import { DLOPEN_PRIORITIES, type DlopenPriority } from "../formats/elf-notes.ts";
import type { CheckedShape } from "./check-shape.ts";
import { DEFAULTS } from "./defaults.ts";
import { interpretBudget } from "./interpret-budget.ts";
import { interpretImage } from "./interpret-image.ts";
import { isMatrix, kernelsIn } from "./interpret-kernel.ts";
import { interpretLayers } from "./interpret-layers.ts";
import { interpretSecrets } from "./interpret-secrets.ts";
import { interpretStore, sysrootOf } from "./interpret-trees.ts";
import type { RecipeInput } from "./load.ts";
import { type Parsed, readHostGlob, readTarget } from "./paths.ts";
import type { Places } from "./places.ts";
import type { Recipe } from "./schema.ts";
import { shorten } from "./source-text.ts";
import type { Allowance, HwcapsWish, PrependItem, Spec } from "./spec.ts";
import type { LocatedValue } from "./yaml-values.ts";

/** What all parts of the interpretation need. */
export interface Interpretation {
  readonly recipe: Recipe;
  readonly places: Places;
  readonly input: RecipeInput;
  readonly mentioned: ReadonlySet<string>;
  /** The recipe is for several kernels. */
  readonly isMatrix: boolean;
  report(problem: SpecProblem): void;
  /** The value of a path, or a problem at that member and null. */
  path<T>(parsed: Parsed<T>, container: object, member: string | number, key: string): T | null;
}

export interface Interpreted {
  /** Of no use where there are problems. */
  readonly spec: Spec;
  readonly problems: readonly SpecProblem[];
}

/** What the recipe's files say, in sum. */
export interface RecipeFiles {
  /** Each file's values, the recipe's own last. */
  readonly located: readonly LocatedValue[];
  readonly digest: Digest;
}

export function interpretRecipe(
  shape: CheckedShape,
  { located, digest }: RecipeFiles,
  input: RecipeInput,
): Interpreted {
  const problems: SpecProblem[] = [];
  const { recipe, mentioned } = shape;
  const { places } = located.at(-1)!;
  const context: Interpretation = {
    recipe,
    places,
    input,
    mentioned,
    isMatrix: isMatrix(recipe),
    report: (problem) => {
      problems.push(problem);
    },
    path: (parsed, container, member, key) => {
      if (!("fault" in parsed)) return parsed.value;
      problems.push(badPath(container as Record<string, unknown>, member, key, parsed.fault, places));
      return null;
    },
  };
  const sysroot = sysrootOf(context);
  const store = interpretStore(context, sysroot);
  const image = interpretImage(context, store.directory);
  const spec: Spec = {
    recipe: input.file,
    directory: input.directory,
    base: commonDirectory(located.map(({ at }) => at.text.directory)),
    digest,
    name:
      context.isMatrix && input.overrides.kernel !== null
        ? `${nameOf(context)}-${input.overrides.kernel}`
        : nameOf(context),
    arch: recipe.arch === undefined ? null : archByName(recipe.arch),
    sysroot,
    store,
    layout: recipe.layout ?? DEFAULTS.layout,
    layering: layeringOf(context),
    layers: interpretLayers(context, { image, storeDirectory: store.directory }),
    secrets: interpretSecrets(context),
    prepend: prependOf(context),
    libraryPath: libraryPathOf(context),
    dlopen: dlopenOf(context),
    hwcaps: hwcapsOf(context),
    loaderCache: recipe.closure?.loaderCache ?? DEFAULTS.loaderCache,
    allow: allowancesOf(context),
    silence: (recipe.silence ?? []) as readonly WarningCode[],
    image,
    budget: interpretBudget(recipe, context),
  };
  const { kernel } = input.overrides;
  if (kernel !== null && kernelsIn(recipe).length === 0)
    context.report({ code: "spec/no-kernel", version: kernel, recipe: input.file });
  if (namesNothing(shape, located))
    context.report({ code: "spec/nothing-to-build", at: headOf(located.at(-1)!) });
  return { spec, problems };
}

function layeringOf({ recipe, places, report }: Interpretation): Spec["layering"] {
  if (recipe.layering === "auto" && recipe.layers !== undefined)
    report({ code: "spec/layers-and-layering", at: places.ofKey(recipe, "layering") });
  return recipe.layering ?? DEFAULTS.layering;
}

function badPath(
  container: Record<string, unknown>,
  member: string | number,
  key: string,
  fault: PathFault,
  places: Places,
): SpecProblem {
  const value = container[member];
  // The keys of "files" and "secrets" are paths themselves.
  const isKey = typeof value !== "string" || key === "files" || key === "secrets";
  const at = isKey ? places.ofKey(container, member) : places.ofValue(container, member);
  return { code: "spec/bad-path", at, key, path: shorten(String(isKey ? member : value)), fault };
}

const PARTS = ["contents", "files", "secrets", "kernel", "layers", "prepend"] as const;

/** A part that is misspelt may have named something. */
function namesNothing({ problems }: CheckedShape, files: readonly LocatedValue[]): boolean {
  const isMeant = problems.some(
    (problem) => problem.code === "spec/unknown-key" && PARTS.some((part) => part === problem.nearest),
  );
  // Judged before what is broken was left out; `contents:` with nothing behind it has its own problem.
  const isEmpty = ({ value }: LocatedValue) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false; // a problem already
    return PARTS.every((part) => {
      const said = Object.hasOwn(value, part) ? value[part]! : [];
      return typeof said === "object" && said !== null && Object.keys(said).length === 0;
    });
  };
  return !isMeant && files.every(isEmpty);
}

/** The first key of a file. */
function headOf({ value, places, at }: LocatedValue): ReturnType<Places["span"]> {
  const first = Object.keys(value as object)[0];
  return first === undefined ? places.span(at) : places.ofKey(value as object, first);
}

function nameOf({ recipe, places, report }: Interpretation): string {
  const { name } = recipe;
  if (name === undefined) return DEFAULTS.name;
  if (name === "." || name === ".." || name.startsWith("-") || Buffer.byteLength(name) > 200) {
    report({
      code: "spec/bad-value",
      at: places.ofValue(recipe, "name"),
      key: "name",
      expected: 'a file name of at most 200 bytes, not "." or "..", without a leading "-"',
      found: `the text "${shorten(name)}"`,
      nearest: null,
    });
  }
  return name;
}

function prependOf({ recipe, places, path }: Interpretation): PrependItem[] {
  const list = recipe.prepend ?? [];
  return list.flatMap((text, index) => {
    const read = path(readHostGlob(text, places.directoryOf(list, index)), list, index, "prepend");
    return read === null ? [] : [{ at: places.ofValue(list, index), ...read }];
  });
}

function libraryPathOf({ recipe, path }: Interpretation): TargetPath[] {
  const list = recipe.closure?.libraryPath ?? [];
  return list.flatMap((text, index) => path(readTarget(text), list, index, "closure.libraryPath") ?? []);
}

function hwcapsOf({ recipe }: Interpretation): HwcapsWish {
  const said = recipe.closure?.hwcaps ?? DEFAULTS.hwcaps;
  return said === "baseline" ? [] : said;
}

/** The priority that is said, and those above it. */
function dlopenOf({ recipe }: Interpretation): readonly DlopenPriority[] {
  const known: readonly string[] = DLOPEN_PRIORITIES;
  return DLOPEN_PRIORITIES.slice(0, known.indexOf(recipe.closure?.dlopen ?? DEFAULTS.dlopen) + 1);
}

function allowancesOf({ recipe, places, report }: Interpretation): Allowance[] {
  const list = recipe.allow ?? [];
  return list.map((item, index) => {
    // Nothing but wildcards: it would hide every hole that ever comes.
    if (/^[*/.?]*$/.test(item.missing)) {
      report({ code: "spec/allow-all", at: places.ofValue(item, "missing"), missing: shorten(item.missing) });
    }
    return {
      at: places.ofValue(list, index),
      missing: bytesOf(item.missing),
      neededBy: item.neededBy === undefined ? null : bytesOf(item.neededBy),
      reason: item.reason,
    };
  });
}
