/** From an image's tree to a recipe that gives it, as short as a person would write it where that gives the same. */
import type { Draft } from "../../adopt/draft.ts";
import type { Decided, Surplus } from "../../adopt/settle.ts";
import { metLinks, neededModules, neededObjects, withWholeDirectories } from "../../adopt/shorten.ts";
import { firstDraft } from "../../adopt/sort-items.ts";
import type { TargetPath } from "../../core/path.ts";
import type { Tree } from "../../core/ports.ts";
import { machinePorts } from "../../machine/ports.ts";
import { withRoot } from "../../machine/root.ts";
import type { Terminal } from "../terminal.ts";
import type { OpenAdopted } from "./adopted-image.ts";
import { Adoption, type AdoptOrder, allObjects, type Naming, NOTHING } from "./adoption.ts";
import type { RecipeDirectory } from "./recipe-directory.ts";

export interface Adopted {
  readonly draft: Draft;
  /** The objects that the recipe names. */
  readonly objects: readonly TargetPath[];
  /** What comes besides, and could not be kept away. */
  readonly surplus: readonly Surplus[];
}

/** Leaves the recipe and what it names in the directory. Throws BuildFailure. */
export async function adopt(
  order: AdoptOrder,
  open: OpenAdopted,
  directory: RecipeDirectory,
  terminal: Terminal,
): Promise<Adopted> {
  const { host } = machinePorts(1);
  const inRoot = <T>(use: (tree: Tree) => T): Promise<T> =>
    withRoot({ sysroot: order.sysroot, arch: null, purpose: "initgraph import" }, host, use);
  const work = new Adoption(order, open, directory, terminal);
  const settled = await work.settle(await inRoot((tree) => firstDraft(open.items, tree)));
  const byKernel = await work.withKernel(settled);
  const { draft, decided, surplus } = byKernel;
  const needed = { objects: neededObjects(draft, decided.references), met: NOTHING, draft };
  const short = await inRoot((tree) => shortened(needed, decided, tree));
  const { met } = short;
  for (const naming of [short, { ...short, met: NOTHING }, { ...needed, met }, needed]) {
    const again = await work.decide(naming);
    if (again !== null && work.isAsGood(naming.draft, again, byKernel)) {
      directory.dropFiles((path) => naming.draft.ways.get(path) === "own");
      return { draft: naming.draft, objects: naming.objects, surplus };
    }
  }
  const objects = allObjects(settled.draft);
  await work.decide({ draft: settled.draft, objects, met: NOTHING });
  directory.dropFiles((path) => settled.draft.ways.get(path) === "own");
  return { draft: settled.draft, objects, surplus: settled.surplus };
}

function shortened({ draft, objects }: Naming, { references }: Decided, sysroot: Tree): Naming {
  const modules = neededModules(draft, references);
  const kernel = draft.kernel && { ...draft.kernel, modules: withWholeDirectories(modules, draft, sysroot) };
  return {
    draft: { ...draft, kernel },
    objects: withWholeDirectories(objects, draft, sysroot),
    met: metLinks(draft, references),
  };
}
