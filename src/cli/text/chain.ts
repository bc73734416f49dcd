/** A chain from the recipe to a file, one step a line, the evidence of each below it. */
import { unreachable } from "../../core/entry.ts";
import { showPath } from "../../core/path.ts";
import { showPlace } from "../../core/span.ts";
import type { ChainStep, ExplainedChain, RecipeLine, StepReason } from "../../trace/explain-entry.ts";
import { safeText } from "./safe.ts";

/** What one file does with the next, read from the top: "/usr/bin/ssh needs /lib/libz.so.1". */
const VERBS = {
  named: "names",
  copied: "holds",
  needed: "needs",
  "dlopen-note": "opens",
  hwcaps: "may load",
  interpreter: "loaded by",
  shebang: "run by",
  wrapped: "wraps",
  symlink: "links to",
  through: "through",
  parent: "is below",
  "loader-cache": "found by",
  "store-reference": "refers to",
  "module-depends": "needs",
  softdep: "wants",
  weakdep: "may want",
  firmware: "asks for",
  "module-index": "indexed in",
  "modprobe-config": "set up by",
  "modprobe-command": "runs",
} as const satisfies Record<StepReason, string>;

const VERB_COLUMN = Math.max(...Object.values(VERBS).map((verb) => verb.length)) + 2;

/** Of directories without the library so many are named. */
const MOST_TRIED = 6;

/** Without an indent; the first line is the recipe's. */
export function layoutChain({ line, steps }: ExplainedChain): string[] {
  return [layoutLine(line), ...steps.flatMap(layoutStep)];
}

/** `initrd.yaml:22:5    - object: /usr/sbin/dropbear`. The line itself is known of a recipe alone. */
export function layoutLine({ at, label }: RecipeLine): string {
  if (at === null) return `the recipe (${safeText(label)})`;
  const text = safeText(at.text.trim());
  return text === "" ? safeText(`${showPlace(at)}  (${label})`) : `${safeText(showPlace(at))}  ${text}`;
}

function layoutStep(step: ChainStep): string[] {
  // A manifest may be of a later version, with reasons that are not known here.
  const verb = (VERBS[step.reason] ?? safeText(step.reason)).padEnd(VERB_COLUMN);
  const evidence = evidenceOf(step).map((text) => `  ${" ".repeat(VERB_COLUMN)}  ${safeText(text)}`);
  return [`  ${verb}${showPath(step.path)}`, ...evidence];
}

/** What was said, by which rule it was found, and where it was looked for before. */
function evidenceOf(step: ChainStep): string[] {
  const { found, tried, path } = step;
  const says = step.says === showPath(path) ? "" : sayWords(step);
  const where = found === "" ? "" : sayFound(found);
  const first = [says, where].filter((text) => text !== "").join(", ");
  const others = tried.length - MOST_TRIED;
  const shown = tried.slice(0, MOST_TRIED).join(", ");
  return [
    ...(first === "" ? [] : [first]),
    ...(tried.length === 0 ? [] : [`not in ${shown}${others > 0 ? `, and ${others} more` : ""}`]),
  ];
}

function sayWords({ reason, says }: ChainStep): string {
  if (says === "") return "";
  switch (reason) {
    case "through":
    case "symlink":
      return `-> ${says}`;
    case "hwcaps":
      return `a variant of ${says} for some processors`;
    case "loader-cache":
      return `${says}, by the loader's cache alone`;
    case "softdep":
      return `soft dependency ${says}`;
    case "weakdep":
      return `weak dependency ${says}`;
    case "dlopen-note":
      return `note: ${says}`;
    case "named":
      return `as ${says}`;
    case "copied":
    case "needed":
    case "interpreter":
    case "shebang":
    case "wrapped":
    case "store-reference":
    case "module-depends":
    case "firmware":
    case "module-index":
    case "modprobe-config":
    case "modprobe-command":
    case "parent":
      return says;
    default:
      return unreachable(reason);
  }
}

/** Rules that are places read on; "modinfo", "symbols" and aliases say by what it is known. */
function sayFound(found: string): string {
  if (found.startsWith("already loaded by")) return found;
  return /^(runpath|rpath|default|\/|glibc-hwcaps|library path)/.test(found)
    ? `found in ${found}`
    : `by ${found}`;
}
