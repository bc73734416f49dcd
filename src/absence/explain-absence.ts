/** Why something is not in an image: the nearest places where it would have come in, and what stopped it there. */
import {
  bytesOf,
  isInside,
  nameOf,
  parseTargetPath,
  showBytes,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import type { Warning } from "../core/warning.ts";
import { moduleCompressionOf } from "../formats/kmod-names.ts";
import { storePathOf } from "../formats/nix-store-path.ts";
import type { AskedName } from "../trace/asked-name.ts";
import { globMatcher } from "../trees/glob.ts";
import type { BuiltImage } from "./built-image.ts";
import { findPlaces, nearestPlaces, RUN_TIME, SysrootNames } from "./find-places.ts";
import { findReferrers } from "./find-referrers.ts";
import { firmwareObstacles } from "./firmware-obstacles.ts";
import { type KernelFacts, readKernelFacts } from "./kernel-facts.ts";
import { libraryObstacles, noteObstacles } from "./library-obstacles.ts";
import { builtinObstacles, moduleObstacles } from "./module-obstacles.ts";
import type { Absence, AbsentPlace, Obstacle } from "./obstacle.ts";

/** Of many places of one name so many are told of. */
const MOST_PLACES = 5;
/** Likewise of those who need what the recipe accepts to be missing. */
const MOST_NEEDING = 4;

export class AbsenceExplainer {
  readonly #image: BuiltImage;
  #names: SysrootNames | null = null;
  #kernels: Promise<KernelFacts[]> | null = null;

  constructor(image: BuiltImage) {
    this.#image = image;
  }

  /** Of what is not in the image. */
  async explain(asked: AskedName): Promise<Absence> {
    const names = () => this.#allNames();
    const found = findPlaces(asked, this.#image, names);
    const absent = found.filter((path) => this.#image.tree.entryAt(path) === null);
    const obstacles = await this.#obstaclesOf(asked);
    // What is named after a module that has no file is not what was meant.
    const meant = obstacles.some(({ kind }) => kind === "builtin") ? [] : absent.slice(0, MOST_PLACES);
    const places: AbsentPlace[] = [];
    for (const path of meant) places.push({ path, obstacles: await this.#obstaclesAt(path) });
    const told = new Set(places.flatMap((place) => place.obstacles.map(({ kind }) => kind)));
    const others = obstacles.filter(({ kind }) => !told.has(kind));
    const isKnown = places.length > 0 || others.length > 0;
    return { places, obstacles: others, nearest: isKnown ? [] : nearestPlaces(asked, names()) };
  }

  #allNames(): SysrootNames {
    this.#names ??= new SysrootNames(this.#image.sysroot);
    return this.#names;
  }

  #allKernels(): Promise<KernelFacts[]> {
    this.#kernels ??= readKernelFacts(this.#image);
    return this.#kernels;
  }

  async #obstaclesAt(path: TargetPath): Promise<Obstacle[]> {
    const top = RUN_TIME.find((one) => isInside(path, one));
    if (top !== undefined) return [{ kind: "mounted", top }];
    const { spec } = this.#image;
    if (path !== spec.store.directory && isInside(path, spec.store.directory)) return [this.#ofStore(path)];
    if (moduleCompressionOf(path) !== null) {
      const found = moduleObstacles(path, await this.#allKernels());
      if (found.length > 0) return found;
    }
    const firmware = /(^|\/)lib\/firmware\//.test(path)
      ? await firmwareObstacles(path, await this.#allKernels())
      : [];
    if (firmware.length > 0) return firmware;
    const isLibrary = /\.so(\.|$)/.test(nameOf(path));
    const found: Obstacle[] = [
      ...(isLibrary ? libraryObstacles(path, this.#image) : []),
      ...this.#suspicionsOf(path),
      ...this.#unusedLink(path),
    ];
    return found.length > 0 ? found : [this.#unreferenced(path)];
  }

  /** What is true of the name whether a tree has such a file or not. */
  async #obstaclesOf({ kind, text }: AskedName): Promise<Obstacle[]> {
    const name = nameOf(text);
    const path = parseTargetPath(text);
    const isModule = kind === "module" || kind === "name" || moduleCompressionOf(text) !== null;
    const top = kind === "path" && path !== null ? RUN_TIME.find((one) => isInside(path, one)) : undefined;
    return [
      ...(top === undefined ? [] : [{ kind: "mounted", top } as const]),
      ...this.#allowances([showBytes(name), ...(path === null ? [] : [showPath(path)])]),
      ...(isModule ? builtinObstacles(name, await this.#allKernels()) : []),
      ...(/\.so(\.|$)/.test(name) ? noteObstacles([showBytes(name)], this.#image) : []),
    ];
  }

  /** The recipe's exceptions that a name falls under. */
  #allowances(names: readonly string[]): Obstacle[] {
    return this.#image.spec.allow.flatMap(({ at, missing, reason }): Obstacle[] => {
      const matches = globMatcher(missing);
      if (!names.some((one) => matches(bytesOf(one)))) return [];
      const needing = this.#image
        .elves()
        .filter(({ elf }) => elf.needed.some((one) => names.includes(showBytes(one))));
      const by = needing.slice(0, MOST_NEEDING).map(({ path }) => path);
      return [{ kind: "allowed", at, missing, reason, by }];
    });
  }

  /** Warnings that name it, those too that the recipe silences. */
  #suspicionsOf(path: TargetPath): Obstacle[] {
    const { sysroot, warnings } = this.#image;
    const names = (text: string) => text.startsWith("/") && sysroot.resolveParent(text).path === path;
    const all = new Set([path, sysroot.resolve(path).path]);
    const isAbout = (text: string) => names(text) || all.has(sysroot.resolve(text).path);
    const isConverter = (directory: string) => isInside(path, sysroot.resolve(directory).path);
    return warnings.flatMap((warning): Obstacle[] => {
      const isMeant =
        warning.code === "graph/gconv" ? isConverter(warning.directory) : missingIn(warning).some(isAbout);
      return isMeant ? [{ kind: "suspected", warning }] : [];
    });
  }

  #unusedLink(path: TargetPath): Obstacle[] {
    const { sysroot, tree } = this.#image;
    if (sysroot.stat(path)?.kind !== "symlink") return [];
    const to = sysroot.resolve(path).path;
    return tree.entryAt(to) === null ? [] : [{ kind: "unused-link", to }];
  }

  #ofStore(path: TargetPath): Obstacle {
    const { spec, tree } = this.#image;
    const name = storePathOf(path, spec.store.directory)?.name ?? nameOf(path);
    const top = `${spec.store.directory}/${name}` as TargetPath;
    const isPartlyIn = tree.entryAt(top) !== null;
    return { kind: "store", name: showBytes(name), extent: spec.store.extent, isPartlyIn };
  }

  #unreferenced(path: TargetPath): Obstacle {
    if (this.#image.sysroot.stat(path)?.kind === "directory")
      return { kind: "unreferenced", referrers: [], isSearched: true };
    return { kind: "unreferenced", ...findReferrers(path, this.#image, this.#allNames()) };
  }
}

/** The files that a warning says are not in the image. */
function missingIn(warning: Warning): readonly string[] {
  switch (warning.code) {
    case "graph/nss-modules":
    case "graph/pam-modules":
      return warning.modules;
    case "graph/thread-exit":
      return [warning.library];
    case "graph/dlopen-strings":
    case "graph/library-dlopen-strings":
      return warning.libraries;
    default:
      return [];
  }
}
