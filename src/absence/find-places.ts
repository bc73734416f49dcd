/** Where in the recipe's trees something lies that the image has not, by a path or a name. */
import {
  type ByteString,
  childOf,
  isInside,
  nameOf,
  parseTargetPath,
  ROOT,
  showBytes,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import { moduleCompressionOf, moduleNameOf } from "../formats/kmod-names.ts";
import { nearestOf } from "../spec/nearest.ts";
import type { AskedName } from "../trace/asked-name.ts";
import { globMatcher } from "../trees/glob.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import type { BuiltImage } from "./built-image.ts";

/** A tree may be a whole machine: so many of its names are looked at, from the top. */
const MOST_NAMES = 300_000;
export const RUN_TIME = ["proc", "sys", "dev", "run"] as TargetPath[];

/** Every path of the sysroot, those near the root first, but for other file systems and what is mounted at run time. */
export class SysrootNames {
  readonly paths: readonly TargetPath[];
  /** Whether it went through all of it. */
  readonly isWhole: boolean;

  constructor(sysroot: PathResolver) {
    const paths: TargetPath[] = [];
    const top = sysroot.stat(ROOT)?.fileSystem;
    const todo: TargetPath[] = [ROOT];
    for (const directory of todo) {
      if (paths.length >= MOST_NAMES) break;
      for (const name of listed(directory, sysroot)) {
        const path = childOf(directory, name);
        const facts = sysroot.statCopied(path);
        paths.push(path);
        if (facts?.kind === "directory" && facts.fileSystem === top && !RUN_TIME.includes(path))
          todo.push(path);
      }
    }
    this.paths = paths;
    this.isWhole = paths.length < MOST_NAMES;
  }
}

/** A directory of somebody else's is not looked into. */
function listed(directory: TargetPath, { tree }: PathResolver): readonly ByteString[] {
  try {
    return tree.list(directory);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return [];
  }
}

/** Paths as they would be in the image. `names` is asked where the word is no path from the root. */
export function findPlaces(
  { kind, text }: AskedName,
  image: BuiltImage,
  names: () => SysrootNames,
): readonly TargetPath[] {
  if (kind === "path") {
    const at = placeAt(text, image);
    if (at !== null || text.startsWith("/")) return at === null ? [] : [at];
    return names().paths.filter((path) => packed(text).some((one) => path.endsWith(`/${one}`)));
  }
  if (kind === "package") return [];
  const isMeant = kind === "glob" ? likeGlob(text) : likeName(kind, text);
  const found = names().paths.filter(isMeant);
  const files = found.filter((path) => image.sysroot.stat(path)?.kind !== "directory");
  return files.length > 0 ? files : found;
}

/** A path from the root, through the sysroot's symlinks, or in the store. */
function placeAt(text: ByteString, { sysroot, store, spec }: BuiltImage): TargetPath | null {
  const literal = parseTargetPath(text);
  const { directory } = spec.store;
  if (literal !== null && literal !== directory && isInside(literal, directory)) {
    const { path, facts } = store.resolveParent(literal.slice(directory.length + 1));
    return facts === null ? null : (`${directory}/${path}` as TargetPath);
  }
  const { path, facts } = sysroot.resolveParent(text);
  return facts === null ? null : path;
}

function likeGlob(glob: ByteString): (path: TargetPath) => boolean {
  const matches = globMatcher(glob.replace(/^\/+/, ""));
  return glob.includes("/") ? matches : (path) => matches(nameOf(path));
}

function likeName(kind: "name" | "module" | "firmware", text: ByteString): (path: TargetPath) => boolean {
  const [module, names] = [moduleNameOf(text), packed(text)];
  const isModule = (path: TargetPath) => moduleCompressionOf(path) !== null && moduleNameOf(path) === module;
  const isFirmware = (path: TargetPath) =>
    path.includes("firmware/") && names.some((name) => path.endsWith(`/${name}`));
  switch (kind) {
    case "module":
      return isModule;
    case "firmware":
      return isFirmware;
    case "name":
      return (path) => nameOf(path) === text || isModule(path) || isFirmware(path) || isVersionOf(path, text);
  }
}

/** "libz" and "libz.so" stand for libz.so.1. */
function isVersionOf(path: TargetPath, stem: ByteString): boolean {
  const name = nameOf(path);
  return (
    stem.startsWith("lib") &&
    name.startsWith(`${stem}.`) &&
    /^\.(so\.)?[0-9.]+$/.test(name.slice(stem.length))
  );
}

function packed(name: ByteString): string[] {
  return [name, `${name}.zst`, `${name}.xz`];
}

/** So many names are compared letter by letter. */
const MOST_COMPARED = 20_000;

/** What somebody may have meant: paths whose last name is nearly the one that was asked for. */
export function nearestPlaces({ text }: AskedName, { paths }: SysrootNames): string[] {
  const name = nameOf(text);
  const room = Math.floor(Math.max(name.length, 3) / 3);
  const byName = new Map<string, TargetPath>();
  for (const path of paths) {
    const one = moduleCompressionOf(path) === null ? nameOf(path) : moduleNameOf(path);
    const isNear = Math.abs(one.length - name.length) <= room;
    if (isNear && byName.size < MOST_COMPARED && !byName.has(showBytes(one)))
      byName.set(showBytes(one), path);
  }
  const nearest = nearestOf(showBytes(name), [...byName.keys()]);
  return nearest === null ? [] : [showPath(byName.get(nearest)!)];
}
