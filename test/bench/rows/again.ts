/** Built before: nothing changed, or one thing did. The peers have no memory and begin anew. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contestant, Place, Row } from "../contest.ts";
import { initgraph, type Recipe, runOnce, warmBuild, wholeTree, writeRecipe } from "../initgraph.ts";
import * as peers from "../peers.ts";
import { filesOf } from "../walk.ts";

const ZSTD_10 = { name: "zstd", level: 10 };
const ONE_STREAM = ["zstd", "-q", "-10", "-T1"];
/** A file that was written just now may change once more within the same tick of its clock; nobody should be asked to trust it. */
const SETTLE_MS = 3000;

export const AGAIN_ROWS: readonly Row[] = [
  {
    name: "unchanged",
    title: "Unchanged rebuild, zstd -10",
    counts: "cpu",
    inputs: ["tree"],
    contestants: (place) => [
      warmBuild(wholeTree(place.input("tree"), ZSTD_10, place.work), place),
      peers.NODE_START,
      peers.cpio(place.input("tree"), place, ...ONE_STREAM),
    ],
  },
  {
    name: "unchanged-dracut",
    title: "Unchanged rebuild, no compression",
    counts: "cpu",
    inputs: ["tree", "sysroot"],
    contestants: (place) => [
      warmBuild(wholeTree(place.input("tree"), "none", place.work), place),
      peers.dracut(place),
    ],
  },
  changed("one-file", "One small file changed, zstd -10", (tree) => {
    const file = smallFile(tree);
    return () => appendFileSync(file, "# changed\n");
  }),
  changed("one-library", "One library changed, zstd -10", (tree) => {
    const file = largeLibrary(tree);
    return () => appendFileSync(file, "changed");
  }),
  {
    ...changed("kernel", "Kernel replaced, zstd -10", replaceModules),
    inputs: ["tree", "next-kernel"],
  },
  {
    name: "ten-images",
    title: "Ten images that differ in one file, from nothing, zstd -10",
    counts: "cpu",
    inputs: ["tree"],
    contestants: (place) => {
      const tree = copyOf(place);
      writeFileSync(join(tree, "role"), "none\n");
      // The recipes place that file themselves, over a tree that has none.
      return [
        tenRecipes(place.input("tree"), place),
        peers.tenImages(tree, place, "zstd", "-q", "-10", "-T0"),
      ];
    },
  },
  {
    name: "scale-unchanged",
    title: "Unchanged rebuild of very many files, no compression",
    counts: "cpu",
    inputs: ["scale"],
    contestants: (place) => [
      warmBuild(wholeTree(place.input("scale"), "none", place.work), place),
      peers.cpio(place.input("scale"), place),
      peers.look(place.input("scale")),
    ],
  },
];

/** `prepare` gives what changes the tree once more, differently each time. */
function changed(name: string, title: string, prepare: (tree: string, place: Place) => () => void): Row {
  return {
    name,
    title,
    counts: "cpu",
    inputs: ["tree"],
    contestants: (place) => {
      const tree = copyOf(place);
      const again = warmBuild(wholeTree(tree, ZSTD_10, place.work), place, prepare(tree, place));
      return [again, peers.cpio(tree, place, ...ONE_STREAM)];
    },
  };
}

function copyOf({ input, work }: Place): string {
  const copy = join(work, "copy");
  runOnce(["cp", "-a", input("tree"), copy]);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
  return copy;
}

/** A text of some lines, or what comes nearest to it. */
export function smallFile(tree: string): string {
  const small = filesOf(tree).filter((path) => statSync(path).size > 100 && statSync(path).size < 4096);
  return small.find((path) => path.endsWith(".rules")) ?? small[0]!;
}

function largeLibrary(tree: string): string {
  const libraries = filesOf(tree).filter((path) => path.includes(".so"));
  return libraries.reduce((largest, path) => (statSync(path).size > statSync(largest).size ? path : largest));
}

/** By those of two kernels in turn, each time with something at their ends, where signatures stand. */
function replaceModules(tree: string, { input }: Place): () => void {
  const all = join(tree, "usr/lib/modules");
  const version = readdirSync(all).find((name) => readdirSync(join(all, name)).includes("kernel"))!;
  const modules = join(all, version);
  let round = 0;
  return () => {
    const kernels = [input("next-kernel"), join(input("tree"), "usr/lib/modules", version)];
    rmSync(modules, { recursive: true });
    cpSync(kernels[round % 2]!, modules, { recursive: true, preserveTimestamps: true });
    round++;
    for (const path of filesOf(modules)) if (path.endsWith(".ko")) appendFileSync(path, `round ${round}`);
  };
}

/** The same with one cache, which is empty at first. */
function tenRecipes(tree: string, { work }: Place): Contestant {
  const recipes = join(work, "recipes");
  mkdirSync(recipes);
  const whole = wholeTree(tree, ZSTD_10, work);
  for (let number = 0; number < 10; number++) {
    const recipe: Recipe = { ...whole, name: `image${number}`, files: { "/role": `${number}\n` } };
    writeRecipe(recipe, recipes);
  }
  const [cache, out] = [join(work, "ten-cache"), join(work, "ten")];
  const build = initgraph("build", "--quiet", "--cache", cache, "--out", out);
  return {
    name: "initgraph",
    command: peers.eachRecipe(recipes, build),
    before: () => runOnce(["rm", "-rf", cache, out]),
  };
}
