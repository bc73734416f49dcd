/** A build as the command line asks for it, run by the engine with the real machine and the real cache. */
import { availableParallelism, tmpdir } from "node:os";
import { type BuildResult, build } from "../build.ts";
import type { ActionKey } from "../core/digest.ts";
import { bytesOf, type HostPath, parseHostPath, showBytes } from "../core/path.ts";
import type { Progress, Store } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { nixDatabases } from "../host/nix-databases.ts";
import { nodeHost } from "../host/node-host.ts";
import { type CacheStore, openCacheStore, openThrowAwayStore } from "../store/cacache-store.ts";
import { cachePlace, cacheUser } from "./work/cache.ts";
import { explainBuild } from "./work/explain.ts";
import { hostPathFrom, readHostFile } from "./work/machine.ts";
import { type Manifest, readManifests } from "./work/manifests.ts";

/** Everything as it was typed; null: not said. */
export interface BuildOrder {
  readonly recipe: string;
  readonly out: string;
  readonly sysroot: string | null;
  readonly compressor: string | null;
  readonly cache: { readonly named: string | null } | "none";
  readonly jobs: number | null;
  /** Whether to say what was reused, and why the rest was not. */
  readonly wantsReasons: boolean;
  readonly tell: Progress;
}

/** What a build has to say when it is done. */
export interface BuildSummary {
  readonly name: string;
  /** The final image: what `<out>/<name>` leads to. */
  readonly image: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: string;
  readonly entries: number;
  readonly outputs: readonly string[];
  /** Segments, by whether any work was done for them. */
  readonly reused: number;
  readonly rebuilt: number;
  readonly explanation: readonly string[];
}

/** How long a build waits for a cleaning of the cache. */
const WAIT_MS = 5 * 60_000;

/** Throws BuildFailure. */
export async function runBuild(order: BuildOrder): Promise<BuildSummary> {
  const host = nodeHost({ jobs: order.jobs ?? availableParallelism(), environment: process.env });
  const path = hostPathFrom(order.recipe);
  const out = hostPathFrom(order.out);
  const bytes = readHostFile(path, host);
  if (bytes === null) throw new BuildFailure([{ code: "cli/recipe-not-found", file: order.recipe }]);
  const recipe = {
    bytes,
    file: order.recipe,
    directory: parseHostPath(bytesOf(".."), path)!,
    overrides: {
      sysroot: order.sysroot === null ? null : hostPathFrom(order.sysroot),
      compressor: order.compressor,
    },
    sourceDateEpoch: process.env["SOURCE_DATE_EPOCH"] ?? null,
  };
  const before = order.wantsReasons ? readManifests(out, host) : new Map<string, Manifest>();
  const store = await openStore(order);
  try {
    const built = new Set<ActionKey>();
    const ports = {
      host,
      store: noting(store, built),
      databases: nixDatabases(process.env),
      zlibVersion: process.versions.zlib,
      tell: order.tell,
    };
    const result = await build(recipe, out, ports);
    const explanation = order.wantsReasons
      ? explainBuild({ result, built, before, after: readManifests(out, host) })
      : [];
    return { ...summaryOf(result, built), explanation };
  } finally {
    await store.close();
  }
}

async function openStore({ cache, recipe }: BuildOrder): Promise<CacheStore> {
  const user = cacheUser(`initgraph build ${recipe}`, WAIT_MS);
  if (cache === "none") return openThrowAwayStore(bytesOf(tmpdir()) as string as HostPath, user);
  const { directory } = await cachePlace(cache.named, recipe);
  return openCacheStore(directory, user);
}

/** The same store, with a note of every action that really ran. */
function noting(store: Store, built: Set<ActionKey>): Store {
  return {
    ...store,
    put: (key, chunks, label) => {
      built.add(key);
      return store.put(key, chunks, label);
    },
    putFile: (key, file, label) => {
      built.add(key);
      return store.putFile(key, file, label);
    },
  };
}

function summaryOf({ spec, plan, image }: BuildResult, built: ReadonlySet<ActionKey>) {
  const segments = plan.layers.flatMap((layer) => layer.segments);
  const rebuilt = segments.filter(({ key }) => built.has(key)).length;
  const recompressed = image.members.filter((member) => member.role !== "early" && !member.wasReused).length;
  const worked = Math.max(rebuilt, Math.min(recompressed, segments.length));
  return {
    name: spec.name,
    image: showBytes(image.path),
    size: image.size,
    digest: image.digest,
    entries: plan.layers.reduce((sum, layer) => sum + layer.entries.length, 0),
    outputs: image.outputs.map(showBytes),
    reused: segments.length - worked,
    rebuilt: worked,
  };
}
