/** The sentences of the plan page: what cannot stand in one image together. */
import { unreachable } from "../../core/entry.ts";
import { showPath } from "../../core/path.ts";
import type { Claimant, PlanProblem } from "../../core/problems/plan.ts";
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
        `${problem.what === "image" ? "the image has" : "the files of the image have"} ${showSize(problem.size)}; the budget is ${showSize(problem.limit)}`,
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

function both(first: Claimant, second: Claimant): (readonly [string, string])[] {
  return [
    ["first", `${first.what}, from ${first.origin}`],
    ["second", `${second.what}, from ${second.origin}`],
  ];
}
