/**
 * The loader's work on one program, without running it: every library it would map, found by the rules of the
 * loader that the program names, breadth-first, one process-wide list of what is loaded already.
 * Sources: glibc elf/dl-deps.c (_dl_map_object_deps), elf/dl-load.c (_dl_map_object); musl ldso/dynlink.c
 * (load_library, load_direct_deps).
 */
import type { ElfMachine } from "../../core/arch.ts";
import type { TargetPath } from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import { type Interpreter, LinkMap, type LoadedLibrary } from "./link-map.ts";
import { type LoaderProfile, LoaderProfiles, type TreeAccess } from "./profile.ts";
import { Searcher } from "./search.ts";

export type { LibraryOutcome, LoadedLibrary } from "./link-map.ts";

export interface LoadedProgram {
  readonly flavour: LoaderProfile["flavour"];
  readonly machine: ElfMachine;
  /** What PT_INTERP asks for; `resolved.facts` is null where nothing is there. Null: a library, or static. */
  readonly interpreter: Interpreter;
  readonly isStatic: boolean;
  /** Every needed name of every object, breadth-first, in the loader's order: the same library many times. */
  readonly libraries: readonly LoadedLibrary[];
}

/** One for a tree: what it learns of directories and files serves all programs. */
export class LibraryLoader {
  readonly #profiles: LoaderProfiles;
  readonly #searcher: Searcher;
  readonly #access: TreeAccess;

  constructor(access: TreeAccess) {
    this.#access = access;
    this.#profiles = new LoaderProfiles(access);
    this.#searcher = new Searcher(access);
  }

  /** The loaders of what was loaded so far. */
  get profiles(): readonly LoaderProfile[] {
    return this.#profiles.known;
  }

  /** `root` is a canonical path: $ORIGIN of a program is the directory of the file that runs. */
  load(root: TargetPath, elf: ElfFile): LoadedProgram {
    const asked = elf.interpreter;
    const interpreter = asked === null ? null : { asked, resolved: this.#access.paths.resolve(asked) };
    const { dlopen } = this.#access;
    const opened = elf.dlopen.filter(({ priority }) => dlopen.includes(priority));
    const asksNothing = elf.needed.length + elf.filter.length + elf.auxiliary.length + opened.length === 0;
    const isStatic = interpreter === null && asksNothing;
    const common = { machine: elf.machine, interpreter, isStatic };
    if (isStatic) return { ...common, flavour: "glibc", libraries: [] };
    const profile = this.#profiles.profileOf(root, elf);
    const loading = new LinkMap(profile, this.#searcher, { interpreter, dlopen });
    const program = this.#access.paths.resolve(`/${root}`);
    return { ...common, flavour: profile.flavour, libraries: loading.load(program, elf) };
  }
}
