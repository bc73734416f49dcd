/**
 * A recipe's file and all that it includes or uses for a layer, each read once, whatever ways lead to it. The files come
 * in the order in which they are merged: what is included before what includes it, so that the recipe itself is last.
 */
import { type Digest, digestOf } from "../core/digest.ts";
import { bytesOf, type HostPath, parseHostPath } from "../core/path.ts";
import type { SpecProblem } from "../core/problems/spec.ts";
import type { Span } from "../core/span.ts";
import type { IncludingFile } from "./dominance.ts";
import { Places } from "./places.ts";
import { decodeRecipe, type Located, type RecipeFile, SourceText } from "./source-text.ts";
import { Substituter } from "./substitute.ts";
import { declaredIn, type Settings, settingsAsText, type Variable, type Variables } from "./variables.ts";
import { parseYaml } from "./yaml-document.ts";
import { isMap, type LocatedValue, readValues, type YamlValue } from "./yaml-values.ts";

/** Files of one recipe. It also bounds how deep they include one another. */
export const INCLUDE_LIMIT = 100;

/** Reads what an `include` leads to, or says why it cannot be read. */
export type ReadIncluded = (path: HostPath) => IncludedBytes | { readonly what: string };

export interface IncludedBytes {
  readonly bytes: Uint8Array;
  /** The same for one file, by whatever path it is reached. */
  readonly identity: string;
}

export interface ReadRecipe extends IncludingFile {
  readonly file: string;
  /** Of its bytes. */
  readonly digest: Digest;
  readonly located: LocatedValue;
  readonly declared: Variables;
  /** What it includes itself, in order. */
  readonly includes: readonly ReadRecipe[];
  /** What its layers use, by the text that says it. */
  readonly uses: ReadonlyMap<string, ReadRecipe>;
}

/** A variable's value in the path of an include, which was needed before all files were known. */
export interface EarlyUse {
  readonly name: string;
  readonly variable: Variable;
}

export interface ReadRecipes {
  readonly files: readonly ReadRecipe[];
  /** All files by name, in the order in which they were met: the recipe is first. */
  readonly met: readonly string[];
  readonly problems: readonly SpecProblem[];
  readonly places: Places;
  readonly earlyUses: readonly EarlyUse[];
}

export interface RootFile extends RecipeFile {
  readonly identity: string;
}

export function readRecipes(root: RootFile, read: ReadIncluded, settings: Settings): ReadRecipes {
  const reader = new RecipeReader(read, settings);
  reader.file(root, settingsAsText(settings));
  const { files, met, places, earlyUses } = reader;
  return { files, met, places, earlyUses, problems: [...reader.problems, ...reader.substituter.problems] };
}

interface OpenFile {
  readonly identity: string;
  readonly file: string;
  /** The include that is being followed. */
  at: Span | null;
}

class RecipeReader {
  readonly files: ReadRecipe[] = [];
  readonly met: string[] = [];
  readonly problems: SpecProblem[] = [];
  readonly places = new Places();
  readonly substituter = new Substituter(this.places);
  readonly earlyUses: EarlyUse[] = [];
  readonly #read: ReadIncluded;
  readonly #settings: Settings;
  /** Null: one that has problems. */
  readonly #done = new Map<string, ReadRecipe | null>();
  /** Of what was read already, by its path. */
  readonly #identities = new Map<HostPath, string>();
  /** From the recipe to the file that is being read. */
  readonly #open: OpenFile[] = [];

  constructor(read: ReadIncluded, settings: Settings) {
    this.#read = read;
    this.#settings = settings;
  }

  /** `outer`: the variables of the files that lead here. */
  file(root: RootFile, outer: Variables): ReadRecipe | null {
    const { identity, file, directory } = root;
    this.met.push(file);
    const located = this.#parse(root);
    if (located === null) return null;
    const declared = declaredIn(located);
    const open: OpenFile = { identity, file, at: null };
    this.#open.push(open);
    const variables = new Map([...declared, ...outer]);
    const follow = ({ text, at }: RecipePath): { text: string; read: ReadRecipe }[] => {
      const path = this.substituter.include(text, at, variables);
      if (path === null) return [];
      this.#noteUses(text, variables);
      open.at = this.places.span(at);
      const read = this.#include({ path, at: open.at, file, directory }, variables);
      return read === null ? [] : [{ text, read }];
    };
    const includes = pathsIn(located, this.places)
      .flatMap(follow)
      .map(({ read }) => read);
    const used = usedPathsIn(located, this.places).flatMap(follow);
    this.#open.pop();
    const uses = new Map(used.map(({ text, read }) => [text, read]));
    const below = new Set<IncludingFile>();
    for (const one of [...includes, ...uses.values()])
      for (const file of [one, ...one.below]) below.add(file);
    const read = { file, digest: digestOf(root.bytes), located, declared, below, includes, uses };
    this.files.push(read);
    return read;
  }

