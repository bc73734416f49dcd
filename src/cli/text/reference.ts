/** A reference in words: what its referrer does, so that "now" or "no longer" may stand before it. */
import type { Reason } from "../../graph/references.ts";

const VERBS: Readonly<Record<Reason, string>> = {
  named: "names",
  copied: "holds",
  needed: "needs",
  "dlopen-note": "has the dlopen note",
  hwcaps: "has a variant for other processors:",
  interpreter: "wants the interpreter",
  shebang: "begins with",
  wrapped: "wraps",
  symlink: "leads to",
  "loader-cache": "needs the loader's cache for",
  "store-reference": "refers to",
  "module-depends": "depends on the module",
  softdep: "softly depends on the module",
  weakdep: "weakly depends on the module",
  firmware: "asks for the firmware",
  "module-index": "is in the module index",
  "modprobe-config": "is configured in",
  "modprobe-command": "has modprobe run",
};

/** `what`: what the referrer says, or what it leads to. A reason of another version comes as it is. */
export function sayReference(reason: Reason, what: string): string {
  return `${VERBS[reason] ?? reason}${what === "" ? "" : ` ${what}`}`;
}
