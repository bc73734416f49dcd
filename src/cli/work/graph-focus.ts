/** Which nodes of a graph a word of the command line means: whatever `why` takes it for, or a line of the recipe. */
import { type ByteString, showPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { GraphDocument } from "../../draw/graph-document.ts";
import { fileNode } from "../../graph/references.ts";
import { nearestPaths } from "../../inspect/nearest-paths.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { parseAsked } from "../../trace/asked-name.ts";
import { NamedEntries, nearestName } from "../../trace/find-named.ts";
import type { TracedImage } from "../../trace/traced-image.ts";

/** By their numbers. Throws WrongUsage, and BuildFailure trace/not-in-image. */
export function findFocus(word: string, image: TracedImage, document: GraphDocument): ReadonlySet<number> {
  const lines = document.nodes.filter(({ item, at }) => item === word || isAt(at ?? null, word));
  if (lines.length > 0) return new Set(lines.map(({ id }) => id));
  const asked = parseAsked(word);
  if (asked === null || asked.kind === "package")
    throw new WrongUsage(
      "--focus takes a path, a glob, a name, or a line of the recipe (contents/3, initrd.yaml:14)",
    );
  const entries = new NamedEntries(image, () => []);
  // A part of a copied tree that refers to something has a node of its own.
  const numbers = new Map(image.references.nodes.map(({ id }, number) => [id, number]));
  const found = entries
    .find(asked)
    .flatMap(({ entry: { path, node } }) => numbers.get(fileNode(path)) ?? node ?? []);
  if (found.length > 0) return new Set(found);
  const nearest = nearestTo(asked.text, entries);
  throw new BuildFailure([{ code: "trace/not-in-image", asked: word, image: image.name, nearest }]);
}

/** `recipes/router.yaml:14`, with or without its column; the file's last name will do. */
function isAt(at: string | null, word: string): boolean {
  if (at === null || !/:\d+$/.test(word)) return false;
  return [at, at.replace(/:\d+$/, "")].some((place) => place === word || place.endsWith(`/${word}`));
}

function nearestTo(text: ByteString, entries: NamedEntries): string[] {
  const paths = nearestPaths(text, entries.tree).map(showPath);
  if (paths.length > 0 || text.includes("/")) return paths;
  const one = nearestName(text, entries);
  return one === null ? [] : [one];
}
