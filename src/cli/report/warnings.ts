/** Warning → words, each with the line of the recipe that settles it. */
import type { Warning } from "../../core/warning.ts";
import type { Said } from "./layout.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayWarnings(warnings: readonly Warning[]): Said[] {
  return warnings.map((warning) => ({ code: warning.code, words: sayWarning(warning) }));
}

function sayWarning(warning: Warning): Sentence {
  switch (warning.code) {
    case "graph/nss-modules":
      return sentence(`${warning.configuration} names services whose modules are not in the image`, {
        details: [["not in", listed(warning.modules, "none")]],
        help: fix(warning.modules[0] ?? "", warning.code),
      });
  }
}

/** Add the object, or say that it is not wanted. */
function fix(object: string, code: Warning["code"]): string {
  return `add "- object: ${object}" to contents, or "silence: [${code}]" to the recipe`;
}
