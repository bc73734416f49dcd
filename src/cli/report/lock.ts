/** The sentences of the lock page. */
import { unreachable } from "../../core/entry.ts";
import type { LockDrift, LockProblem } from "../../core/problems/lock.ts";
import { showCount } from "../text/size.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayLockProblem(problem: LockProblem): Sentence {
  switch (problem.code) {
    case "lock/missing":
      return sentence(`${problem.lock} is not there, and the build is to hold to it`, {
        help: `\`initgraph lock ${problem.recipe}\` writes it`,
      });
    case "lock/unreadable":
      return sentence(`${problem.lock} is not as initgraph writes it: line ${problem.line}: ${problem.why}`, {
        help: "take it back from where it is kept, or write it anew with `initgraph lock`",
      });
    case "lock/input-moved":
      return sentence(`${whatMoved(problem)} ${problem.lock} says`, {
        details: [
          ["was", problem.was ?? "no input"],
          ["is", problem.is ?? "no input any more"],
          ...(problem.because === "" ? [] : [["brought by", problem.because] as const]),
        ],
      });
    case "lock/others-moved":
      return sentence(`${showCount(problem.count, "more input")} moved away from ${problem.lock}`);
    case "lock/recipe-moved":
      return sentence(`the recipe is not what ${problem.lock} says`, { details: wasAndIs(problem) });
    case "lock/compressor-moved":
      return sentence(`the compressor is not what ${problem.lock} says`, {
        details: [
          ["was", listed(problem.was, "none")],
          ["is", listed(problem.is, "none")],
        ],
      });
    case "lock/image-moved":
      return sentence(`every input is what ${problem.lock} says, and the image is another`, {
        details: [
          ...wasAndIs(problem),
          ["because", "a mode, an owner, a symlink, the epoch, or the version of initgraph differs"],
        ],
      });
    default:
      return unreachable(problem);
  }
}

/** For a line that only says that something moved. */
export function nameOfDrift(drift: LockDrift): string {
  switch (drift.code) {
    case "lock/input-moved":
      return drift.name;
    case "lock/others-moved":
      return showCount(drift.count, "other input");
    case "lock/recipe-moved":
      return "the recipe";
    case "lock/compressor-moved":
      return "the compressor";
    case "lock/image-moved":
      return "the image";
    default:
      return unreachable(drift);
  }
}

function whatMoved({ place, name }: Extract<LockDrift, { code: "lock/input-moved" }>): string {
  return place === "prepend" ? `the prepended archive ${name} is not what` : `${name} is not what`;
}

function wasAndIs({ was, is }: { readonly was: string; readonly is: string }) {
  return [
    ["was", was],
    ["is", is],
  ] as const;
}
