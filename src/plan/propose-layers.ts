/**
 * `layering: auto`: an image of one layer cut into several by how often what is in them changes, so that a typical change
 * builds little. Lowest is what changes with the distribution, highest what the recipe's own author writes.
 */
import { ancestorsOf, isInside, type TargetPath } from "../core/path.ts";
import type { Claim, Closure } from "../graph/graph.ts";
import type { ReferenceGraph } from "../graph/references.ts";
import type { LayerSpec, Spec } from "../spec/spec.ts";

/** In the order in which they lie over one another; those of one kernel's modules stand where "modules" does. */
const KINDS = ["libraries", "firmware", "modules", "programs", "configuration"] as const;
type Kind = (typeof KINDS)[number];

export interface ProposedLayers {
  readonly claims: readonly Claim[];
  readonly layers: readonly LayerSpec[];
}

/** Every path is in one layer: a directory in the lowest that has something below it. */
export function proposeLayers({ claims, references }: Closure, spec: Spec): ProposedLayers {
  const names = new Map<TargetPath, string>();
  const take = (path: TargetPath, name: string): void => {
    const known = names.get(path);
    if (known === undefined || compareLayers(name, known) < 0) names.set(path, name);
  };
  for (const claim of claims) {
    if (claim.isImplied) continue;
    const { path } = claim.entry;
    const name = layerOf(claim, spec, references);
    take(path, name);
    for (const parent of ancestorsOf(path)) take(parent, name);
  }
  const found = [...new Set(names.values())].sort(compareLayers);
  if (found.length === 0) return { claims, layers: spec.layers }; // prepended archives alone
  const numbers = new Map(found.map((name, number) => [name, number]));
  const own = spec.layers[0]!;
  return {
    claims: claims.map((claim) => ({ ...claim, layer: numbers.get(names.get(claim.entry.path) ?? "") ?? 0 })),
    layers: found.map((name) => ({ ...own, name })),
  };
}

function layerOf({ entry, by, at }: Claim, { store }: Spec, references: ReferenceGraph): string {
  const { path } = entry;
  if (at !== null) return "configuration";
  // The layout (`lib -> usr/lib`) is below all that goes through it.
  if (!path.includes("/")) return "libraries";
  if (isInside(path, store.directory)) {
    const isNamed = references.referencesTo(by).some(({ from }) => references.node(from).kind === "recipe");
    return isNamed ? "programs" : "libraries";
  }
  const [, modules] = /^(?:usr\/)?lib\/modules\/([^/]+)/.exec(path) ?? [];
  if (modules !== undefined) return `modules-${modules}`;
  if (/^(?:usr\/)?lib\/firmware\//.test(path)) return "firmware";
  if (path.startsWith("etc/")) return "configuration";
  const isLibrary = /\.so(\.[^/]*)?$/.test(path) || (entry.kind === "symlink" && /^usr\/[^/]+$/.test(path));
  return isLibrary ? "libraries" : "programs";
}

function compareLayers(a: string, b: string): number {
  const order = KINDS.indexOf(kindOf(a)) - KINDS.indexOf(kindOf(b));
  if (order !== 0) return order;
  return a < b ? -1 : Number(a > b);
}

function kindOf(name: string): Kind {
  return name.startsWith("modules-") ? "modules" : (name as Kind);
}
