/** The holes that a recipe accepts by name, and which of these exceptions still have a hole to accept. */
import picomatch from "picomatch";
import { decodeUtf8 } from "../core/path.ts";
import type { Problem } from "../core/problem.ts";
import type { Allowance } from "../spec/spec.ts";

interface Exception {
  readonly allowance: Allowance;
  readonly matchesMissing: (name: string) => boolean;
  readonly matchesReferrer: (path: string) => boolean;
}

export class Allowances {
  readonly #exceptions: readonly Exception[];
  readonly #used = new Set<Allowance>();

  constructor(allow: readonly Allowance[]) {
    this.#exceptions = allow.map((allowance) => ({
      allowance,
      matchesMissing: picomatch(allowance.missing, { dot: true }),
      matchesReferrer:
        allowance.neededBy === null ? () => true : picomatch(allowance.neededBy, { dot: true }),
    }));
  }

  /** Whether an exception names this hole, under one of the names it has, for this referrer ("/usr/sbin/x"). */
  allows(names: readonly string[], referrer: string): boolean {
    const texts = names.map((name) => decodeUtf8(name) ?? name);
    const found = this.#exceptions.filter(
      (exception) => texts.some(exception.matchesMissing) && exception.matchesReferrer(referrer),
    );
    for (const exception of found) this.#used.add(exception.allowance);
    return found.length > 0;
  }

  /** An exception that accepts nothing hides the day when it would: an error. */
  problems(): Problem[] {
    return this.#exceptions
      .filter(({ allowance }) => !this.#used.has(allowance))
      .map(({ allowance }) => ({ code: "graph/unused-allow", at: allowance.at, missing: allowance.missing }));
  }
}
