/**
 * V8's optimizing compiler, which works beside the program. In a run of half a second it costs a fifth of the processor time
 * and gives nothing back. And what it still compiles when Node ends may wait for the main thread, which waits for it, for
 * ever (https://github.com/nodejs/node/issues/54918): one `cat` of a small image in twenty-five did not end.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import type { ProgressEvent } from "../core/ports.ts";

/** What was begun to be compiled is done by then. */
const LAST_WORK_MS = 20;

let isOptimizing = true;

export function withoutOptimizing(): void {
  setFlagsFromString("--no-opt");
  isOptimizing = false;
}

/** For work that takes long. */
export function withOptimizing(): void {
  setFlagsFromString("--opt");
  isOptimizing = true;
}

/** By then a run is one of those that what is compiled pays for. */
const LONG_MS = 1000;

/** To be told of all progress: where files and modules are still looked at after so long, many are to come. */
export function optimizeLongWork(): (event: ProgressEvent) => void {
  const from = performance.now();
  let isLong = false;
  return ({ step }) => {
    if (isLong || step === "layers" || step === "image" || performance.now() - from < LONG_MS) return;
    isLong = true;
    withOptimizing();
  };
}

/** The last thing that a run does. */
export async function endOptimizing(): Promise<void> {
  if (!isOptimizing) return;
  withoutOptimizing();
  await sleep(LAST_WORK_MS);
}
