/** Where this machine's cache is. Apart from the cache itself: a build with nothing to do asks no more. */
import { type ByteString, parseHostPath } from "../core/path.ts";
import { bearsCacheTag } from "../store/cache-directory.ts";
import { type CachePlace, locateCache } from "../store/locate-cache.ts";
import { hostPathFrom, workingDirectory } from "./files.ts";

/** Where the cache of a recipe is, by the rules of `initgraph cache path --help`. */
export function cachePlace(option: string | null, recipe: string): Promise<CachePlace> {
  const wishes = {
    option,
    environment: process.env,
    workingDirectory: workingDirectory(),
    recipeDirectory: parseHostPath(".." as ByteString, hostPathFrom(recipe)),
  };
  return locateCache(wishes, bearsCacheTag);
}
