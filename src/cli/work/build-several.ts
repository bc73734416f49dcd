/**
 * Several images in one run, one after the other: of one machine, one store and one memory, so that what one has built
 * the next finds. Every recipe is tried, whatever becomes of the others.
 */
import { BuildFailure, type ProblemCode } from "../../core/problem.ts";
import type { Warning } from "../../core/warning.ts";
import { machinePorts } from "../../machine/ports.ts";
import type { ExitCode } from "../command.ts";
import { doneBefore, isMatrix, type Matrix, nameOfBuild, orderFor } from "../done-before.ts";
import type { BuildOrder } from "../engine.ts";
import type { Session } from "../session.ts";
import type { BuildSummary } from "../summary.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showTime } from "../text/size.ts";
import { builtJson, tellBuilt, workOf } from "../told-build.ts";
import { adviseOn, complainOf, failureJson } from "../told-failure.ts";

/** An image that is to be built, and what is known of it before anything is. */
interface Wanted {
  readonly order: BuildOrder;
  /** What the image is called, or why it cannot be known. */
  readonly name: string | BuildFailure;
  /** What an earlier build said, which still holds as long as nothing is written. */
  readonly done: BuildSummary | null;
  /** How long it took to know that. */
  readonly milliseconds: number;
}

/** Throws BuildFailure cli/same-name, before anything is built. */
export async function buildSeveral(
  orders: readonly Omit<BuildOrder, "name">[],
  terminal: Terminal,
): Promise<ExitCode> {
  const run = new SeveralBuilds(orders[0]!.jobs, terminal);
  try {
    const wanted: Wanted[] = [];
    for (const order of orders)
      wanted.push(...(await run.lookAt({ ...order, name: await nameOfBuild(order) })));
    refuseTwins(wanted);
    for (const one of wanted) await run.build(one);
    return run.end(wanted.length);
  } finally {
    await run.close();
  }
}

class SeveralBuilds {
  readonly #terminal: Terminal;
  readonly #jobs: number | null;
  readonly #machine: Pick<ReturnType<typeof machinePorts>, "host">;
  readonly #startedAt = performance.now();
  #session: Session | null = null;
  #hasWritten = false;
  /** The first image of the run that has a piece. */
  readonly #owners = new Map<string, string>();
  readonly #said = new Set<string>();
  readonly #built: BuildSummary[] = [];
  readonly #images: object[] = [];
  readonly #failed: object[] = [];
  readonly #codes: ProblemCode[] = [];

  constructor(jobs: number | null, terminal: Terminal) {
    this.#jobs = jobs;
    this.#terminal = terminal;
    this.#machine = machinePorts(jobs);
  }

