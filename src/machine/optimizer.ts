/** V8's optimizing compiler. It works beside the program, and pays for itself within seconds: not in a run of half of one. */
import { setFlagsFromString } from "node:v8";

/** A fifth of the processor time of a build that takes its last decision up again is spent on code that then hardly runs. */
export function withoutOptimizing(): void {
  setFlagsFromString("--no-opt");
}

export function withOptimizing(): void {
  setFlagsFromString("--opt");
}
