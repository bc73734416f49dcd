/** What a failure must be, for assert.throws and assert.rejects. */
import assert from "node:assert/strict";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";

/** All problems, by their codes and in their order. */
export function hasCodes(...codes: readonly string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof BuildFailure, String(error));
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      codes,
    );
    return true;
  };
}

/** The first problem, by its code. */
export function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof BuildFailure && error.problems[0]?.code === code;
}

/** The problems that something is refused for. */
export async function problemsOf(work: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  throw new assert.AssertionError({ message: "it was not refused" });
}
