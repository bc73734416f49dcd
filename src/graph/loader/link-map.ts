/**
 * The list of what a process has loaded, and how it grows: breadth-first, and what is there already is not
 * looked for again.
 * Sources: glibc elf/dl-deps.c (_dl_map_object_deps), elf/dl-load.c (_dl_map_object, _dl_name_match_p); musl
 * ldso/dynlink.c (load_library, load_direct_deps); uClibc-ng ldso/ldso/dl-elf.c (_dl_load_shared_library).
 */
import { type ByteString, nameOf, showPath, type TargetPath } from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { DlopenNote, DlopenPriority } from "../../formats/elf-notes.ts";
import type { ResolvedPath } from "../../trees/resolve-path.ts";
import type { LoaderProfile } from "./profile.ts";
import type { FileFound, Searcher, SearchResult } from "./search.ts";
import { ownInheritable, type SearchDirectory, searchPathOf } from "./search-path.ts";
import { expandTokens } from "./tokens.ts";

export interface LoadedLibrary {
  /** Who names it: a canonical path. */
  readonly by: TargetPath;
  /** The name, its tokens not expanded. */
  readonly soname: ByteString;
  /** DT_AUXILIARY: where it is missing the loader goes on. */
  readonly isOptional: boolean;
  readonly outcome: LibraryOutcome;
  /** The note that declares it; null: the loader itself maps it. */
  readonly note: DlopenNote | null;
}

export type LibraryOutcome =
  | (Omit<FileFound, "elf"> & {
      /** An earlier reference brought it in; `foundAt` is the path it was found at then. */
      readonly isAlreadyLoaded: boolean;
    })
  | Exclude<SearchResult, FileFound>;

export type Interpreter = { readonly asked: ByteString; readonly resolved: ResolvedPath } | null;

/** What a process is started with. */
export interface ProcessWish {
  readonly interpreter: Interpreter;
  readonly dlopen: readonly DlopenPriority[];
}

interface LoadedObject {
  readonly path: TargetPath;
  /** The path as messages show it. */
  readonly name: string;
  readonly elf: ElfFile;
  readonly origin: string;
  /** Directories for those it loads: its own, then those of the objects that loaded it. */
  readonly inherited: readonly SearchDirectory[];
  readonly search: readonly SearchDirectory[];
  /** What a reference gets that names it again. */
  readonly again: LibraryOutcome;
}

/** What one process has loaded, in order: glibc's name for it. */
export class LinkMap {
  readonly #profile: LoaderProfile;
  readonly #searcher: Searcher;
  readonly #wish: ProcessWish;
  readonly #byName = new Map<string, LibraryOutcome>();
  readonly #byPath = new Map<TargetPath, LibraryOutcome>();
  readonly #libraries: LoadedLibrary[] = [];

  constructor(profile: LoaderProfile, searcher: Searcher, wish: ProcessWish) {
    this.#profile = profile;
    this.#searcher = searcher;
    this.#wish = wish;
  }

  /** Once. `program` is where the program or library itself lies. */
  load(program: ResolvedPath, elf: ElfFile): readonly LoadedLibrary[] {
    const foundAt = `/${program.path}` as ByteString;
    const again = alreadyThere(foundAt, program, "the program itself");
    const main = this.#object({ path: program.path, elf, foundAt, again }, null);
    this.#enterLoader();
    const loaded = this.#loadTree([main]);
    // What the program opens while it runs comes when all that it is started with is there.
    for (const object of loaded) loaded.push(...this.#loadTree(this.#loadNoted(object)));
    return this.#libraries;
  }

  /** Some objects and all that they need; gives them all. */
  #loadTree(todo: LoadedObject[]): LoadedObject[] {
    const loaded: LoadedObject[] = [];
    // A library that is a filter is worked on after its filtees, which the loader puts in front of it.
    for (let object = todo.shift(); object; object = todo.shift()) {
      const needed = this.#loadAll(object, object.elf.needed, "needed");
      const filtees = this.#profile.flavour === "musl" ? [] : this.#loadFiltees(object);
      todo.unshift(...filtees);
      todo.push(...needed);
      loaded.push(object);
    }
    return loaded;
  }

  /** Of each note the first alternative that there is; where there is none, the first counts as missing. */
  #loadNoted(by: LoadedObject): LoadedObject[] {
    const added: LoadedObject[] = [];
    for (const note of by.elf.dlopen.filter(({ priority }) => this.#wish.dlopen.includes(priority))) {
      const opened = this.#openFirst(note, by, added);
      this.#libraries.push({ by: by.path, ...opened, isOptional: note.priority === "suggested", note });
    }
    return added;
  }

