/** What `why` and `why-not` are asked of: the image that a recipe would make, or one whose manifest is there. */
import { type ByteString, bytesOf, nameOf, showBytes, showPath, type TargetPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import { normalizeAlias } from "../../formats/kmod-names.ts";
import { parseModprobeLines } from "../../formats/kmod-text.ts";
import { nearestPaths } from "../../inspect/nearest-paths.ts";
import { AliasTable } from "../../kernel/aliases.ts";
import type { CacheWish } from "../../machine/cache.ts";
import type { RecipeOrder } from "../../machine/recipe.ts";
import { findPackages } from "../../packages/find-packages.ts";
import type { Package, PackageFindings } from "../../packages/package.ts";
import { finalEntries, plannedEntries } from "../../plan/entries.ts";
import { originalPaths } from "../../plan/originals.ts";
import type { Plan } from "../../plan/plan.ts";
import { Answers } from "../../trace/answer.ts";
import type { AskedName } from "../../trace/asked-name.ts";
import { besidePlan } from "../../trace/beside.ts";
import { type FindAlias, nearestName } from "../../trace/find-named.ts";
import { tracePlan } from "../../trace/trace-plan.ts";
import type { Terminal } from "../terminal.ts";
import { decideUntouched, type Untouched } from "./decide-untouched.ts";
import { findSubject } from "./traced.ts";

/** `recipe` may be an image too. */
export interface ImageOrder extends RecipeOrder {
  readonly names: readonly string[];
  readonly cache: CacheWish;
}

export interface AskedImage {
  readonly name: string;
  readonly answers: Answers;
  /** Null: no package of that name has files in the image, or only a manifest is there to ask. */
  readonly packageOf: (name: AskedName) => AskedPackage | null;
  /** What somebody may have meant who named what is not in it. */
  readonly nearest: (text: ByteString) => readonly string[];
  /** What the recipe decides; null: a manifest alone is known. */
  readonly untouched: Untouched | null;
}

export interface AskedPackage {
  readonly owner: Package;
  /** In the image, in its order. */
  readonly paths: readonly TargetPath[];
}

export interface AskedOf {
  readonly host: Pick<Host, "tree">;
  readonly terminal: Pick<Terminal, "tell">;
}

/** Gives what `use` makes of it, while the recipe's trees can be read. */
export async function withAskedImage<T>(
  order: ImageOrder & { readonly verb: string },
  { host, terminal }: AskedOf,
  use: (image: AskedImage) => T | Promise<T>,
): Promise<T> {
  const subject = findSubject(order.recipe, host);
  if (subject.kind === "recipe") {
    try {
      return await decideUntouched(order, terminal, (untouched) => use(ofRecipe(untouched)));
    } catch (error) {
      throw error instanceof BuildFailure ? onlyConcerned(error, order.names) : error;
    }
  }
  const { manifest } = subject;
  const answers = new Answers(manifest, manifest.beside, () => []);
  return use(imageOf(manifest.name, answers, { packages: () => null, untouched: null }));
}

/** Of what keeps the recipe from being an image, what is about a name that was asked for; all of it where nothing is. */
function onlyConcerned({ problems }: BuildFailure, names: readonly string[]): BuildFailure {
  const words = names.map((name) => nameOf(bytesOf(name)));
  const concerned = problems.filter((problem) =>
    words.some((word) => word !== "" && mentions(problem, word)),
  );
  return new BuildFailure(concerned.length === 0 ? problems : concerned);
}

/** Whether a fact of a problem is that name, or a path that ends with it. */
function mentions(fact: unknown, word: string): boolean {
  if (typeof fact === "string") return fact === word || fact.endsWith(`/${word}`);
  return typeof fact === "object" && fact !== null && Object.values(fact).some((one) => mentions(one, word));
}

function ofRecipe(untouched: Untouched): AskedImage {
  const { spec, plan, early } = untouched.decision;
  const traced = tracePlan({ name: spec.name, plan, contents: new Map(), compressedOf: () => null });
  const answers = new Answers(traced, besidePlan(plan, early), aliasesIn(plan));
  let known: PackageFindings | null = null;
  const packages = () => {
    known ??= packagesOf(untouched);
    return known;
  };
  return imageOf(spec.name, answers, { packages, untouched });
}

interface ImageKnowledge {
  readonly packages: () => PackageFindings | null;
  readonly untouched: Untouched | null;
}

function imageOf(name: string, answers: Answers, { packages, untouched }: ImageKnowledge): AskedImage {
  const packageOf = ({ kind, text }: AskedName): AskedPackage | null => {
    const found = kind === "name" || kind === "package" ? packages() : null;
    const word = showBytes(text);
    const owner = found?.packages.find(
      (one) => one.name === word || `${one.name}:${one.architecture}` === word,
    );
    if (!found || !owner) return null;
    const paths = [...answers.named.tree.paths()].filter((path) => found.owners.get(path)?.includes(owner));
    return { owner, paths };
  };
  const nearest = (text: ByteString): readonly string[] => {
    const paths = nearestPaths(text, answers.named.tree).map(showPath);
    if (paths.length > 0 || text.includes("/")) return paths;
    const one = nearestName(text, answers.named);
    return one === null ? [] : [one];
  };
  return { name, answers, packageOf, nearest, untouched };
}

function packagesOf({ decision: { spec, plan }, opened: { trees } }: Untouched): PackageFindings {
  const entries = function* () {
    for (const { entry } of finalEntries(plan)) yield entry;
  };
  const names = { storeDirectory: spec.store.directory, originalOf: originalPaths(plan) };
  return findPackages(entries, { sysroot: trees.sysroot, others: new Map(), ...names });
}

/** By the index that is written for the image's own modules. */
function aliasesIn(plan: Plan): FindAlias {
  let table: AliasTable | null = null;
  const read = (): AliasTable => {
    const made = new AliasTable();
    for (const { entry } of plannedEntries(plan)) {
      if (entry.kind !== "file" || entry.source.from !== "recipe" || nameOf(entry.path) !== "modules.alias")
        continue;
      for (const line of parseModprobeLines(Buffer.from(entry.source.bytes).toString("latin1")))
        if (line.kind === "alias") made.add(line.pattern, line.module);
    }
    return made;
  };
  return (alias) => {
    table ??= read();
    const name = normalizeAlias(alias);
    return name === null ? [] : table.find(name).map(({ module }) => module);
  };
}
