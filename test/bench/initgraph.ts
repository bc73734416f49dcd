/** initgraph as a contestant: the built program, with recipes for what the peers are measured on. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Contestant, Place } from "./contest.ts";
import { PATH } from "./needs.ts";

/** A recipe as its author would write it; JSON is YAML. */
export interface Recipe {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** The program that a user starts. */
const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as { bin: { initgraph: string } };
const MAIN = resolve(bin.initgraph);

export const initgraph = (...args: readonly string[]): readonly string[] => [process.execPath, MAIN, ...args];

/** All that is in a directory. What it lacks is looked for once, and allowed by name. */
export function wholeTree(tree: string, compressor: unknown, work: string): Recipe {
  const recipe = { name: "tree", sysroot: tree, contents: [{ object: "/*" }], compressor };
  const allow = holesOf(recipe, work).map((missing) => ({ missing, reason: "the peer left it out" }));
  return allow.length === 0 ? recipe : { ...recipe, allow };
}

const knownHoles = new Map<unknown, string[]>();

function holesOf(recipe: Recipe, work: string): string[] {
  const known = knownHoles.get(recipe["sysroot"]);
  if (known !== undefined) return known;
  const file = writeRecipe(recipe, work);
  const out = join(work, "holes");
  const build = initgraph("build", file, "--no-cache", "--compressor", "none", "--out", out, "--json");
  const { stdout } = spawnSync(build[0]!, build.slice(1), { encoding: "utf8" });
  rmSync(out, { recursive: true, force: true });
  const { problems = [] } = JSON.parse(stdout) as { problems?: { code: string; message: string }[] };
  const missing = problems.filter(({ code }) => code === "graph/library-not-found");
  const holes = [...new Set(missing.map(({ message }) => message.split(" ")[0]!))];
  knownHoles.set(recipe["sysroot"], holes);
  return holes;
}

export function writeRecipe(recipe: Recipe, work: string): string {
  const file = join(work, `${recipe.name}.yaml`);
  writeFileSync(file, JSON.stringify(recipe, null, 1));
  return file;
}

/** Nothing is there: no cache, no result. */
export function coldBuild(recipe: Recipe, { work }: Place): Contestant {
  const [cache, out] = [join(work, "cold-cache"), join(work, "cold")];
  return {
    name: "initgraph",
    command: initgraph("build", writeRecipe(recipe, work), "--quiet", "--cache", cache, "--out", out),
    before: () => {
      for (const directory of [cache, out]) rmSync(directory, { recursive: true, force: true });
    },
    output: join(out, recipe.name),
  };
}

/** With the cache and the result of the build before, the first of which this runs; `change` comes between each and the next. */
export function warmBuild(recipe: Recipe, { work }: Place, change: () => void = () => {}): Contestant {
  const [cache, out] = [join(work, "warm-cache"), join(work, "warm")];
  const file = writeRecipe(recipe, work);
  const command = initgraph("build", file, "--quiet", "--cache", cache, "--out", out);
  runOnce(command);
  return { name: "initgraph", command, before: change, output: join(out, recipe.name) };
}

/** Whether this build of initgraph knows a verb. */
export function hasVerb(verb: string): boolean {
  const { stdout } = spawnSync(process.execPath, [MAIN, "--help"], { encoding: "utf8" });
  return stdout.includes(`\n  ${verb} `);
}

/** What must have happened before the measuring. Throws with what the command said. */
export function runOnce(command: readonly string[]): void {
  const env = { ...process.env, PATH };
  const { status, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command.join(" ")}\nfailed with ${status}\n${stderr}`);
}
