/** `initgraph plan`: what a build would make, what of it is cached, and whether the lock still holds. Leaves no trace. */
import { audible } from "../../core/warning.ts";
import { type Foreseen, foresee } from "../../foresee.ts";
import type { CacheWish } from "../../machine/cache.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { cachePlace } from "../../machine/place.ts";
import { machinePorts } from "../../machine/ports.ts";
import type { RecipeOrder } from "../../machine/recipe.ts";
import { timingOf } from "../../machine/timekeeper.ts";
import type { ExitCode } from "../command.ts";
import { warningsJson } from "../report/json.ts";
import { layoutWarnings } from "../report/layout.ts";
import { nameOfDrift } from "../report/lock.ts";
import { sayWarnings } from "../report/warnings.ts";
import type { Terminal } from "../terminal.ts";
import { planJson, planText } from "../text/plan.ts";
import { safeText } from "../text/safe.ts";
import { decideUntouched } from "./decide-untouched.ts";
import { estimateBuild, type Timings } from "./estimate.ts";
import { LockKeeper } from "./lock-keeper.ts";
import { reasonsFor } from "./piece-reasons.ts";

export interface PlanOrder extends RecipeOrder {
  readonly cache: CacheWish;
  /** Where an earlier image lies, to compare with. */
  readonly out: string;
}

/** Throws BuildFailure: what a build would throw before it writes. */
export async function printPlan(order: PlanOrder, terminal: Terminal): Promise<ExitCode> {
  withOptimizing();
  const machine = machinePorts(null);
  const keeper = new LockKeeper(order, "compare");
  await keeper.read(machine.host);
  const foreseen = await foreseeFor(order, terminal);
  keeper.compare(foreseen);
  const { spec, warnings } = foreseen.decision;
  const told = sayWarnings(audible(warnings, spec.silence));
  const reasons = reasonsFor(foreseen, hostPathFrom(order.out), machine.host);
  const timings = await timingsOf(order);
  const estimate = estimateBuild(foreseen, timings);
  const planned = { foreseen, reasons, timings, estimate, decidedMs: performance.now() };
  if (terminal.isJson) {
    terminal.printJson({
      ok: true,
      ...planJson(planned),
      lock: lockJson(keeper),
      warnings: warningsJson(told),
    });
    return 0;
  }
  if (told.length > 0) terminal.complain(layoutWarnings(told, terminal.page));
  terminal.print(planText(planned, order.out) + lockText(keeper));
  return 0;
}

async function foreseeFor(order: PlanOrder, terminal: Terminal): Promise<Foreseen> {
  return decideUntouched({ ...order, verb: "initgraph plan" }, terminal, ({ decision, opened, ports }) =>
    foresee(decision, opened, ports),
  );
}

async function timingsOf({ cache, recipe }: PlanOrder): Promise<Timings> {
  if (cache === "nowhere") return () => null;
  const { directory } = await cachePlace(cache.named, recipe);
  return (compressor) => timingOf(directory, compressor);
}

function lockText({ file, drift }: LockKeeper): string {
  if (drift === null) return `lock: ${safeText(file)} is not there; \`initgraph lock\` writes it\n`;
  if (drift.length === 0) return `lock: ${safeText(file)} is fresh: no input moved\n`;
  const moved = drift.map((one) => `  ${safeText(nameOfDrift(one))}\n`).join("");
  return `lock: ${safeText(file)} is stale; moved away from it:\n${moved}`;
}

function lockJson({ file, drift }: LockKeeper): object | null {
  if (drift === null) return null;
  return { file, isFresh: drift.length === 0, moved: drift.map(nameOfDrift) };
}
