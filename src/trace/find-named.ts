/** Which entries of an image a word stands for: paths through its symlinks, and names of files, libraries, modules and firmware. */
import { type ByteString, nameOf, parseTargetPath, showBytes, type TargetPath } from "../core/path.ts";
import { moduleCompressionOf, moduleNameOf } from "../formats/kmod-names.ts";
import { nearestOf } from "../spec/nearest.ts";
import { globMatcher } from "../trees/glob.ts";
import { type LinkMet, PathResolver } from "../trees/resolve-path.ts";
import type { AskedName } from "./asked-name.ts";
import type { TracedEntry, TracedImage } from "./traced-image.ts";
import { TracedTree } from "./traced-tree.ts";

export interface NamedEntry {
  readonly entry: TracedEntry;
  /** The symlinks in the middle of the path, where one was asked for. */
  readonly links: readonly LinkMet[];
}

/** Names of modules by an alias such as `pci:v00001AF4d*`; none where nobody knows. */
export type FindAlias = (alias: string) => readonly string[];

export class NamedEntries {
  readonly tree: TracedTree;
  readonly #image: TracedImage;
  readonly #findAlias: FindAlias;

  constructor(image: TracedImage, findAlias: FindAlias) {
    this.#image = image;
    this.tree = new TracedTree(image);
    this.#findAlias = findAlias;
  }

  /** In the order of the image; those too that a later layer lies over. */
  find({ kind, text }: AskedName): readonly NamedEntry[] {
    switch (kind) {
      case "path":
        return this.#atPath(text);
      case "glob":
        return this.#like(text);
      case "name":
        return this.#called(text);
      case "module":
        return this.#modules(text);
      case "firmware":
        return this.#firmware(text);
      case "package":
        return [];
    }
  }

  #atPath(text: ByteString): readonly NamedEntry[] {
    const { path, links } = new PathResolver(this.tree).resolveParent(text);
    const found = this.#pick((entry) => entry.path === path, links);
    if (found.length > 0) return found;
    const literal = parseTargetPath(text);
    if (literal === null) return [];
    const renamed = this.#pick((entry) => entry.original === literal);
    if (renamed.length > 0 || text.startsWith("/")) return renamed;
    return this.#pick((entry) => packedNames(literal).some((name) => entry.path.endsWith(`/${name}`)));
  }

  #like(glob: ByteString): readonly NamedEntry[] {
    const matches = globMatcher(glob.replace(/^\/+/, ""));
    if (!glob.includes("/")) return this.#pick(({ path }) => unpackedNames(nameOf(path)).some(matches));
    return this.#pick(({ path, original }) => matches(path) || (original !== path && matches(original)));
  }

  #called(name: ByteString): readonly NamedEntry[] {
    const exact = this.#pick(({ path }) => nameOf(path) === name);
    const found = [...new Set([...exact, ...this.#modules(name), ...this.#firmware(name)])];
    const files = found.filter(({ entry }) => entry.kind !== "directory");
    if (files.length > 0) return unique(files);
    if (found.length > 0) return unique(found);
    // "libz", "libz.so": a soname goes on with its number.
    const isLibrary = /^lib./.test(name);
    return isLibrary ? this.#pick(({ path }) => isVersionOf(nameOf(path), name)) : [];
  }

  #modules(word: ByteString): readonly NamedEntry[] {
    const named = this.#pick(({ path }) => isModule(path, moduleNameOf(word)));
    if (named.length > 0) return named;
    const names = new Set<string>(this.#findAlias(word));
    return names.size === 0
      ? []
      : this.#pick(({ path }) => moduleCompressionOf(path) !== null && names.has(moduleNameOf(path)));
  }

  #firmware(name: ByteString): readonly NamedEntry[] {
    const names = packedNames(name);
    return this.#pick(
      ({ path }) => /(^|\/)firmware\//.test(path) && names.some((one) => path.endsWith(`/${one}`)),
    );
  }

  #pick(isMeant: (entry: TracedEntry) => boolean, links: readonly LinkMet[] = []): NamedEntry[] {
    return this.#image.entries.filter(isMeant).map((entry) => ({ entry, links }));
  }
}

/** So many names are compared with a misspelt one. */
const MOST_NAMES = 20_000;

/** What somebody may have meant who named no path: a file's name, or a module's. */
export function nearestName(word: ByteString, { tree }: NamedEntries): string | null {
  const names = new Set<string>();
  for (const path of tree.paths()) {
    const name = moduleCompressionOf(path) === null ? nameOf(path) : moduleNameOf(path);
    if (names.size < MOST_NAMES) names.add(showBytes(name));
  }
  return nearestOf(showBytes(word), [...names]);
}

const PACKINGS = [".zst", ".xz"];

/** Firmware by its plain name. */
function packedNames(name: string): string[] {
  return [name, ...PACKINGS.map((packing) => name + packing)];
}

function unpackedNames(name: ByteString): ByteString[] {
  const packing = PACKINGS.find((one) => name.endsWith(one));
  return packing === undefined ? [name] : [name, name.slice(0, -packing.length) as ByteString];
}

function isModule(path: TargetPath, name: ByteString): boolean {
  return moduleCompressionOf(path) !== null && moduleNameOf(path) === name;
}

function isVersionOf(name: ByteString, stem: ByteString): boolean {
  return name.startsWith(`${stem}.`) && /^\.(so\.)?[0-9.]+$|^\.so$/.test(name.slice(stem.length));
}

function unique(found: readonly NamedEntry[]): NamedEntry[] {
  return [...new Map(found.map((one) => [one.entry, one])).values()];
}
