/** Claims become entries: in each layer one for each path that it is to bring, at the place where the kernel would put it. */
import type { DirectoryEntry, Entry, FileEntry } from "../core/entry.ts";
import { ancestorsOf, directoryOf, ROOT, type TargetPath } from "../core/path.ts";
import type { ProblemCollector } from "../core/problem.ts";
import type { Claim, Closure } from "../graph/graph.ts";
import { canonicalPaths, type Symlinks } from "./canonical.ts";
import { causesIn } from "./causes.ts";
import { claimant, NO_NODE } from "./claimants.ts";
import { overlay } from "./overlay.ts";
import type { Plan, PlannedEntry } from "./plan.ts";

export interface SettledClaims extends Pick<Plan, "compared"> {
  /** Of each layer, in no order. */
  readonly layers: readonly (readonly PlannedEntry[])[];
}

/** By path: what one layer brings, or what stands there after some. */
type Settled = Map<TargetPath, Claim>;

/** Conflicts go into `problems`; the first claim stands. */
export function settleClaims(closure: Closure, count: number, problems: ProblemCollector): SettledClaims {
  const settler = new Settler(closure, problems);
  const layers = claimsByLayer(closure, count).map((claims, layer) => {
    const settled = settler.layer(claims, layer);
    if (layer < count - 1) settler.lie(settled);
    return settler.entriesOf(settled);
  });
  return { layers, compared: settler.compared };
}

function claimsByLayer({ claims }: Closure, count: number): (readonly Claim[])[] {
  if (count === 1) return [claims]; // there may be very many
  return Array.from({ length: count }, (_, layer) => claims.filter((claim) => claim.layer === layer));
}

class Settler {
  readonly compared = new Set<TargetPath>();
  readonly #closure: Closure;
  readonly #problems: ProblemCollector;
  /** What stands after earlier layers. */
  readonly #below: Settled = new Map();
  readonly #symlinks: Symlinks = new Map();
  readonly #causeOf: ReturnType<typeof causesIn>;

  constructor(closure: Closure, problems: ProblemCollector) {
    this.#closure = closure;
    this.#problems = problems;
    this.#causeOf = causesIn(closure.references);
  }

  /** What a layer brings over those below it. */
  layer(claims: readonly Claim[], layer: number): Settled {
    const settled = this.#settle(claims);
    for (const [path, claim] of settled) {
      const below = this.#below.get(path);
      if (below !== undefined && this.#isHeld(below, claim)) settled.delete(path);
    }
    this.#addParents(settled, layer);
    return settled;
  }

  /** From here on it is below. */
  lie(layer: Settled): void {
    for (const [path, claim] of layer) this.#below.set(path, claim);
  }

  entriesOf(layer: Settled): PlannedEntry[] {
    return [...layer.values()].map((claim) => ({
      entry: claim.entry,
      because: claim.by === NO_NODE ? null : this.#causeOf(claim),
    }));
  }

  #settle(claims: readonly Claim[]): Settled {
    const canonical = canonicalPaths(claims, this.#symlinks);
    const settled: Settled = new Map();
    for (const claim of claims) {
      const path = canonical(claim.entry.path);
      const moved = path === claim.entry.path ? claim : { ...claim, entry: { ...claim.entry, path } };
      const known = settled.get(path);
      const winner = known ? this.#stronger(known, moved) : moved;
      if (winner) settled.set(path, winner);
      else this.#problems.add(this.#conflict("plan/conflict", known!, moved));
    }
    return settled;
  }

  /** Which of two claims on one path stands; null: they cannot stand together. */
  #stronger(first: Claim, second: Claim): Claim | null {
    if (first.entry.kind === "directory" && second.entry.kind === "directory") {
      if (first.isImplied !== second.isImplied) return first.isImplied ? second : first;
      if ((first.at === null) !== (second.at === null)) return first.at === null ? second : first;
      if (first.isImplied) return first;
    }
    return this.#isSame(first.entry, second.entry) ? first : null;
  }

  /** Whether an earlier layer has it already. What the kernel would not lay over it is a problem. */
  #isHeld(below: Claim, claim: Claim): boolean {
    if (this.#isSame(below.entry, claim.entry)) return true;
    const verdict = overlay(below.entry, claim);
    if (typeof verdict === "boolean") return verdict;
    const problem = this.#conflict("plan/overlays-layer", below, claim);
    this.#problems.add({ ...problem, what: verdict });
    return true;
  }

  #isSame(a: Entry, b: Entry): boolean {
    if (a.kind === "file" && b.kind === "file" && !isOneFile(a, b)) this.compared.add(a.path);
    return isSame(a, b, this.#closure);
  }

  /** The kernel drops a file whose directory has no entry, without a word; so every one gets its parents. */
  #addParents(settled: Settled, layer: number): void {
    const standing = (path: TargetPath): Claim => {
      const known = settled.get(path) ?? this.#below.get(path);
      if (known !== undefined) return known;
      const claim = parentClaim(path, layer);
      settled.set(path, claim);
      return claim;
    };
    if (layer === 0) standing(ROOT);
    const sound = new Set<TargetPath>();
    for (const claim of [...settled.values()]) {
      const { path } = claim.entry;
      const directory = directoryOf(path);
      if (sound.has(directory)) continue; // a neighbour had the same parents
      const wrong = ancestorsOf(path)
        .map(standing)
        .find(({ entry }) => entry.kind !== "directory");
      if (wrong === undefined) sound.add(directory);
      else {
        const problem = this.#conflict("plan/parent-not-directory", wrong, claim);
        this.#problems.add({ ...problem, parent: wrong.entry.path });
      }
    }
  }

  #conflict<Code extends string>(code: Code, first: Claim, second: Claim) {
    const { references } = this.#closure;
    return {
      code,
      path: second.entry.path,
      first: claimant(first, references),
      second: claimant(second, references),
    };
  }
}

function isSame(a: Entry, b: Entry, closure: Closure): boolean {
  if (a.kind !== b.kind || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.kind === "file" && b.kind === "file") return hasSameContent(a, b, closure);
  if (a.kind === "symlink" && b.kind === "symlink") return a.to === b.to;
  if ("major" in a && "major" in b) return a.major === b.major && a.minor === b.minor;
  return true;
}

/** Files are read for it only where they come from two places and could be equal. */
function hasSameContent(a: FileEntry, b: FileEntry, { contentOf }: Closure): boolean {
  return isOneFile(a, b) || (a.size === b.size && contentOf(a) === contentOf(b));
}

function isOneFile(a: FileEntry, b: FileEntry): boolean {
  const [one, other] = [a.source, b.source];
  return one.from === "tree" && other.from === "tree" && one.tree === other.tree && one.path === other.path;
}

function parentClaim(path: TargetPath, layer: number): Claim {
  const entry: DirectoryEntry = { kind: "directory", path, mode: 0o755, uid: 0, gid: 0 };
  return { entry, by: NO_NODE, at: null, isImplied: true, layer };
}
