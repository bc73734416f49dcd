/** The sentences of secrets that others can read. */
import type { ContentFinding } from "../../check/findings/contents.ts";
import { showPath } from "../../core/path.ts";
import { showCount } from "../text/size.ts";
import { type Sentence, sentence } from "./sentence.ts";

const MOST_NAMED = 5;

export function sayContentFinding(finding: ContentFinding): Sentence {
  switch (finding.code) {
    case "check/secret-readable":
      return sentence(`everybody may read ${finding.what} in the running initrd`, {
        details: [["file", `${showPath(finding.path)}, mode ${octal(finding.mode)}`]],
        help: "give it mode 0600",
      });
    case "check/image-readable": {
      const { secrets, count, mode } = finding;
      const named = secrets.slice(0, MOST_NAMED).map(({ path, what }) => `${showPath(path)}: ${what}`);
      const rest = count > named.length ? [`and ${count - named.length} more`] : [];
      return sentence(`everybody may read the image, which holds ${showCount(count, "secret")}`, {
        details: [
          ["its mode", octal(mode)],
          ["secrets", [...named, ...rest].join("\n")],
        ],
        help: "give the image mode 0600, or keep secrets out of it",
      });
    }
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
