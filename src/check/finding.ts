/**
 * The catalogue of what `check` finds in an image, as data. A code is `check/what` and never changes once released;
 * `cli/report/` alone makes sentences of it. Each area has its page in `findings/`.
 */
import { BOARD_LEVELS, type BoardFinding } from "./findings/board.ts";
import { CONTENT_LEVELS, type ContentFinding } from "./findings/contents.ts";
import { KERNEL_LEVELS, type KernelFinding } from "./findings/kernel.ts";
import { MODULE_LEVELS, type ModuleFinding } from "./findings/modules.ts";
import { PROGRAM_LEVELS, type ProgramFinding } from "./findings/programs.ts";
import { TREE_LEVELS, type TreeFinding } from "./findings/tree.ts";
import { UNPACKING_LEVELS, type UnpackingFinding } from "./findings/unpacking.ts";
import type { Level, Levels } from "./level.ts";

export type Finding =
  | UnpackingFinding
  | TreeFinding
  | ProgramFinding
  | ModuleFinding
  | KernelFinding
  | ContentFinding
  | BoardFinding;
export type FindingCode = Finding["code"];

const LEVELS: Levels<Finding> = {
  ...UNPACKING_LEVELS,
  ...TREE_LEVELS,
  ...PROGRAM_LEVELS,
  ...MODULE_LEVELS,
  ...KERNEL_LEVELS,
  ...CONTENT_LEVELS,
  ...BOARD_LEVELS,
};

export const FINDING_CODES: readonly string[] = Object.keys(LEVELS);

export function levelOf({ code }: Pick<Finding, "code">): Level {
  return LEVELS[code];
}