  async lookAt(order: BuildOrder): Promise<Wanted[]> {
    const startedAt = performance.now();
    const ofMatrix = ({ name, kernels }: Matrix) =>
      kernels.map((kernel) => this.#lookAtOne(orderFor(order, kernel), `${name}-${kernel}`));
    const known = (name: Wanted["name"], done: BuildSummary | null) => {
      return [{ order, name, done, milliseconds: performance.now() - startedAt }];
    };
    const done = doneBefore(order, this.#machine.host);
    if (isMatrix(done)) return ofMatrix(done);
    if (done !== null) return known(done.name, done);
    try {
      const { wantedImages } = await import("./wanted-images.ts");
      const images = await wantedImages(order, await this.#open());
      return typeof images === "string" ? known(images, null) : ofMatrix(images);
    } catch (error) {
      if (error instanceof BuildFailure) return known(error, null);
      throw error;
    }
  }

  /** An image whose name is known. */
  #lookAtOne(order: BuildOrder, name: string): Wanted {
    const startedAt = performance.now();
    const done = this.#doneBefore(order);
    return { order, name, done, milliseconds: performance.now() - startedAt };
  }

  /** Of an image that is wanted by its name, which no matrix has. */
  #doneBefore(order: BuildOrder): BuildSummary | null {
    const done = doneBefore(order, this.#machine.host);
    return isMatrix(done) ? null : done;
  }

  /** What goes wrong is told, and is no reason not to go on. */
  async build({ order, name, done, milliseconds }: Wanted): Promise<void> {
    const startedAt = performance.now();
    try {
      if (typeof name !== "string") throw name;
      // An image that was just made may be among the inputs of this one.
      const known = this.#hasWritten ? this.#doneBefore(order) : done;
      const built = known ?? (await this.#buildAnew(order));
      const told = {
        milliseconds: performance.now() - startedAt + milliseconds,
        wantsReasons: order.wantsReasons,
        shared: this.#sharedBy(built),
      };
      this.#built.push(built);
      if (!this.#terminal.isJson) {
        const warnings = built.warnings.filter((warning) => this.#isNews(warning));
        return await tellBuilt({ ...built, warnings }, told, this.#terminal);
      }
      const shared = Object.fromEntries(told.shared);
      this.#images.push({ ...whatOf(order), ...(await builtJson(built)), shared });
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      this.#failed.push({ ...whatOf(order), problems: (await failureJson(error)).problems });
      this.#codes.push(...error.problems.map(({ code }) => code));
      const { recipe, kernel } = order;
      const outcome = `nothing was built of ${safeText(recipe)}${kernel === null ? "" : ` for kernel ${safeText(kernel)}`}`;
      if (this.#terminal.isJson) return;
      await complainOf(error, outcome, this.#terminal);
      this.#terminal.complain("\n");
    }
  }

  end(count: number): ExitCode {
    const isAll = this.#failed.length === 0;
    const reused = this.#built.reduce((sum, one) => sum + one.reused, 0);
    const rebuilt = this.#built.reduce((sum, one) => sum + one.rebuilt, 0);
    if (this.#terminal.isJson) {
      this.#terminal.printJson({ ok: isAll, images: this.#images, failed: this.#failed, reused, rebuilt });
      return isAll ? 0 : 1;
    }
    const images = `${isAll ? "" : `${count - this.#failed.length} of `}${showCount(count, "image")}`;
    const time = showTime(performance.now() - this.#startedAt);
    this.#terminal.note(`${images}: ${workOf({ rebuilt, reused })}; ${time}\n`);
    if (!isAll) adviseOn(this.#codes, "", this.#terminal);
    return isAll ? 0 : 1;
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  async #buildAnew(order: BuildOrder): Promise<BuildSummary> {
    const { buildIn } = await import("../engine.ts");
    this.#hasWritten = true;
    return (await buildIn(await this.#open(), order)).summary;
  }

  async #open(): Promise<Session> {
    const { Session } = await import("../session.ts");
    this.#session ??= new Session(this.#jobs);
    return this.#session;
  }

  /** What several images are warned of alike, nobody reads twice. */
  #isNews(warning: Warning): boolean {
    const said = JSON.stringify(warning);
    const isNews = !this.#said.has(said);
    this.#said.add(said);
    return isNews;
  }

  /** Of the pieces that were not built for it. */
  #sharedBy({ name, pieces, reused }: BuildSummary): ReadonlyMap<string, number> {
    const shared = new Map<string, number>();
    for (const piece of new Set(pieces)) {
      const owner = this.#owners.get(piece);
      if (owner === undefined) this.#owners.set(piece, name);
      else if (reused > 0) shared.set(owner, (shared.get(owner) ?? 0) + 1);
    }
    return shared;
  }
}

function whatOf({ recipe, kernel }: BuildOrder) {
  return kernel === null ? { recipe } : { recipe, kernel };
}

function refuseTwins(wanted: readonly Wanted[]): void {
  const first = new Map<string, string>();
  const problems = wanted.flatMap(({ name, order: { recipe, out } }) => {
    if (typeof name !== "string") return [];
    const other = first.get(name);
    if (other === undefined) first.set(name, recipe);
    return other === undefined
      ? []
      : [{ code: "cli/same-name" as const, name, recipes: [other, recipe] as const, out }];
  });
  if (problems.length > 0) throw new BuildFailure(problems);
}
