/** A recipe in one piece, as YAML with comments or as JSON with origins. */
import { machinePorts } from "../../machine/ports.ts";
import { type RecipeOrder, readRecipe } from "../../machine/recipe.ts";
import { loadRecipe } from "../../spec/load.ts";
import { printResolved } from "../../spec/print-resolved.ts";
import { type ResolvedValue, resolveRecipe, type ValueOrigin } from "../../spec/resolve.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";

/** Throws BuildFailure. */
export function printRecipe(order: RecipeOrder, terminal: Terminal): ExitCode {
  const input = readRecipe(order, machinePorts(null).host);
  const resolved = resolveRecipe(loadRecipe(input), input);
  if (!terminal.isJson) {
    terminal.print(printResolved(resolved));
    return 0;
  }
  const origins = Object.fromEntries([...originsIn(resolved, "")].map(([at, one]) => [at, originJson(one)]));
  terminal.printJson({ ok: true, recipe: plainOf(resolved), origins });
  return 0;
}

function plainOf(resolved: ResolvedValue): unknown {
  switch (resolved.kind) {
    case "single":
      return resolved.value;
    case "empty":
      return resolved.value === "list" ? [] : {};
    case "list":
      return resolved.items.map(plainOf);
    case "map":
      return Object.fromEntries(resolved.members.map(([key, value]) => [key, plainOf(value)]));
  }
}

/** By JSON pointer (RFC 6901): `/contents/0/object`. */
function* originsIn(resolved: ResolvedValue, at: string): Generator<[pointer: string, ValueOrigin]> {
  if (resolved.kind === "list") {
    for (const [index, item] of resolved.items.entries()) yield* originsIn(item, `${at}/${index}`);
  } else if (resolved.kind === "map") {
    for (const [key, value] of resolved.members) {
      yield* originsIn(value, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
  } else yield [at, resolved.origin];
}

function originJson(origin: ValueOrigin) {
  if (typeof origin === "string") return { given: origin };
  const { file, line, column } = origin;
  return { file, line, column };
}
