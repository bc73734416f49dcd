/** Holds a build to the recipe's lock, tells where it has moved away from it, or takes a new one. */
import type { MadeImage } from "../../carry-out.ts";
import type { Lock } from "../../core/lock.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { LockDrift } from "../../core/problems/lock.ts";
import { hostPathFrom, readHostFile } from "../../machine/files.ts";
import type { RecipeOrder } from "../../machine/recipe.ts";
import { driftBetween, lockOf } from "../../plan/lock.ts";

/** `obey`: what moved is a problem, and nothing is put in its place. */
export type LockWish = "obey" | "compare" | "take";

export class LockKeeper {
  /** As the user would name it. */
  readonly file: string;
  /** What the lock does not say; null: there is none. */
  drift: readonly LockDrift[] | null = null;
  /** The lock of what was built, where it was wished for. */
  taken: Lock | null = null;
  /** As `initgraph lock` would be asked for it. */
  readonly #recipe: string;
  readonly #wish: LockWish;
  #was: Lock | null = null;

  /** `kernel`: one that was asked for has a lock of its own; null: none was. */
  constructor({ recipe, kernel }: Pick<RecipeOrder, "recipe" | "kernel">, wish: LockWish) {
    this.#recipe = kernel === null ? recipe : `${recipe} --kernel ${kernel}`;
    this.#wish = wish;
    this.file = kernel === null ? `${recipe}.lock` : `${recipe}.${kernel}.lock`;
  }

  /** Reads the lock as a build sees it. Throws BuildFailure: lock/missing, lock/unreadable, host/cannot-read. */
  async read(host: Pick<Host, "tree">): Promise<void> {
    const bytes = this.#wish === "take" ? null : readHostFile(hostPathFrom(this.file), host);
    if (bytes === null && this.#wish === "obey")
      throw new BuildFailure([{ code: "lock/missing", lock: this.file, recipe: this.#recipe }]);
    if (bytes === null) return;
    const { readLock } = await import("../../spec/lock-file.ts");
    this.#was = readLock(Buffer.from(bytes).toString("utf8"), this.file);
  }

  /** Of what would be made, whose image nobody knows. */
  compare(foreseen: Omit<MadeImage, "image">): void {
    if (this.#was !== null) this.approve({ ...foreseen, image: this.#was.image });
  }

  /** Of what is made and not yet to be seen. Throws BuildFailure with all that moved. */
  approve({ decision, contents, beside, compressor, image }: MadeImage): void {
    if (this.#was === null && this.#wish !== "take") return;
    const { spec, plan, early } = decision;
    const lock = lockOf({ spec, plan, early, contents, beside, compressor, image });
    if (this.#wish === "take") this.taken = lock;
    if (this.#was === null) return;
    const { directory, base } = spec;
    this.drift = driftBetween(this.#was, lock, plan, { lock: this.file, directory, base });
    if (this.#wish === "obey" && this.drift.length > 0) throw new BuildFailure(this.drift);
  }
}
