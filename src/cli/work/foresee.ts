/** `initgraph plan`: what a build would make, what of it is cached, and whether the lock still holds. Leaves no trace. */
import { showPath } from "../../core/path.ts";
import { audible } from "../../core/warning.ts";
import { type Foreseen, type ForeseenSegment, foresee } from "../../foresee.ts";
import { FIT_EXTENSION, UINITRD_EXTENSION, UKI_EXTENSION } from "../../image/wrapping.ts";
import type { CacheWish } from "../../machine/cache.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { machinePorts } from "../../machine/ports.ts";
import type { RecipeOrder } from "../../machine/recipe.ts";
import type { ExitCode } from "../command.ts";
import { warningsJson } from "../report/json.ts";
import { layoutWarnings } from "../report/layout.ts";
import { nameOfDrift } from "../report/lock.ts";
import { sayWarnings } from "../report/warnings.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import { layoutTable } from "../text/table.ts";
import { decideUntouched } from "./decide-untouched.ts";
import { LockKeeper } from "./lock-keeper.ts";

export interface PlanOrder extends RecipeOrder {
  readonly cache: CacheWish;
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
  if (terminal.isJson) {
    terminal.printJson({
      ok: true,
      ...planJson(foreseen),
      lock: lockJson(keeper),
      warnings: warningsJson(told),
    });
    return 0;
  }
  if (told.length > 0) terminal.complain(layoutWarnings(told, terminal.page));
  terminal.print(planText(foreseen) + lockText(keeper));
  return 0;
}

async function foreseeFor(order: PlanOrder, terminal: Terminal): Promise<Foreseen> {
  return decideUntouched({ ...order, verb: "initgraph plan" }, terminal, ({ decision, opened, ports }) =>
    foresee(decision, opened, ports),
  );
}

function planText(foreseen: Foreseen): string {
  const { decision, layers } = foreseen;
  const size = showSize(unpackedOf(foreseen));
  const head = `${fileOf(foreseen)}: ${showCount(countOf(foreseen), "entry", "entries")}, ${size} of files`;
  const early = decision.early.map((one, at) => [
    "prepended",
    String(at + 1),
    showSize(one.size),
    "as it is",
    "",
  ]);
  const segments = layers.flatMap(({ name, compressor, segments }) =>
    segments.map((segment, index) => [
      `layer ${name}, ${compressor}`,
      String(index + 1),
      showSize(segment.plan.size),
      stateOf(segment),
      rangeOf(segment),
    ]),
  );
  const rows = layoutTable([...early, ...segments], ["left", "right", "right", "left", "left"]);
  const { cached, made } = countsOf(foreseen);
  const sum = `${showCount(cached + made, "piece")}: ${cached} cached, ${made} to be made`;
  return [safeText(head), ...rows.map((row) => `  ${safeText(row)}`), sum, ""].join("\n");
}

/** "cached, 5.1 MiB", "to be made", "written as it is read". */
function stateOf({ as, cached }: ForeseenSegment): string {
  if (as === "read") return "written as it is read";
  if (cached === null) return "to be made";
  return as === "stream" ? `cached, all in ${showSize(cached)}` : `cached, ${showSize(cached)}`;
}

function countsOf({ layers }: Foreseen) {
  const segments = layers.flatMap((layer) => layer.segments);
  const cached = segments.filter((segment) => segment.cached !== null).length;
  return { cached, made: segments.length - cached };
}

/** Bytes of all files. */
function unpackedOf({ layers }: Foreseen): number {
  const entries = layers.flatMap(({ segments }) => segments.flatMap(({ plan }) => plan.entries));
  return entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

function rangeOf({ plan: { entries } }: ForeseenSegment): string {
  return `${showPath(entries[0]!.path)} to ${showPath(entries.at(-1)!.path)}`;
}

function fileOf({ decision: { spec } }: Foreseen): string {
  const { fit, uInitrd, uki, extension } = spec.image;
  if (fit !== null) return `${spec.name}${FIT_EXTENSION}`;
  if (uki !== null) return `${spec.name}${UKI_EXTENSION}`;
  return `${spec.name}${uInitrd === null ? extension : UINITRD_EXTENSION}`;
}

function countOf({ layers }: Foreseen): number {
  return layers.reduce(
    (sum, { segments }) => sum + segments.reduce((all, one) => all + one.plan.entries.length, 0),
    0,
  );
}

function planJson(foreseen: Foreseen): object {
  const { decision, layers } = foreseen;
  const { spec, early } = decision;
  const { cached, made } = countsOf(foreseen);
  return {
    name: spec.name,
    file: fileOf(foreseen),
    entries: countOf(foreseen),
    unpacked: unpackedOf(foreseen),
    early: early.map(({ size, digest, kind }) => ({ size, digest, kind })),
    layers: layers.map(({ name, compressor, segments }) => ({
      name,
      compressor,
      segments: segments.map(({ key, as, cached: cachedSize, plan: { size, entries } }) => ({
        key,
        as,
        size,
        entries: entries.length,
        first: showPath(entries[0]!.path),
        last: showPath(entries.at(-1)!.path),
        cachedSize,
      })),
    })),
    cached,
    toBeMade: made,
  };
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
