/** The garbage collector of this process, asked to work at a moment that is ours to know. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ProgressEvent } from "../core/ports.ts";

/** From so many files on it is worth the tenth of a second. */
const MANY_FILES = 50_000;

/**
 * When a large tree is closed and planned, half of what was held for that is garbage. V8 cannot know, and would let
 * the heap grow to more than twice of it first. To be told of all progress.
 */
export function tidyAfterPlan(): (event: ProgressEvent) => void {
  let files = 0;
  return (event) => {
    if (event.step === "files") files = event.files;
    else if (files > 0) {
      if (files > MANY_FILES) collectGarbage();
      files = 0;
    }
  };
}

/** Node has no call for it: V8 gives one to contexts that are made while its flag is set. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("globalThis.gc") as (() => void) | undefined;
  collect?.();
}
