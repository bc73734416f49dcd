/** Finding of `check` → words. Each area has its page beside this file; the compiler sees that none is left out. */
import type { Finding } from "../../check/finding.ts";
import { TREE_LEVELS, type TreeFinding } from "../../check/findings/tree.ts";
import type { Sentence } from "./sentence.ts";
import { sayTreeFinding } from "./tree-findings.ts";
import { sayUnpackingFinding } from "./unpacking-findings.ts";

export function sayFinding(finding: Finding): Sentence {
  return isTreeFinding(finding) ? sayTreeFinding(finding) : sayUnpackingFinding(finding);
}

function isTreeFinding(finding: Finding): finding is TreeFinding {
  return Object.hasOwn(TREE_LEVELS, finding.code);
}
