/** The recipes that the words of a command line name: files, and patterns over files. */
import { bytesOf, decodeUtf8, type HostPath, showBytes, type TargetPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { ProblemCollector } from "../core/problem.ts";
import { hostPathFrom, isOnHost } from "../machine/files.ts";

export interface NamedRecipes {
  /** As they were typed, each once, in order; those of a pattern in byte order. */
  readonly recipes: readonly string[];
  /** Whether more than one word or a pattern was given: then there may be any number. */
  readonly areSeveral: boolean;
}

const MAGIC = /[*?[\]{}!()]/;

/** Throws BuildFailure cli/no-recipes for each pattern that no file is called by. */
export async function namedRecipes(
  words: readonly string[],
  host: Pick<Host, "tree">,
): Promise<NamedRecipes> {
  const patterns = new Set(words.filter((word) => MAGIC.test(word) && !isOnHost(hostPathFrom(word), host)));
  if (patterns.size === 0 && words.length === 1) return { recipes: words, areSeveral: false };
  const matches = new Map<string, readonly string[]>();
  const problems = new ProblemCollector();
  for (const pattern of patterns) {
    const found = await filesCalled(pattern, host);
    matches.set(pattern, found);
    if (found.length === 0) problems.add({ code: "cli/no-recipes", pattern });
  }
  problems.throwIfAny();
  const recipes = new Map<HostPath, string>();
  for (const recipe of words.flatMap((word) => matches.get(word) ?? [word])) {
    const path = hostPathFrom(recipe);
    if (!recipes.has(path)) recipes.set(path, recipe);
  }
  return { recipes: [...recipes.values()], areSeveral: true };
}

/** In the form in which the pattern is written: below the directory that it names plainly. */
async function filesCalled(pattern: string, host: Pick<Host, "tree">): Promise<string[]> {
  // Few runs have a pattern, and the others start faster without the matcher.
  const { expandGlob } = await import("../trees/glob.ts");
  const { PathResolver } = await import("../trees/resolve-path.ts");
  const parts = pattern.split("/");
  const plain = parts.slice(
    0,
    parts.findIndex((part) => MAGIC.test(part)),
  );
  const before = plain.length === 0 ? "" : `${plain.join("/")}/`;
  const directory = hostPathFrom(before || ".");
  if (!isOnHost(directory, host)) return [];
  const paths = new PathResolver(host.tree(directory));
  const rest = bytesOf(pattern.slice(before.length));
  const found = expandGlob(rest as string as TargetPath, paths);
  const files = found.filter((path) => paths.resolve(path).facts?.kind !== "directory");
  return files.map((path) => `${before}${decodeUtf8(path) ?? showBytes(path)}`);
}
