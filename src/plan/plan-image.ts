/**
 * The third stage, pure: which entries the image has, in which order, in which layers and segments, under which keys.
 * Nobody after it decides anything; everything that cannot stand together is found here.
 */
import type { Entry, FileEntry } from "../core/entry.ts";
import { ProblemCollector } from "../core/problem.ts";
import type { Closure } from "../graph/graph.ts";
import { tableOf } from "../graph/reference-table.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { ImageSpec } from "../spec/image-spec.ts";
import type { Spec } from "../spec/spec.ts";
import { earlyConflicts } from "./early-conflicts.ts";
import { limitProblems } from "./limits.ts";
import { inArchiveOrder } from "./order.ts";
import { placeSecrets } from "./place-secrets.ts";
import type { LayerPlan, Plan } from "./plan.ts";
import { proposeLayers } from "./propose-layers.ts";
import { cutSegments, numberApart } from "./segments.ts";
import { settleClaims } from "./settle.ts";

const READABLE_BY_ALL = 0o004;

/** Throws BuildFailure with every conflict and every entry that a newc archive cannot carry. */
export function planImage(spec: Spec, closure: Closure, early: readonly EarlySegment[]): Plan {
  const problems = new ProblemCollector();
  const proposed = spec.layering === "auto" ? proposeLayers(closure, spec) : spec;
  const settled = settleClaims({ ...closure, ...proposed }, proposed.layers.length, problems);
  const layers = proposed.layers.map(({ name, compressor, extension, budget }, index) => {
    return { name, compressor, extension, budget, entries: inArchiveOrder(settled.layers[index]!) };
  });
  const ofLayers = layers.map(entriesOf);
  const all = ofLayers.flat();
  for (const problem of [...ofLayers.flatMap(limitProblems), ...earlyConflicts(all, early)])
    problems.add(problem);
  const secrets = placeSecrets(spec.secrets, all, early, problems);
  if (all.length <= 1 && early.length === 0 && spec.secrets.length === 0)
    problems.add({ code: "plan/empty-image" });
  problems.throwIfAny();
  return {
    layers: cutLayers(layers, spec.image),
    secrets,
    isPrivate:
      secrets.length > 0 ||
      all.some((entry) => entry.kind === "file" && (entry.mode & READABLE_BY_ALL) === 0),
    compared: settled.compared,
    renamed: closure.renamed,
    references: tableOf(closure.references),
  };
}

/** The same plan with other bytes in some of its files: nothing but sizes and contents may differ. */
export function withFiles(plan: Plan, files: ReadonlyMap<Entry, FileEntry>, image: ImageSpec): Plan {
  const layers = plan.layers.map((layer) => {
    const entries = layer.entries.map((one) => ({ ...one, entry: files.get(one.entry) ?? one.entry }));
    return { ...layer, entries };
  });
  return { ...plan, layers: cutLayers(layers, image) };
}

/** One layer alone is numbered as an archive of its own; of several, each so that the others do not matter. */
function cutLayers(
  layers: readonly Omit<LayerPlan, "segments">[],
  { isSolid, epoch }: ImageSpec,
): LayerPlan[] {
  const number = layers.length === 1 ? undefined : numberApart();
  return layers.map((layer) => {
    const cut = { compressor: layer.compressor, isSolid, epoch };
    return { ...layer, segments: cutSegments(entriesOf(layer), cut, number) };
  });
}

function entriesOf({ entries }: Pick<LayerPlan, "entries">): Entry[] {
  return entries.map(({ entry }) => entry);
}
