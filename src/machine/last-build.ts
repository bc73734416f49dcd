/**
 * Whether a build would make just what it made the last time. All that it looked at then is looked at again, and
 * what it wrote; no file is opened, no program started, and not even the recipe read.
 */
import { createHash, type Hash } from "node:crypto";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { FileFacts, Host, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { processNames } from "../host/processes.ts";
import { type BuildRecord, readBuildRecord, writeBuildRecord } from "../store/build-record.ts";
import { isSettled } from "../store/settled.ts";
import { workingDirectory } from "./files.ts";
import { LOOK_LENGTH, lookOf, type Observations, type Seen } from "./observations.ts";
import type { RecipeOrder } from "./recipe.ts";

/** A build as it was asked for: what is the same in all this is the same build. */
export interface BuildName extends RecipeOrder {
  readonly out: string;
  readonly cache: HostPath;
  /** What the recipe's lock was to it. */
  readonly lock: string;
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
  for (const places of trees.values()) {
    for (const seen of places.values()) if (!isTrusted(seen, startedAtMs)) return false;
  }
  return true;
}

/** Keeps what a build looked at, which must tell of its changes. */
export function rememberBuild(name: BuildName, host: Pick<Host, "tree">, finished: FinishedBuild): void {
  const { observations, summary } = finished;
  const looks = createHash("sha256");
  const trees: { root: string; paths: string[] }[] = [];
  for (const [root, places] of observations.trees) {
    const paths: string[] = [];
    for (const [path, seen] of places) {
      paths.push(seen.names === null ? path : `/${path}`);
    }
    addLooks(
      looks,
      [...places.values()].map(({ facts, names }) => lookOf(facts, names !== null)),
    );
    trees.push({ root, paths });
  }
  const outputs = finished.outputs.map((path) => ({ path, look: lookOf(factsAt(path, host), false) }));
  const programs = [...observations.programs];
  const record = { trees, looks: looks.digest("hex"), programs, outputs, summary };
  writeBuildRecord(name.cache, keyOf(name), record, processNames().self);
}

function isTrusted({ facts, names }: Seen, startedAtMs: number): boolean {
  const hasTimes = facts !== null && (facts.kind !== "directory" || names !== null);
  return !hasTimes || facts.version === null || isSettled(facts.version, startedAtMs);
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
    addLooks(
      seen,
      paths.map((path) => lookAgain(path, tree)),
    );
  }
  return seen.digest("hex") === looks;
}

function lookAgain(noted: string, tree: Tree): readonly number[] {
  const isListed = noted.startsWith("/");
  return lookOf(tree.stat((isListed ? noted.slice(1) : noted) as TargetPath), isListed);
}

function addLooks(hash: Hash, looks: readonly (readonly number[])[]): void {
  const numbers = new Float64Array(looks.length * LOOK_LENGTH);
  for (const [at, look] of looks.entries()) numbers.set(look, at * LOOK_LENGTH);
  hash.update(new Uint8Array(numbers.buffer));
}

function factsAt(path: HostPath, host: Pick<Host, "tree">): FileFacts | null {
  return host.tree("/" as HostPath).stat(path.slice(1) as TargetPath);
}

/** Of the request, of all of the environment that a build sees, and of the program that builds. */
export function keyOf({ recipe, sysroot, compressor, out, cache, lock }: BuildName): string {
  const own = statSync(fileURLToPath(import.meta.url));
  const parts = [
    ["initgraph", own.size, own.mtimeMs, own.ino, process.version, process.versions.zlib, process.arch],
    [workingDirectory(), recipe, sysroot, compressor, out, cache, lock],
    [process.env["SOURCE_DATE_EPOCH"] ?? null, process.getuid?.() ?? null],
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
