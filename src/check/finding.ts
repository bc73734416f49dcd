/**
 * The catalogue of what `check` finds in an image, as data. A code is `check/what` and never changes once released;
 * `cli/report/` alone makes sentences of it. Each area has its page in `findings/`.
 */
import { TREE_LEVELS, type TreeFinding } from "./findings/tree.ts";
import { UNPACKING_LEVELS, type UnpackingFinding } from "./findings/unpacking.ts";
import type { Level, Levels } from "./level.ts";

export type Finding = UnpackingFinding | TreeFinding;
export type FindingCode = Finding["code"];

const LEVELS: Levels<Finding> = { ...UNPACKING_LEVELS, ...TREE_LEVELS };

export const FINDING_CODES: readonly string[] = Object.keys(LEVELS);

export function levelOf({ code }: Pick<Finding, "code">): Level {
  return LEVELS[code];
}
