/** `initgraph cache`: where finished pieces are kept, and what is there. */
import { type CommandGroup, command, type OptionTable } from "../command.ts";

const PLACE =
  "The cache is where --cache says; else where INITGRAPH_CACHE says; else the nearest directory `cache` at or " +
  "above the recipe that bears our CACHEDIR.TAG; else $XDG_CACHE_HOME/initgraph, or ~/.cache/initgraph.";

const WHERE = {
  cache: { takes: "DIR", says: "the cache's directory" },
  recipe: { takes: "FILE", says: "the recipe whose cache is meant (default: ./initrd.yaml)" },
} satisfies OptionTable;

const path = command({
  name: "path",
  summary: "print where the cache is",
  about: PLACE,
  operands: [],
  options: WHERE,
  onFailure: "",
  examples: [["initgraph cache path", "the cache that a build here would use"]],
  run: async ({ options }, terminal) => (await import("../work/cache.ts")).printPath(options, terminal),
});

const ls = command({
  name: "ls",
  summary: "list what the cache holds",
  about: "",
  operands: [],
  options: WHERE,
  onFailure: "",
  examples: [["initgraph cache ls", "every kept piece with its size and last use"]],
  run: async ({ options }, terminal) => (await import("../work/cache.ts")).listContent(options, terminal),
});

const gc = command({
  name: "gc",
  summary: "remove what was not used for a while",
  about: "What a running build needs stays. Anything removed is built again when it is needed.",
  operands: [],
  options: {
    ...WHERE,
    days: { takes: "N", says: "remove what no build used for so many days (default: 30)" },
    "max-size": { takes: "SIZE", says: "then the least recently used, until the rest fits: 500M, 2G" },
  },
  onFailure: "",
  examples: [
    ["initgraph cache gc", "remove what no build used for 30 days"],
    ["initgraph cache gc --max-size 2G", "and keep at most 2 GiB"],
  ],
  run: async ({ options }, terminal) =>
    (await import("../work/cache.ts")).collectGarbageOf(options, terminal),
});

const verify = command({
  name: "verify",
  summary: "read everything in the cache and remove what is damaged",
  about: "Builds verify what they read anyway; this finds damage before a build does.",
  operands: [],
  options: WHERE,
  onFailure: "",
  examples: [["initgraph cache verify", "exit code 1 where something was damaged"]],
  run: async ({ options }, terminal) => (await import("../work/cache.ts")).verifyContent(options, terminal),
});

export const cache: CommandGroup = {
  name: "cache",
  summary: "show, clean up and verify the cache of finished pieces",
  about: PLACE,
  commands: [path, ls, gc, verify],
};
