/** `initgraph size`: what everything costs, who brought it, and what could be saved. */
import { BuildFailure } from "../../core/problem.ts";
import { type Account, accountOf } from "../../size/account.ts";
import { suggest } from "../../size/suggestions/index.ts";
import type { Suggestion } from "../../size/suggestions/suggestion.ts";
import type { ExitCode } from "../command.ts";
import type { SizePart } from "../commands/size.ts";
import type { Terminal } from "../terminal.ts";
import { sizeJson } from "./size-json.ts";
import { type Row, rowsBy } from "./size-rows.ts";
import { sizeText } from "./size-text.ts";
import { measure, type Sized, type SizedOrder } from "./sized.ts";

export interface SizeRequest {
  readonly subject: string;
  readonly order: SizedOrder;
  /** Null: not said. */
  readonly by: SizePart | null;
  readonly top: number;
  /** Where to write a page; null: nowhere. */
  readonly html: string | null;
}

/** What there is to tell. */
export interface Measured {
  readonly sized: Sized;
  readonly account: Account;
  readonly suggestions: readonly Suggestion[];
  readonly by: SizePart;
  readonly rows: readonly Row[];
  /** Rows of each table that are told. */
  readonly top: number;
}

/** Throws BuildFailure: size/unknown-lines, size/unknown-packages, and what `measure` throws. */
export async function runSize(request: SizeRequest, terminal: Terminal): Promise<ExitCode> {
  const { subject, order, top } = request;
  const sized = await measure(subject, order, terminal);
  const by = request.by ?? (sized.from === "image" ? "directory" : "line");
  if (by === "line" && sized.from === "image")
    throw new BuildFailure([{ code: "size/unknown-lines", image: subject }]);
  if (by === "package" && sized.packages === null)
    throw new BuildFailure([{ code: "size/unknown-packages", image: subject }]);
  const account = accountOf(sized.image);
  const suggestions = suggest({ image: sized.image, account, contents: sized.contents });
  const measured = { sized, account, suggestions, by, rows: rowsBy(by, sized, account, top), top };
  if (request.html !== null) await writeHtml(request.html, measured);
  if (terminal.isJson) terminal.printJson(sizeJson(measured));
  else terminal.print(sizeText(measured));
  return 0;
}

/** Few ask for a page: the others load nothing of it. */
async function writeHtml(file: string, measured: Measured): Promise<void> {
  const { writeSizePage } = await import("./size-page.ts");
  writeSizePage(file, measured);
}
