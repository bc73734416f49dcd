/**
 * The variables of a recipe: what its files declare under `vars`, where the including one wins, and what the
 * command line sets. Nothing comes from the environment.
 */
import type { CompositionProblem } from "../core/problems/composition.ts";
import type { Span } from "../core/span.ts";
import { undominated } from "./dominance.ts";
import { nearestOf } from "./nearest.ts";
import type { ReadRecipe } from "./read-recipes.ts";
import { shorten } from "./source-text.ts";
import { isMap, type LocatedValue } from "./yaml-values.ts";

export const VARIABLE_NAME = /^[A-Z_][A-Z0-9_]*$/;

export interface Variable {
  readonly value: string | number | boolean;
  /** As it goes into longer text: a number with its own digits. */
  readonly written: string;
  /** Where it is declared; null: it is set by the command line. */
  readonly at: Span | null;
}

/** Null: declared in a form that is a problem already. */
export type Variables = ReadonlyMap<string, Variable | null>;

/** What `--set` says, each name once. */
export type Settings = ReadonlyMap<string, string>;

type Report = (problem: CompositionProblem) => void;

/** What one file declares. */
export function declaredIn({ value, places }: LocatedValue): Variables {
  const declared = new Map<string, Variable | null>();
  const said = isMap(value) && Object.hasOwn(value, "vars") ? value["vars"]! : {};
  if (!isMap(said)) return declared;
  for (const [name, one] of Object.entries(said)) {
    const written = typeof one === "string" ? one : (places.place(said, name).source ?? String(one));
    const isBroken = one === null || typeof one === "object" || !VARIABLE_NAME.test(name);
    declared.set(name, isBroken ? null : { value: one, written, at: places.ofValue(said, name) });
  }
  return declared;
}

/** What the command line sets, before it is known which type is declared: as text. */
export function settingsAsText(settings: Settings): Variables {
  return new Map([...settings].map(([name, text]) => [name, { value: text, written: text, at: null }]));
}

/** The value of every variable. Files stand in the order in which they are merged; the last includes all. */
export function settleVariables(files: readonly ReadRecipe[], settings: Settings, report: Report): Variables {
  const settled = new Map<string, Variable | null>();
  for (const name of new Set(files.flatMap(({ declared }) => [...declared.keys()]))) {
    const sayings = files.flatMap((by) => {
      const variable = by.declared.get(name);
      return variable === undefined ? [] : [{ by, variable }];
    });
    const winners = undominated(sayings);
    const { variable } = winners.at(-1)!;
    const other = winners.find((one) => one.variable?.value !== variable?.value)?.variable;
    if (variable?.at && other?.at && !settings.has(name)) {
      const above = files.at(-1)!.file;
      report({ code: "spec/conflict", at: variable.at, key: `vars.${name}`, first: other.at, above });
    }
    const text = settings.get(name);
    settled.set(name, text === undefined ? variable : settingOf(name, text, variable, report));
  }
  const known = [...settled.keys()];
  for (const name of settings.keys()) {
    if (settled.has(name)) continue;
    report({
      code: "spec/undeclared-variable",
      name: shorten(name),
      nearest: nearestOf(name, known),
      known,
    });
  }
  return settled;
}

/** A setting is of the type that is declared, so that a number stays one. */
function settingOf(name: string, text: string, declared: Variable | null, report: Report): Variable | null {
  if (declared === null || declared.at === null) return null;
  const set = { written: text, at: null };
  if (typeof declared.value === "string") return { ...set, value: text };
  if (typeof declared.value === "boolean" && /^(true|false)$/.test(text)) {
    return { ...set, value: text === "true" };
  }
  if (typeof declared.value === "number" && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) {
    return { ...set, value: Number(text) };
  }
  const expected = typeof declared.value === "number" ? "a number" : "true or false";
  report({ code: "spec/bad-setting", name, value: shorten(text), expected, declared: declared.at });
  return null;
}
