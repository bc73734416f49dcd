/** Where the cache is. A pure decision over what the command line knows; design.md, "The cache". */
import { bytesOf, type HostPath, parseHostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";

export interface CacheWishes {
  /** `--cache`. */
  readonly option: string | null;
  /** The environment, where "" is as good as not set. */
  readonly environment: {
    readonly INITGRAPH_CACHE?: string | undefined;
    readonly XDG_CACHE_HOME?: string | undefined;
    readonly HOME?: string | undefined;
  };
  readonly workingDirectory: HostPath;
  /** The directory of the recipe; null: the verb has none. */
  readonly recipeDirectory: HostPath | null;
}

export interface CachePlace {
  readonly directory: HostPath;
  /** Why there, for `cache path` and --explain. */
  readonly because: "--cache" | "INITGRAPH_CACHE" | "CACHEDIR.TAG" | "XDG_CACHE_HOME" | "HOME";
}

/**
 * `bearsTag` tells whether a directory is a cache of ours (`bearsCacheTag`).
 * Throws BuildFailure: host/no-cache-place, host/cache-unusable (a NUL in the path).
 */
export async function locateCache(
  wishes: CacheWishes,
  bearsTag: (directory: HostPath) => Promise<boolean>,
): Promise<CachePlace> {
  const { option, environment, workingDirectory, recipeDirectory } = wishes;
  if (option) return { directory: parsed(option, workingDirectory), because: "--cache" };
  if (environment.INITGRAPH_CACHE) {
    return { directory: parsed(environment.INITGRAPH_CACHE, workingDirectory), because: "INITGRAPH_CACHE" };
  }
  for (const directory of upwardsFrom(recipeDirectory)) {
    const candidate = parsed("cache", directory);
    if (await bearsTag(candidate)) return { directory: candidate, because: "CACHEDIR.TAG" };
  }
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  if (environment.XDG_CACHE_HOME?.startsWith("/")) {
    const directory = parsed(`${environment.XDG_CACHE_HOME}/initgraph`, workingDirectory);
    return { directory, because: "XDG_CACHE_HOME" };
  }
  if (environment.HOME?.startsWith("/")) {
    return { directory: parsed(`${environment.HOME}/.cache/initgraph`, workingDirectory), because: "HOME" };
  }
  throw new BuildFailure([{ code: "host/no-cache-place" }]);
}

function upwardsFrom(directory: HostPath | null): HostPath[] {
  const found: HostPath[] = [];
  for (let at = directory; at !== null; ) {
    found.push(at);
    at = at === "/" ? null : ((at.slice(0, at.lastIndexOf("/")) || "/") as HostPath);
  }
  return found;
}

function parsed(text: string, from: HostPath): HostPath {
  const path = parseHostPath(bytesOf(text), from);
  if (path !== null) return path;
  const directory = bytesOf(text) as HostPath;
  const what = "its path has a NUL character";
  throw new BuildFailure([{ code: "host/cache-unusable", directory, errno: "EINVAL", what }]);
}
