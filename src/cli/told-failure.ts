/** Problems in words. Most runs have nothing to say, and start faster without the pages. */
import type { BuildFailure } from "../core/problem.ts";
import type { ProblemJson } from "./report/json.ts";
import type { Terminal } from "./terminal.ts";

/** `outcome`: what they mean for the run, behind their number. Empty: nothing to say. */
export async function complainOf(
  { problems }: BuildFailure,
  outcome: string,
  terminal: Terminal,
): Promise<void> {
  const { sayProblems } = await import("./report/index.ts");
  const { layoutProblems } = await import("./report/layout.ts");
  terminal.complain(layoutProblems(sayProblems(problems), outcome, terminal.page));
}

/** Where more is said of what went wrong: once for a run, its last line. `space`: what parts it from what stands above. */
export function adviseOn(codes: Iterable<string>, space: "" | "\n", terminal: Terminal): void {
  const [code = "CODE", ...others] = new Set(codes);
  terminal.note(`${space}see: initgraph explain ${others.length === 0 ? code : "CODE"}\n`);
}

export async function failureJson({ problems }: BuildFailure): Promise<{
  readonly ok: false;
  readonly problems: readonly ProblemJson[];
}> {
  const { sayProblems } = await import("./report/index.ts");
  const { problemsJson } = await import("./report/json.ts");
  return problemsJson(sayProblems(problems));
}
