/**
 * Whether a build would make just what it made the last time. All that it looked at then is looked at again, and
 * what it wrote; no file is opened, no program started, and not even the recipe read.
 */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { FileFacts, Host, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { processNames } from "../host/processes.ts";
import { type BuildRecord, readBuildRecord, writeBuildRecord } from "../store/build-record.ts";
import { isSettled } from "../store/settled.ts";
import { workingDirectory } from "./files.ts";
import type { Observations } from "./observations.ts";
import type { RecipeOrder } from "./recipe.ts";
import { LOOK_LENGTH, lookOf, type SeenColumns, TIMES } from "./seen-tree.ts";

/** A build as it was asked for: what is the same in all this is the same build. */
export interface BuildName extends RecipeOrder {
  readonly out: string;
  readonly cache: HostPath;
  /** What the recipe's lock was to it. */
  readonly lock: string;
  /** The formats of its SBOMs. */
  readonly sboms: readonly string[];
  readonly emitsLayers: boolean;
}

/** What a finished build leaves behind. */
export interface FinishedBuild {
  readonly observations: Observations;
  readonly outputs: readonly HostPath[];
  /** JSON: what the build said. */
  readonly summary: unknown;
}

/** What the last build said; null: there was none, or something is not as it was then. */
export function unchangedBuild(name: BuildName, host: Pick<Host, "tree" | "findProgram">): unknown {
  const record = readBuildRecord(name.cache, keyOf(name), Date.now());
  if (record === null) return null;
  try {
    return isAsItWas(record, host) ? record.summary : null;
  } catch (error) {
    if (error instanceof BuildFailure) return null; // a tree is gone, or may not be read: the build will say so
    throw error;
  }
}

/** Whether all that a build saw will tell by its times when it changes. */
export function canTellChanges({ isWhole, trees }: Observations, startedAtMs: number): boolean {
  if (!isWhole) return false;
  return [...trees.values()].every((seen) => areSettled(seen, startedAtMs));
}

/** What is not there has the time -1, and a directory whose names did not matter none. */
function areSettled({ looks }: SeenColumns, startedAtMs: number): boolean {
  for (let at = 0; at < looks.length; at += LOOK_LENGTH) {
    const [mtimeMs = 0, ctimeMs = 0] = looks.subarray(at + TIMES, at + LOOK_LENGTH);
    if (!isSettled({ mtimeMs, ctimeMs }, startedAtMs)) return false;
  }
  return true;
}

/** Keeps what a build looked at, which must tell of its changes. */
export function rememberBuild(name: BuildName, host: Pick<Host, "tree">, finished: FinishedBuild): void {
  const { observations, summary } = finished;
  const looks = createHash("sha256");
  const trees: { root: string; paths: string[] }[] = [];
  for (const [root, seen] of observations.trees) {
    looks.update(seen.looks);
    trees.push({ root, paths: seen.paths.map((path, at) => (seen.names.has(at) ? `/${path}` : path)) });
  }
  const outputs = finished.outputs.map((path) => ({ path, look: lookOf(factsAt(path, host), false) }));
  const programs = [...observations.programs];
  const record = { trees, looks: looks.digest("hex"), programs, outputs, summary };
  writeBuildRecord(name.cache, keyOf(name), record, processNames().self);
}

function isAsItWas(
  { trees, looks, programs, outputs }: BuildRecord,
  host: Pick<Host, "tree" | "findProgram">,
) {
  const areOutputsThere = outputs.every(({ path, look }) =>
    lookOf(factsAt(path as HostPath, host), false).every((value, at) => value === look[at]),
  );
  if (!areOutputsThere || programs.some(([name, path]) => host.findProgram(name) !== path)) return false;
  const seen = createHash("sha256");
  for (const { root, paths } of trees) {
    const tree = host.tree(root as HostPath);
    seen.update(looksAt(paths, tree));
  }
  return seen.digest("hex") === looks;
}

function looksAt(noted: readonly string[], tree: Tree): Float64Array {
  const looks = new Float64Array(noted.length * LOOK_LENGTH);
  for (const [at, path] of noted.entries()) {
    const isListed = path.startsWith("/");
    looks.set(lookOf(tree.stat((isListed ? path.slice(1) : path) as TargetPath), isListed), at * LOOK_LENGTH);
  }
  return looks;
}

function factsAt(path: HostPath, host: Pick<Host, "tree">): FileFacts | null {
  return host.tree("/" as HostPath).stat(path.slice(1) as TargetPath);
}

/** Of the request, of all of the environment that a build sees, and of the program that builds. */
export function keyOf(name: BuildName): string {
  const { recipe, sysroot, compressor, kernel, variables, out, cache, lock, sboms, emitsLayers } = name;
  const own = statSync(fileURLToPath(import.meta.url));
  const parts = [
    ["initgraph", own.size, own.mtimeMs, own.ino, process.version, process.arch],
    [workingDirectory(), recipe, sysroot, compressor, kernel, out, cache, lock],
    [...variables].sort(),
    sboms,
    emitsLayers,
    [process.env["SOURCE_DATE_EPOCH"] ?? null, process.getuid?.() ?? null],
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