  #include(
    { path: text, at, file, directory }: { path: string; at: Span; file: string; directory: HostPath },
    variables: Variables,
  ): ReadRecipe | null {
    const path = parseHostPath(bytesOf(text), directory);
    if (path === null) {
      const what = text === "" ? "the path is empty" : "the path holds a NUL";
      this.problems.push({ code: "spec/cannot-include", at, path: directory, what });
      return null;
    }
    const found = this.#find(path, at);
    if (found === null) return null;
    const { identity } = found;
    const from = this.#open.findIndex((one) => one.identity === identity);
    if (from !== -1) {
      const loop = this.#open.slice(from);
      const chain = loop.map((one, index) => ({
        at: one.at!,
        includes: (loop[index + 1] ?? loop[0]!).file,
      }));
      this.problems.push({ code: "spec/include-loop", at, chain });
      return null;
    }
    const known = this.#done.get(identity);
    if (known !== undefined || found.bytes === null) return known ?? null;
    const seen = {
      identity,
      bytes: found.bytes,
      file: nameFrom(file, text),
      directory: parseHostPath(bytesOf(".."), path)!,
    };
    const read = this.file(seen, variables);
    this.#done.set(identity, read);
    return read;
  }

  /** Null where a problem was reported; no bytes where they are known already. */
  #find(path: HostPath, at: Span): { identity: string; bytes: Uint8Array | null } | null {
    const identity = this.#identities.get(path);
    if (identity !== undefined) return { identity, bytes: null };
    if (this.problems.some(({ code }) => code === "spec/too-many-includes")) return null;
    const found = this.#read(path);
    if ("what" in found) {
      this.problems.push({ code: "spec/cannot-include", at, path, what: found.what });
      return null;
    }
    const isNew = ![...this.#identities.values()].includes(found.identity);
    if (isNew && this.met.length >= INCLUDE_LIMIT) {
      this.problems.push({ code: "spec/too-many-includes", at, limit: INCLUDE_LIMIT });
      return null;
    }
    this.#identities.set(path, found.identity);
    return found;
  }

  /** Null where a problem was reported. */
  #parse(file: RecipeFile): LocatedValue | null {
    const source = decodeRecipe(file);
    if (!(source instanceof SourceText)) return this.#refuse(source);
    const root = parseYaml(source);
    if (!("range" in root)) return this.#refuse(root);
    const value = readValues(root, source, this.places);
    return "places" in value ? value : this.#refuse(value);
  }

  #refuse(problems: readonly SpecProblem[]): null {
    this.problems.push(...problems);
    return null;
  }

  /** Those that are set cannot turn out to be others. */
  #noteUses(text: string, variables: Variables): void {
    for (const [name, variable] of variables) {
      const isUsed = text.replaceAll("$${", "").includes(`\${${name}}`);
      if (variable && isUsed && !this.#settings.has(name)) this.earlyUses.push({ name, variable });
    }
  }
}

interface RecipePath {
  readonly text: string;
  readonly at: Located;
}

/** What is not as it must be is told by the check of shapes. */
function pathsIn({ value }: LocatedValue, places: Places): RecipePath[] {
  return listIn(value, "include").flatMap((text, index, list) => {
    return typeof text === "string" ? [{ text, at: places.place(list, index).value }] : [];
  });
}

function usedPathsIn({ value }: LocatedValue, places: Places): RecipePath[] {
  return listIn(value, "layers").flatMap((layer) => {
    const text = isMap(layer) && Object.hasOwn(layer, "use") ? layer["use"] : null;
    return typeof text === "string" ? [{ text, at: places.place(layer as object, "use").value }] : [];
  });
}

function listIn(recipe: YamlValue, key: string): YamlValue[] {
  const list = isMap(recipe) && Object.hasOwn(recipe, key) ? recipe[key] : null;
  return Array.isArray(list) ? list : [];
}

/** The name of an included file for people, seen as they named the file that includes it. */
function nameFrom(file: string, path: string): string {
  const isAbsolute = path.startsWith("/") || file.startsWith("/");
  const parts: string[] = [];
  const text = path.startsWith("/") ? path : `${file.slice(0, file.lastIndexOf("/") + 1)}${path}`;
  for (const part of text.split("/")) {
    const last = parts.at(-1);
    if (part === "..") {
      if (last === undefined && isAbsolute) continue;
      if (last === undefined || last === "..") parts.push("..");
      else parts.pop();
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return `${isAbsolute ? "/" : ""}${parts.join("/")}`;
}
