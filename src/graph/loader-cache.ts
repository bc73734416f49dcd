/**
 * The image's own `/etc/ld.so.cache`, with what ldconfig would enter if it ran there: where a library lies in a
 * directory that only /etc/ld.so.conf names, or where the recipe asks for it. (The sysroot's may be absent, stale,
 * of the building machine, and names libraries that the image lacks.)
 */
import { digestOf } from "../core/digest.ts";
import {
  ancestorsOf,
  type ByteString,
  childOf,
  parseTargetPath,
  ROOT,
  type TargetPath,
} from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { type CachedLibrary, encodeLdSoCache } from "../formats/ld-so-cache.ts";
import { cacheFlags, shareCache } from "../formats/ld-so-cache-flags.ts";
import type { LoaderCacheWish } from "../spec/spec.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { because, type Closing } from "./closing.ts";
import { cacheFilesIn, LEVELS_DIRECTORY, levelsBelow, type TreeFiles } from "./loader/ldconfig.ts";
import type { LoaderProfile, TreeAccess } from "./loader/profile.ts";
import { recipeNode } from "./references.ts";

export class LoaderCache {
  readonly #wish: LoaderCacheWish;
  /** Which libraries need a cache, by who needs them. */
  readonly #needed = new Map<TargetPath, Set<string>>();
  /** Of the programs so far, by the loaders' paths. */
  readonly #profiles = new Map<string, LoaderProfile>();

  constructor(wish: LoaderCacheWish) {
    this.#wish = wish;
  }

  /** Somebody needs a library that the loader finds through its cache alone. */
  need(by: TargetPath, says: string): void {
    const known = this.#needed.get(by);
    if (known) known.add(says);
    else this.#needed.set(by, new Set([says]));
  }

  /**
   * When all else of a layer is in: one that adds libraries writes over the cache of an earlier one. Nothing where no library needs it and nobody asked, where the recipe brings a cache itself,
   * and where no program reads one.
   */
  claim(closing: Closing, profiles: readonly LoaderProfile[], kindOf: TreeAccess["kindOf"]): void {
    for (const profile of profiles) this.#profiles.set(keyOf(profile), profile);
    if (this.#wish !== "always" && this.#needed.size === 0) return;
    const image = imageFiles(closing, kindOf);
    const caches = new Map<ByteString, LoaderProfile[]>();
    for (const profile of this.#profiles.values()) {
      const { cache } = profile;
      if (cache !== null) caches.set(cache, [...(caches.get(cache) ?? []), profile]);
    }
    for (const [cache, readers] of caches) {
      const path = parseTargetPath(cache);
      const isTaken = path === null || closing.isClaimed(path) || closing.tree.isPlaced(path);
      if (!isTaken && !closing.tree.isInStore(path)) this.#write(path, readers, image, closing);
    }
  }

  #write(path: TargetPath, readers: readonly LoaderProfile[], image: TreeFiles, closing: Closing): void {
    const { machine } = readers[0]!;
    const bytes = encodeLdSoCache(librariesFor(readers, image), machine.endian);
    const id = closing.addFileNode(path);
    for (const [by, names] of this.#needed) {
      for (const says of names) closing.addEdge(because(closing.nodeOf(by), "loader-cache", says), id);
    }
    if (this.#wish === "always") {
      const by = recipeNode("closure/loaderCache");
      closing.graph.addNode(by, { kind: "recipe", at: null, label: "closure: {loaderCache: always}" });
      closing.addEdge(because(by, "named"), id);
    }
    const source = { from: "recipe", bytes } as const;
    const content = digestOf(bytes);
    const size = bytes.length;
    closing.claim(
      { kind: "file", path, mode: 0o644, uid: 0, gid: 0, size, content, source },
      id,
      null,
      false,
    );
    closing.claimParents(path, id);
  }
}

function keyOf({ flavour, machine, loader }: LoaderProfile): string {
  return JSON.stringify([flavour, machine, loader?.asked]);
}

/** In the order in which ldconfig comes to their directories, each of these once. */
function librariesFor(readers: readonly LoaderProfile[], image: TreeFiles): CachedLibrary[] {
  const { machine } = readers[0]!;
  const seen = new Set<TargetPath>();
  const isNew = (directory: TargetPath) => seen.size < seen.add(directory).size;
  const libraries: CachedLibrary[] = [];
  const enter = (directory: TargetPath, named: string, level: ByteString | null) => {
    for (const { soname, name, elf } of cacheFilesIn(directory, image)) {
      const flags = shareCache(elf.machine, machine) ? cacheFlags(elf.machine) : null;
      const path = `${named}/${level === null ? soname : name}` as ByteString;
      // ldconfig makes the symlink of that name where there is none; without it the entry leads nowhere.
      if (flags !== null && image.paths.resolve(path).facts !== null) {
        libraries.push({ soname, path, flags, level });
      }
    }
  };
  for (const { path: named } of readers.flatMap(({ cached }) => cached)) {
    const { path, facts } = image.paths.resolve(named);
    if (facts?.kind !== "directory" || !isNew(path)) continue;
    enter(path, named, null);
    for (const [level, directory] of levelsBelow(path, image.paths)) {
      if (isNew(directory)) enter(directory, `${named}/${LEVELS_DIRECTORY}/${level}`, level);
    }
  }
  return libraries;
}

/** What has been claimed so far, and nothing else of the tree. */
function imageFiles({ claims, tree }: Closing, kindOf: TreeAccess["kindOf"]): TreeFiles {
  const inside = new Set<TargetPath>([ROOT]);
  for (const { entry } of claims) {
    if (inside.has(entry.path)) continue;
    for (const path of [entry.path, ...ancestorsOf(entry.path)]) inside.add(path);
  }
  const view: Tree = {
    label: tree.label,
    identity: tree.identity,
    stat: (path) => (inside.has(path) ? tree.stat(path) : null),
    readLink: (path) => tree.readLink(path),
    list: (path) => tree.list(path).filter((name) => inside.has(childOf(path, name))),
    open: (path, why) => tree.open(path, why),
  };
  return { paths: new PathResolver(view), kindOf };
}
