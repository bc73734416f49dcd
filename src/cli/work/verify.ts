/** Builds a recipe twice, or once beside an image from elsewhere, and compares. Nothing that was built before is touched. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../build.ts";
import type { BuildResult } from "../../carry-out.ts";
import { NO_MEMORY } from "../../core/no-memory.ts";
import { type ByteString, bytesOf, type HostPath, hostPathOf, nameOf } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { compareImages, type ImageDifference } from "../../inspect/compare-images.ts";
import { BuildStore } from "../../machine/build-store.ts";
import { openStore } from "../../machine/cache.ts";
import { scratchNames } from "../../machine/circumstances.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { tidyAfterPlan } from "../../machine/garbage.ts";
import { InputTracker } from "../../machine/inputs.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { machinePorts } from "../../machine/ports.ts";
import { type RecipeOrder, readRecipe } from "../../machine/recipe.ts";
import { countEntries } from "../../plan/entries.ts";
import type { ExitCode } from "../command.ts";
import { SignalGuard } from "../ending.ts";
import type { Terminal } from "../terminal.ts";
import { differenceJson, type Names, sayDifference } from "../text/difference.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize, showTime } from "../text/size.ts";
import { prepareToRead } from "./images.ts";
import { prepareSecondBuild } from "./second-build.ts";

export interface VerifyOrder extends RecipeOrder {
  readonly jobs: number | null;
  /** An image to compare with, in place of a second build; null: none. */
  readonly against: string | null;
}

/** Throws BuildFailure: what `build` throws, image/* of an image from elsewhere, cli/second-build-failed. */
export async function runVerify(order: VerifyOrder, terminal: Terminal): Promise<ExitCode> {
  const { against } = order;
  const machine = machinePorts(order.jobs);
  if (against !== null) prepareToRead(hostPathFrom(against), machine.host);
  withOptimizing();
  const scratch = nameScratch();
  const remove = async () => rmSync(scratch, { recursive: true, force: true });
  const signals = new SignalGuard(remove);
  try {
    const verifier = new Verifier({ order, scratch, signals, terminal, host: machine.host });
    const verdict = against === null ? await verifier.again() : await verifier.beside(against);
    return tell(verdict, terminal);
  } finally {
    await signals.unlessEnding();
    signals.release();
    await remove();
  }
}

interface Verdict {
  /** Of the first build; null: the image holds secrets. */
  readonly digest: string | null;
  readonly size: number;
  /** Null: the two are equal. */
  readonly difference: ImageDifference | null;
  readonly names: Names;
  readonly altered: readonly string[];
  readonly notAltered: readonly string[];
}

interface Verifying {
  readonly order: VerifyOrder;
  readonly scratch: string;
  readonly signals: SignalGuard;
  readonly terminal: Terminal;
  readonly host: Host;
}

class Verifier {
  readonly #with: Verifying;
  readonly #scratch: HostPath;
  readonly #tracker: InputTracker;
  #hasScratch = false;

  constructor(verifying: Verifying) {
    this.#with = verifying;
    this.#scratch = bytesOf(verifying.scratch) as ByteString as HostPath;
    this.#tracker = new InputTracker(this.#scratch);
  }

  /** Not before it is needed: while files are looked at a signal ends the run at once, and nothing must be left then. */
  #makeScratch(): void {
    this.#with.signals.listen();
    if (this.#hasScratch) return;
    this.#hasScratch = true;
    mkdirSync(this.#with.scratch, { mode: 0o700 });
  }

  async again(): Promise<Verdict> {
    const { order, host, terminal } = this.#with;
    const { spec, plan, image } = await this.#build();
    const moving = { order, spec, plan, tracker: this.#tracker, scratch: this.#scratch };
    const second = await prepareSecondBuild(moving, host.jobs, host);
    const { made, notMade } = second.alterations;
    for (const line of made) terminal.note(`altered: ${safeText(line)}\n`);
    for (const line of notMade) terminal.note(`not altered: ${safeText(line)}\n`);
    const out = await second.run();
    const other = hostPathOf(out, nameOf(image.path) as never);
    return {
      ...(await this.#compare(image, other, ["the first build", "the second"])),
      altered: made,
      notAltered: notMade,
    };
  }

  async beside(against: string): Promise<Verdict> {
    const { image } = await this.#build();
    const other = hostPathFrom(against);
    return {
      ...(await this.#compare(image, other, ["this build", safeText(against)])),
      altered: [],
      notAltered: [],
    };
  }

  async #compare({ path, digest, size }: BuildResult["image"], other: HostPath, names: Names) {
    const difference = await compareImages(path, other, { host: this.#with.host });
    return { digest, size, difference, names };
  }

  /** With nothing known beforehand and nothing kept. */
  async #build(): Promise<BuildResult> {
    const { order, scratch, signals, terminal } = this.#with;
    const start = performance.now();
    const machine = machinePorts(order.jobs);
    const store = new BuildStore(() => {
      this.#makeScratch();
      return openStore({ named: join(scratch, "kept") }, order.recipe, `initgraph verify ${order.recipe}`);
    });
    const guarded = signals.guard(this.#tracker.watch(machine.host));
    const makeDirectory = (path: HostPath): void => {
      this.#makeScratch();
      guarded.makeDirectory(path);
    };
    const host = { ...guarded, makeDirectory };
    const ports = {
      host,
      databases: this.#tracker.watchDatabases(machine.databases),
      store,
      memory: NO_MEMORY,
      tell: signals.heard(tidyAfterPlan(), terminal.tell),
      timekeeper: null,
      approve: null,
      emitsLayers: false,
      describe: null,
    };
    try {
      const out = hostPathOf(this.#scratch, "first" as never);
      const result = await build(readRecipe(order, host), out, ports);
      signals.listen();
      const entries = countEntries(result.plan);
      const size = `${showSize(result.image.size)}, ${showCount(entries, "entry", "entries")}`;
      terminal.note(`built: ${size}; ${showTime(performance.now() - start)}\n`);
      return result;
    } finally {
      await store.close();
    }
  }
}

function tell(
  { digest, size, difference, names, altered, notAltered }: Verdict,
  terminal: Terminal,
): ExitCode {
  const isEqual = difference === null;
  if (terminal.isJson) {
    const shown = difference === null ? null : differenceJson(difference);
    terminal.printJson({
      ok: isEqual,
      digest,
      size,
      compared: names,
      altered,
      notAltered,
      difference: shown,
    });
  } else {
    terminal.print(
      difference === null
        ? `equal: ${digest ?? "no digest is told of an image with secrets"}\n`
        : `different: ${safeText(sayDifference(difference, names))}\n`,
    );
  }
  return isEqual ? 0 : 1;
}

/** Of a directory that nobody else can have. Named for its owner: what a killed run left behind goes now. */
function nameScratch(): string {
  const { prefix, isOfTheDead } = scratchNames("verify");
  const parent = tmpdir();
  for (const name of readdirSync(parent).filter(isOfTheDead)) {
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Somebody else's, who will remove it.
    }
  }
  return join(parent, `${prefix}${randomBytes(8).toString("hex")}`);
}
