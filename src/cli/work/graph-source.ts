/** The graph that a recipe would give, or an image has, with what else its drawer may ask. */
import type { TargetPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import type { PackagesWarning } from "../../core/warning.ts";
import { parseNixName } from "../../formats/nix-name.ts";
import { HASH_LENGTH, storePathOf } from "../../formats/nix-store-path.ts";
import { findPackages } from "../../packages/find-packages.ts";
import type { Package } from "../../packages/package.ts";
import { finalEntries } from "../../plan/entries.ts";
import { originalPaths } from "../../plan/originals.ts";
import { tracePlan } from "../../trace/trace-plan.ts";
import type { TracedImage } from "../../trace/traced-image.ts";
import type { Terminal } from "../terminal.ts";
import { decideUntouched, type Untouched } from "./decide-untouched.ts";
import type { GraphOrder } from "./graph-order.ts";
import { findSubject } from "./traced.ts";

export interface GraphSource {
  readonly image: TracedImage;
  /** Null: an image alone is known. */
  readonly untouched: Untouched | null;
  /** Asked only where packages are wanted. */
  readonly findOwners: () => Owners;
}

export interface Owners {
  /** The package of a path in the image; null: none that is known. */
  readonly ownerOf: (path: TargetPath) => string | null;
  readonly warnings: readonly PackagesWarning[];
}

/** Gives what `use` makes of it, while the recipe's trees can be read. Throws BuildFailure. */
export async function withGraphSource<T>(
  order: GraphOrder,
  { host, terminal }: { readonly host: Pick<Host, "tree">; readonly terminal: Pick<Terminal, "tell"> },
  use: (source: GraphSource) => T | Promise<T>,
): Promise<T> {
  const subject = findSubject(order.recipe, host);
  if (subject.kind === "traced") {
    const { manifest } = subject;
    return use({ image: manifest, untouched: null, findOwners: () => storeOwners(manifest) });
  }
  return decideUntouched({ ...order, verb: "initgraph graph" }, terminal, (untouched) => {
    const { spec, plan } = untouched.decision;
    const image = tracePlan({ name: spec.name, plan, contents: new Map(), compressedOf: () => null });
    return use({ image, untouched, findOwners: () => packageOwners(untouched) });
  });
}

function packageOwners({ decision: { spec, plan }, opened: { trees } }: Untouched): Owners {
  const entries = function* () {
    for (const { entry } of finalEntries(plan)) yield entry;
  };
  const names = { storeDirectory: spec.store.directory, originalOf: originalPaths(plan) };
  const { owners, warnings } = findPackages(entries, {
    sysroot: trees.sysroot,
    others: new Map(),
    ...names,
  });
  return {
    warnings,
    ownerOf: (path) => {
      const [first] = owners.get(path) ?? [];
      return first === undefined ? null : nameOf(first);
    },
  };
}

function nameOf({ name, version }: Package): string {
  return version === "" ? name : `${name} ${version}`;
}

/** Where a manifest's store paths lie: it does not say what they begin with, and this is the rule. */
const STORE = "nix/store" as TargetPath;

/** A manifest names no packages; a store path says itself what it is. */
function storeOwners({ entries }: TracedImage): Owners {
  const originals = new Map(entries.map(({ path, original }) => [path, original]));
  return {
    warnings: [],
    ownerOf: (path) => {
      const found = storePathOf(originals.get(path) ?? path, STORE);
      if (found === null) return null;
      const { name, version } = parseNixName(found.name.slice(HASH_LENGTH + 1));
      return version === "" ? name : `${name} ${version}`;
    },
  };
}
