/** Finding of `check` → words. Each area has its page beside this file; the compiler sees that none is left out. */
import type { Finding } from "../../check/finding.ts";
import { BOARD_LEVELS } from "../../check/findings/board.ts";
import { CONTENT_LEVELS } from "../../check/findings/contents.ts";
import { KERNEL_LEVELS } from "../../check/findings/kernel.ts";
import { MODULE_LEVELS } from "../../check/findings/modules.ts";
import { PROGRAM_LEVELS } from "../../check/findings/programs.ts";
import { TREE_LEVELS } from "../../check/findings/tree.ts";
import type { Levels } from "../../check/level.ts";
import { sayBoardFinding } from "./board-findings.ts";
import { sayContentFinding } from "./content-findings.ts";
import { sayKernelFinding } from "./kernel-findings.ts";
import { sayModuleFinding } from "./module-findings.ts";
import { sayProgramFinding } from "./program-findings.ts";
import type { Sentence } from "./sentence.ts";
import { sayTreeFinding } from "./tree-findings.ts";
import { sayUnpackingFinding } from "./unpacking-findings.ts";

export function sayFinding(finding: Finding): Sentence {
  if (isOf(TREE_LEVELS, finding)) return sayTreeFinding(finding);
  if (isOf(PROGRAM_LEVELS, finding)) return sayProgramFinding(finding);
  if (isOf(MODULE_LEVELS, finding)) return sayModuleFinding(finding);
  if (isOf(KERNEL_LEVELS, finding)) return sayKernelFinding(finding);
  if (isOf(CONTENT_LEVELS, finding)) return sayContentFinding(finding);
  if (isOf(BOARD_LEVELS, finding)) return sayBoardFinding(finding);
  return sayUnpackingFinding(finding);
}

function isOf<Code extends Finding["code"]>(
  levels: Levels<{ readonly code: Code }>,
  finding: Finding,
): finding is Extract<Finding, { readonly code: Code }> {
  return Object.hasOwn(levels, finding.code);
}
