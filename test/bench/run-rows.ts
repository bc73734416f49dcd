/** Rows, one after another, each in an empty directory; what goes wrong in one stays in it. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compete, type Row, type Rules } from "./contest.ts";
import { InputMissing, type InputName, type Inputs, provideInput } from "./inputs.ts";
import type { Result } from "./table.ts";

export interface Place {
  readonly directory: string;
  readonly inputs: Inputs;
}

export function runRow(row: Row, { directory, inputs }: Place, rules: Rules): Result {
  const work = join(directory, "work");
  const input = (name: InputName): string => provideInput(name, inputs, directory);
  try {
    for (const name of row.inputs) input(name);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    return { row, standings: compete(row.contestants({ input, work }), rules), trouble: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = error instanceof InputMissing ? "missing" : "failed";
    return { row, standings: [], trouble: { kind, says: error.message } };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
