/** Which images a recipe is for, where no earlier run tells: what it is called, and for which kernels. */
import { openRoot } from "../../archives/open-root.ts";
import { listVersions } from "../../kernel/kernel-version.ts";
import { makeCache } from "../../machine/cache.ts";
import { canTellChanges, rememberBuild } from "../../machine/last-build.ts";
import { Observer } from "../../machine/observations.ts";
import { readRecipe } from "../../machine/recipe.ts";
import { loadSpec } from "../../spec/load.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import type { Matrix } from "../done-before.ts";
import type { BuildOrder } from "../engine.ts";
import type { Session } from "../session.ts";

/** The name of the one image, or a matrix, which is remembered. Throws BuildFailure. */
export async function wantedImages(order: BuildOrder, session: Session): Promise<string | Matrix> {
  const startedAtMs = Date.now();
  const observer = new Observer();
  const host = observer.watch(session.machine.host);
  const spec = loadSpec(readRecipe(order, host));
  const kernels = spec.layers.flatMap(({ kernel }) => kernel ?? []);
  const several = kernels.find(({ versions }) => versions !== null);
  if (several === undefined) return spec.name;
  const { store, memory } = await session.cacheOf(order.cache, order.recipe);
  const sysroot = await openRoot(spec.sysroot, spec.arch, { host, store, memory });
  const matrix = { name: spec.name, kernels: listVersions(several, new PathResolver(sysroot)) ?? [] };
  if (order.name !== null && (store.isOpen || (await makeCache(order.name.cache)))) {
    const observations = observer.observations();
    if (canTellChanges(observations, startedAtMs))
      rememberBuild(order.name, session.machine.host, { observations, outputs: [], summary: matrix });
  }
  await session.rest();
  return matrix;
}
