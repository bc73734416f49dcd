/**
 * Firmware as the kernel looks for it: plain names in all its directories first, then with .zst, then with
 * .xz. Source: linux drivers/base/firmware_loader/main.c, Documentation/driver-api/firmware/fw_search_path.rst.
 */
import { childOf, type TargetPath } from "../core/path.ts";
import { matchesAlias } from "../formats/kmod-names.ts";
import { expandGlob } from "../trees/glob.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import type { FirmwarePacking, FirmwareSupport } from "./kernel-config.ts";

const PACKINGS: readonly FirmwarePacking[] = ["", ".zst", ".xz"];
const MAGIC = /[*?[]/;

export interface FirmwareFile {
  readonly path: TargetPath;
  /** Where it was looked for before. */
  readonly tried: readonly TargetPath[];
}

export class FirmwareSearch {
  readonly #paths: PathResolver;
  /** In the kernel's order, those that are there. */
  readonly directories: readonly TargetPath[];

  /** What the kernel can unpack. */
  readonly support: FirmwareSupport;

  constructor(paths: PathResolver, version: string, support: FirmwareSupport) {
    this.#paths = paths;
    this.support = support;
    const top = ["lib/firmware", "usr/lib/firmware"].find(
      (path) => paths.resolve(path).facts?.kind === "directory",
    );
    const below = [`updates/${version}`, "updates", version].map((name) => `${top}/${name}` as TargetPath);
    const all = top === undefined ? [] : [...below, top as TargetPath];
    this.directories = all.filter((path) => paths.resolve(path).facts?.kind === "directory");
  }

  /** The files that serve a name of `modinfo`, which may be a glob; none: it is missing. */
  find(name: string): FirmwareFile[] {
    return this.#find(name, this.support.packings);
  }

  /** Whether files are there that would serve, and that this kernel cannot unpack. */
  isUnreadable(name: string): boolean {
    return this.#find(name, PACKINGS).length > 0;
  }

  #find(name: string, packings: readonly FirmwarePacking[]): FirmwareFile[] {
    if (name.split("/").includes("..")) return []; // the kernel refuses it
    if (!MAGIC.test(name)) return this.#findPlain(name, packings);
    const plain = new Set(this.#expand(name).map((path) => withoutPacking(path)));
    return [...plain].sort().flatMap((path) => this.#findPlain(path, packings));
  }

  /** Names of all files below the directories that a glob of the recipe matches, without packing. */
  matching(glob: string): string[] {
    return [...new Set(this.#expand(glob).map(withoutPacking))].sort();
  }

  #findPlain(name: string, packings: readonly FirmwarePacking[]): FirmwareFile[] {
    const tried: TargetPath[] = [];
    for (const packing of packings) {
      for (const directory of this.directories) {
        const path = childOf(directory, name + packing);
        if (this.#paths.resolve(path).facts?.kind === "file") return [{ path, tried }];
        tried.push(path);
      }
    }
    return [];
  }

  /** Names below the directories. */
  #expand(glob: string): string[] {
    return this.directories.flatMap((directory) =>
      PACKINGS.flatMap((packing) => expandGlob(childOf(directory, glob + packing), this.#paths))
        .filter((path) => this.#paths.resolve(path).facts?.kind === "file")
        .map((path) => path.slice(directory.length + 1)),
    );
  }
}

function withoutPacking(name: string): string {
  return name.replace(/\.(zst|xz)$/, "");
}

/** Whether a recipe's glob takes a firmware name; a plain directory takes all below it. */
export function takesFirmware(glob: string, name: string): boolean {
  return matchesAlias(glob, name) || name.startsWith(`${glob.replace(/\/+$/, "")}/`);
}
