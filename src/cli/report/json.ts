/** Problems for programs: what `--json` prints. */
import type { Said } from "./layout.ts";

/** Details and help are the words that a person gets; programs decide by `code` and `place`. */
export interface ProblemJson {
  readonly code: string;
  readonly message: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
  readonly hint: string | null;
  readonly details: readonly { readonly label: string; readonly text: string }[];
  readonly help: string | null;
}

/** Warnings, in the form of problems. */
export function warningsJson(warnings: readonly Said[]): ProblemJson[] {
  return warnings.map(problemJson);
}

export function problemsJson(problems: readonly Said[]): { ok: false; problems: ProblemJson[] } {
  return { ok: false, problems: problems.map(problemJson) };
}

export function problemJson({ code, words }: Said): ProblemJson {
  const { at } = words;
  return {
    code,
    message: words.headline,
    place: at && { file: at.file, line: at.line, column: at.column },
    hint: words.mark === "" ? null : words.mark,
    details: words.details.map(([label, text]) => ({ label, text })),
    help: words.help === "" ? null : words.help,
  };
}
