/** The sentences of the plan page: what cannot stand in one image together. */
import { unreachable } from "../../core/entry.ts";
import { showPath } from "../../core/path.ts";
import type { Claimant, LayerLoss, PlanProblem } from "../../core/problems/plan.ts";
import { showSize } from "../text/size.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function sayPlanProblem(problem: PlanProblem): Sentence {
  switch (problem.code) {
    case "plan/conflict":
      return sentence(`two things want to be ${showPath(problem.path)}`, {
        details: both(problem.first, problem.second),
      });
    case "plan/parent-not-directory":
      return sentence(
        `${showPath(problem.path)} cannot lie below ${showPath(problem.parent)}, which is no directory`,
        {
          details: both(problem.first, problem.second),
        },
      );
    case "plan/overlays-layer":
      return sentence(
        `a layer cannot lie over an earlier one's ${showPath(problem.path)}: ${LOSSES[problem.what]}`,
        {
          details: both(problem.first, problem.second),
          help: "put both into one layer, or place one of them elsewhere",
        },
      );
    case "plan/overlays-early":
      return sentence(`the kernel would destroy ${showPath(problem.path)} of a prepended archive`, {
        details: both(problem.first, problem.second),
        help: "a later entry of another kind replaces the earlier one and all that lies below it",
      });
    case "plan/file-too-large":
      return sentence(
        `${showPath(problem.path)} has ${problem.size} bytes; a newc archive holds files up to 4294967295`,
      );
    case "plan/name-too-long":
      return sentence(
        `${showPath(problem.path)} is too long a name: ${problem.length} bytes, and the kernel drops what has more than ${problem.limit}`,
      );
    case "plan/symlink-too-long":
      return sentence(
        `the target of ${showPath(problem.path)} has ${problem.length} bytes; the kernel drops symlinks of more than ${problem.limit}`,
      );
    case "plan/reserved-name":
      return sentence(`${showPath(problem.path)} is the name that ends an archive; no file can bear it`);
    case "plan/over-budget":
      return sentence(
        `${whatIsLarge(problem)} ${showSize(problem.size)}; the budget is ${showSize(problem.limit)}`,
        {
          at: problem.at,
          details: problem.largest.map(({ path, size, origin }, index) => [
            index === 0 ? "largest" : "",
            `${showSize(size)}  ${showPath(path)}${origin === "" ? "" : `  <-  ${origin}`}`,
          ]),
        },
      );
    case "plan/empty-image":
      return sentence("the image would be empty", { help: 'name something under "contents" or "files"' });
    default:
      return unreachable(problem);
  }
}

const LOSSES: Readonly<Record<LayerLoss, string>> = {
  "directory-stays": "the kernel keeps the directory and drops what comes over it",
  "symlink-goes": "the kernel would put an empty directory in the symlink's place",
  "device-stays": "the kernel keeps the numbers of the device that is there",
};

function whatIsLarge({ what, layer }: PlanProblem & { code: "plan/over-budget" }): string {
  const whole = layer === null ? "the image" : `layer ${layer}`;
  if (what === "unpacked") return `the files of ${whole} have`;
  return layer === null ? "the image has" : `${whole} takes`;
}

function both(first: Claimant, second: Claimant): (readonly [string, string])[] {
  return [
    ["first", `${first.what}, from ${first.origin}`],
    ["second", `${second.what}, from ${second.origin}`],
  ];
}