  #openFirst({ sonames }: DlopenNote, by: LoadedObject, added: LoadedObject[]) {
    let first: { readonly soname: ByteString; readonly outcome: LibraryOutcome } | null = null;
    for (const soname of sonames) {
      const outcome = this.#outcomeOf(soname, by, added);
      if (outcome.kind === "found") return { soname, outcome };
      first ??= { soname, outcome };
    }
    return first!;
  }

  #loadFiltees(object: LoadedObject): LoadedObject[] {
    const { filter, auxiliary } = object.elf;
    return [...this.#loadAll(object, filter, "needed"), ...this.#loadAll(object, auxiliary, "optional")];
  }

  /** The objects that are new. */
  #loadAll(by: LoadedObject, names: readonly ByteString[], kind: "needed" | "optional"): LoadedObject[] {
    const added: LoadedObject[] = [];
    for (const soname of names) {
      if (this.#isMissingLoader(soname)) continue;
      const outcome = this.#outcomeOf(soname, by, added);
      this.#libraries.push({ by: by.path, soname, isOptional: kind === "optional", outcome, note: null });
    }
    return added;
  }

  #outcomeOf(soname: ByteString, by: LoadedObject, added: LoadedObject[]): LibraryOutcome {
    let last: SearchResult = { kind: "missing", tried: [], skipped: [] };
    for (const name of this.#namesOf(soname, by)) {
      const known = this.#byName.get(this.#isReserved(name) ? RESERVED : name);
      if (known) return known;
      const isPath = name.includes("/");
      last = isPath
        ? this.#searcher.open(name, this.#profile)
        : this.#searcher.find(name, by.search, this.#profile);
      if (isPath && last.kind === "missing" && this.#profile.flavour === "uclibc") {
        // A path that leads nowhere is looked for by its last name.
        last = this.#searcher.find(nameOf(name), by.search, this.#profile);
      }
      if (last.kind === "found") return this.#enter(name, last, by, added);
      if (last.kind === "fatal") return last;
    }
    return last;
  }

  /** A file that is loaded already under another name only gets one more name. */
  #enter(name: ByteString, found: FileFound, by: LoadedObject, added: LoadedObject[]): LibraryOutcome {
    const { elf, foundAt, resolved, needsCache } = found;
    const { path } = resolved;
    const known = this.#byPath.get(path);
    if (known) {
      this.#remember(name, known);
      return known;
    }
    const again = alreadyThere(foundAt, resolved, `already loaded by ${by.name}`, needsCache);
    added.push(this.#object({ path, elf, foundAt, again }, by));
    this.#remember(name, again);
    return forTheFirstTime(found);
  }

  #object(
    file: { path: TargetPath; elf: ElfFile; foundAt: ByteString; again: LibraryOutcome },
    loader: LoadedObject | null,
  ): LoadedObject {
    const { path, elf, foundAt, again } = file;
    const origin = foundAt.slice(0, foundAt.lastIndexOf("/")) || "/";
    const name = showPath(path);
    const speaker = { elf, name, origin };
    const own = ownInheritable(speaker, this.#profile);
    // uClibc knows no other RPATH than that of the object that asks.
    const handedDown = this.#profile.flavour === "uclibc" ? [] : (loader?.inherited ?? []);
    const inherited = own.length === 0 ? handedDown : [...own, ...handedDown];
    const search = this.#searcher.share(searchPathOf(speaker, inherited, this.#profile));
    this.#byPath.set(path, again);
    // musl knows what is loaded by the names that were asked for, glibc by sonames and paths as well.
    if (this.#profile.flavour !== "musl") {
      this.#remember(elf.soname, again);
      this.#remember(foundAt, again);
    }
    return { path, name, elf, origin, inherited, search, again };
  }

  /** The loader is in the list from the beginning, under the name of PT_INTERP and its own. */
  #enterLoader(): void {
    const { loader, flavour } = this.#profile;
    if (loader === null) return;
    const again = alreadyThere(loader.asked, loader.resolved, "the loader itself");
    this.#byPath.set(loader.resolved.path, again);
    if (flavour === "uclibc") this.#byName.set(nameOf(loader.asked), again);
    this.#remember(loader.asked, again);
    if (flavour !== "musl") this.#remember(loader.soname, again);
    else this.#byName.set(RESERVED, again);
  }

  /** The first who has a name keeps it. uClibc looks for each name anew, and knows what is loaded by its file alone. */
  #remember(name: string | null, outcome: LibraryOutcome): void {
    if (this.#profile.flavour === "uclibc") return;
    if (name !== null && !this.#byName.has(name)) this.#byName.set(name, outcome);
  }

  #namesOf(soname: ByteString, by: LoadedObject): ByteString[] {
    if (this.#profile.flavour !== "glibc" || !soname.includes("$")) return [soname];
    const { lib, platform } = this.#profile;
    return expandTokens(soname, { origin: by.origin, lib, platform }) as ByteString[];
  }

  #isReserved(name: string): boolean {
    return this.#profile.flavour === "musl" && MUSL_ITSELF.test(name);
  }

  /** A loader that is not there is told once, as the program's interpreter. */
  #isMissingLoader(soname: ByteString): boolean {
    const { interpreter } = this.#wish;
    if (this.#profile.loader !== null || interpreter === null) return false;
    return this.#isReserved(soname) || interpreter.asked.endsWith(`/${soname}`);
  }
}

/** What musl's libc.so holds itself and never looks for. */
const MUSL_ITSELF = /^lib(c|pthread|rt|m|dl|util|xnet)\./;
/** All of these names in one; no file is called so. */
const RESERVED = "\0";

function alreadyThere(
  foundAt: ByteString,
  resolved: ResolvedPath,
  rule: string,
  needsCache = false,
): LibraryOutcome {
  const isAlreadyLoaded = true;
  return { kind: "found", foundAt, resolved, rule, tried: [], needsCache, variants: [], isAlreadyLoaded };
}

/** Field by field: thousands of programs load dozens of libraries each, and a spread takes ten times as long. */
function forTheFirstTime(found: FileFound): LibraryOutcome {
  const { foundAt, resolved, rule, tried, needsCache, variants } = found;
  return { kind: "found", foundAt, resolved, rule, tried, needsCache, variants, isAlreadyLoaded: false };
}
