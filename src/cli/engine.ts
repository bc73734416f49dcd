/** A build as the command line asks for it, run by the engine with the real machine and the real cache. */
import { availableParallelism, tmpdir } from "node:os";
import { type BuildResult, build } from "../build.ts";
import type { ActionKey } from "../core/digest.ts";
import { bytesOf, type HostPath, parseHostPath, showBytes } from "../core/path.ts";
import type { Progress, ProgressEvent } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { nixDatabases } from "../host/nix-databases.ts";
import { nodeHost } from "../host/node-host.ts";
import type { ImageMember } from "../image/image.ts";
import { type CacheStore, openCacheStore, openThrowAwayStore } from "../store/cacache-store.ts";
import { SignalGuard } from "./ending.ts";
import { BuildStore } from "./work/build-store.ts";
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
  const machine = nodeHost({ jobs: order.jobs ?? availableParallelism(), environment: process.env });
  const path = hostPathFrom(order.recipe);
  const out = hostPathFrom(order.out);
  const bytes = readHostFile(path, machine);
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
  const before = order.wantsReasons ? readManifests(out, machine) : new Map<string, Manifest>();
  const store = new BuildStore(() => {
    signals.listen();
    return openStore(order);
  });
  const signals = new SignalGuard(() => store.close());
  const host = signals.guard(machine);
  try {
    const ports = {
      host,
      store,
      databases: nixDatabases(process.env),
      zlibVersion: process.versions.zlib,
      tell: (event: ProgressEvent) => {
        signals.notice(event);
        order.tell(event);
      },
    };
    const result = await build(recipe, out, ports);
    const explanation = order.wantsReasons
      ? explainBuild({ result, built: store.built, before, after: readManifests(out, machine) })
      : [];
    return { ...summaryOf(result, store.built), explanation };
  } finally {
    await signals.unlessEnding();
    signals.release();
    await store.close();
  }
}

async function openStore({ cache, recipe }: BuildOrder): Promise<CacheStore> {
  const user = cacheUser(`initgraph build ${recipe}`, WAIT_MS);
  if (cache === "none") return openThrowAwayStore(bytesOf(tmpdir()) as string as HostPath, user);
  const { directory } = await cachePlace(cache.named, recipe);
  return openCacheStore(directory, user);
}

function summaryOf({ spec, plan, image }: BuildResult, built: ReadonlySet<ActionKey>) {
  const segments = plan.layers.reduce((sum, layer) => sum + layer.segments.length, 0);
  const worked = plan.layers.flatMap(({ name, segments }) =>
    segments.filter(({ key }, index) => built.has(key) || image.members.some(wasCompressed(name, index))),
  ).length;
  return {
    name: spec.name,
    image: showBytes(image.path),
    size: image.size,
    digest: image.digest,
    entries: plan.layers.reduce((sum, layer) => sum + layer.entries.length, 0),
    outputs: image.outputs.map(showBytes),
    reused: segments - worked,
    rebuilt: worked,
  };
}

/** Whether a member holds this segment, alone or in one stream with others, and was compressed just now. */
function wasCompressed(layer: string, segment: number): (member: ImageMember) => boolean {
  return (member) =>
    !member.wasReused &&
    member.layer === layer &&
    (member.role === "whole" || (member.role === "segment" && member.segment === segment));
}
