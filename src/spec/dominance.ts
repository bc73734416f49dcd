/**
 * Which of several files has the say: a file wins over what it includes, however far below. What neither of two
 * includes the other says is equal in rank.
 */

export interface IncludingFile {
  /** All that it includes, and what that includes. */
  readonly below: ReadonlySet<IncludingFile>;
}

export interface Saying {
  readonly by: IncludingFile;
}

/** Without what another file among them overrides. */
export function undominated<T extends Saying>(sayings: readonly T[]): T[] {
  return sayings.filter(({ by }) => !sayings.some((other) => other.by.below.has(by)));
}
