/** What a build would decide, for who only wants to know: nothing is written, nor kept in the cache. */
import { decide } from "../../build.ts";
import { type BuildPorts, type Decision, type Opened, openFor } from "../../carry-out.ts";
import { type CacheWish, openMemory } from "../../machine/cache.ts";
import { tidyAfterPlan } from "../../machine/garbage.ts";
import { machinePorts } from "../../machine/ports.ts";
import { type RecipeOrder, readRecipe } from "../../machine/recipe.ts";
import { openUntouched } from "../../machine/untouched-cache.ts";
import { loadSpec } from "../../spec/load.ts";
import { SignalGuard } from "../ending.ts";
import type { Terminal } from "../terminal.ts";

export interface DecisionOrder extends RecipeOrder {
  readonly cache: CacheWish;
  /** What for, to be seen beside what it keeps for a while: "initgraph plan". */
  readonly verb: string;
}

/** What a build would tell others. */
const UNTOLD = { timekeeper: null, approve: null, emitsLayers: false, describe: null } as const;

export interface Untouched {
  readonly decision: Decision;
  readonly opened: Opened;
  readonly ports: BuildPorts;
}

/** Gives what `use` makes of it, while the trees can be read. Throws BuildFailure: what a build would throw before it writes. */
export async function decideUntouched<T>(
  order: DecisionOrder,
  terminal: Pick<Terminal, "tell">,
  use: (untouched: Untouched) => T | Promise<T>,
): Promise<T> {
  const machine = machinePorts(null);
  const store = await openUntouched(order.cache, order.recipe, `${order.verb} ${order.recipe}`);
  const signals = new SignalGuard(() => store.close());
  const tell = signals.heard(tidyAfterPlan(), terminal.tell);
  // What is learned now is not saved.
  const memory = await openMemory(order.cache, order.recipe);
  const ports = { ...machine, store, memory, tell, ...UNTOLD };
  try {
    const spec = loadSpec(readRecipe(order, machine.host));
    signals.listen();
    const opened = await openFor(spec, ports);
    return await use({ decision: await decide(spec, opened, ports), opened, ports });
  } finally {
    await signals.unlessEnding();
    signals.release();
    await store.close();
  }
}
