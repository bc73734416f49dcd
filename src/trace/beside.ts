/** What is in an image without a node of the graph: secrets, and what stands in archives before it. */
import { type ByteString, nameOf, parseTargetPath, showBytes, type TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { Plan } from "../plan/plan.ts";
import { globMatcher } from "../trees/glob.ts";
import type { AskedName } from "./asked-name.ts";

export interface BesideEntries {
  readonly secrets: readonly TracedSecret[];
  readonly archives: readonly TracedArchive[];
}

/** A file that is put in last. Nothing of what it holds is told, nor how long it is. */
export interface TracedSecret {
  readonly path: TargetPath;
  /** The recipe's line; null: a directory above a secret, or only the manifest is known. */
  readonly at: Span | null;
}

/** An archive of others that the recipe puts in front. */
export interface TracedArchive {
  /** For people. */
  readonly file: string;
  readonly at: Span | null;
  /** Null: what it holds is not known. */
  readonly paths: readonly TargetPath[] | null;
}

export function besidePlan(
  { secrets }: Pick<Plan, "secrets">,
  early: readonly EarlySegment[],
): BesideEntries {
  return {
    secrets: secrets.map(({ path, item }) => ({ path, at: item?.at ?? null })),
    archives: early.map(({ path, at, entries }) => {
      return { file: showBytes(nameOf(path)), at, paths: entries.map((entry) => entry.path) };
    }),
  };
}

/** Those that a word stands for; an archive with the paths that are meant. */
export function besideNamed({ secrets, archives }: BesideEntries, { kind, text }: AskedName): BesideEntries {
  const isMeant = matcherOf(kind, text);
  return {
    secrets: secrets.filter(({ path }) => isMeant(path)),
    archives: archives.flatMap((archive) => {
      const paths = (archive.paths ?? []).filter(isMeant);
      return paths.length === 0 ? [] : [{ ...archive, paths }];
    }),
  };
}

function matcherOf(kind: AskedName["kind"], text: ByteString): (path: TargetPath) => boolean {
  if (kind === "glob") {
    const matches = globMatcher(text.replace(/^\/+/, ""));
    return text.includes("/") ? matches : (path) => matches(nameOf(path));
  }
  if (kind === "name") return (path) => nameOf(path) === text;
  const literal = kind === "path" ? parseTargetPath(text) : null;
  return (path) => path === literal;
}
