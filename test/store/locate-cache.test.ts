import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostPath } from "../../src/core/path.ts";
import { type CacheWishes, locateCache } from "../../src/store/locate-cache.ts";

const ALL: CacheWishes = {
  option: "given",
  environment: { INITGRAPH_CACHE: "../variable", XDG_CACHE_HOME: "/xdg", HOME: "/home/me" },
  workingDirectory: "/work/here" as HostPath,
  recipeDirectory: "/work/project/recipes" as HostPath,
};
const { option: _, ...rest } = ALL;
const withoutOption = { ...rest, option: null };
const environment = { XDG_CACHE_HOME: "/xdg", HOME: "/home/me" };

const cases: readonly [what: string, wishes: CacheWishes, place: string, because: string][] = [
  ["the option comes first", ALL, "/work/here/given", "--cache"],
  ["then the variable", withoutOption, "/work/variable", "INITGRAPH_CACHE"],
  [
    "then a cache of ours at or above the recipe",
    { ...withoutOption, environment },
    "/work/project/cache",
    "CACHEDIR.TAG",
  ],
  [
    "then the user's cache directory",
    { ...withoutOption, environment, recipeDirectory: "/elsewhere" as HostPath },
    "/xdg/initgraph",
    "XDG_CACHE_HOME",
  ],
  [
    "a relative XDG_CACHE_HOME and empty variables count for nothing",
    {
      ...withoutOption,
      environment: { INITGRAPH_CACHE: "", XDG_CACHE_HOME: "relative", HOME: "/home/me" },
      recipeDirectory: null,
    },
    "/home/me/.cache/initgraph",
    "HOME",
  ],
];

for (const [what, wishes, directory, because] of cases) {
  test(what, async () => {
    assert.deepEqual(await locateCache(wishes, isOurs), { directory, because });
  });
}

test("a machine without a home has no place for a cache", async () => {
  const wishes = { ...withoutOption, environment: {}, recipeDirectory: "/" as HostPath };
  await assert.rejects(locateCache(wishes, isOurs), { message: "host/no-cache-place" });
});

test("the nearest cache wins, up to the root", async () => {
  const asked: string[] = [];
  const place = await locateCache({ ...withoutOption, environment }, async (directory) => {
    asked.push(directory);
    return directory === "/cache";
  });
  assert.equal(place.directory, "/cache");
  assert.deepEqual(asked, ["/work/project/recipes/cache", "/work/project/cache", "/work/cache", "/cache"]);
});

async function isOurs(directory: HostPath): Promise<boolean> {
  return directory === "/work/project/cache";
}
