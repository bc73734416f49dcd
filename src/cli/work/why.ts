/** `initgraph why`: what a recipe, or an image with its manifest, tells of the names it is asked for. */
import type { Problem } from "../../core/problem.ts";
import { machinePorts } from "../../machine/ports.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { Answer } from "../../trace/answer.ts";
import { type AskedName, parseAsked } from "../../trace/asked-name.ts";
import type { ExitCode } from "../command.ts";
import { sayProblems } from "../report/index.ts";
import { problemsJson } from "../report/json.ts";
import { layoutProblems } from "../report/layout.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { type AskedImage, type AskedPackage, type ImageOrder, withAskedImage } from "./asked-image.ts";
import { answerJson, packageJson } from "./why-json.ts";
import { answerText, packageText } from "./why-text.ts";

export interface WhyOrder extends ImageOrder {
  readonly chains: "shortest" | "all";
}

/** Throws BuildFailure: what a build would throw before it writes, and what `findSubject` throws. */
export function runWhy(order: WhyOrder, terminal: Terminal): Promise<ExitCode> {
  const names = order.names.map((word) => [word, askedName(word)] as const);
  const { host } = machinePorts(null);
  return withAskedImage({ ...order, verb: "initgraph why" }, { host, terminal }, (image) => {
    const found = names.map(([word, name]): Found => {
      const answer = image.answers.answer(name, order.chains);
      const owner = answer === null ? image.packageOf(name) : null;
      if (answer !== null) return { kind: "answer", word, answer };
      return owner === null
        ? { kind: "absent", word, problem: absent(name, image, word) }
        : { kind: "package", word, owner };
    });
    tell(found, image, terminal);
    return found.some(({ kind }) => kind === "absent") ? 1 : 0;
  });
}

type Found =
  | { readonly kind: "answer"; readonly word: string; readonly answer: Answer }
  | { readonly kind: "package"; readonly word: string; readonly owner: AskedPackage }
  | { readonly kind: "absent"; readonly word: string; readonly problem: Problem };

/** Throws WrongUsage. */
export function askedName(word: string): AskedName {
  const name = parseAsked(word);
  if (name === null) throw new WrongUsage(`"${safeText(word)}" is no path and no name`);
  return name;
}

function absent({ text }: AskedName, image: AskedImage, word: string): Problem {
  return { code: "trace/not-in-image", asked: word, image: image.name, nearest: image.nearest(text) };
}

function tell(found: readonly Found[], image: AskedImage, terminal: Terminal): void {
  const problems = found.flatMap((one) => (one.kind === "absent" ? [one.problem] : []));
  if (terminal.isJson) {
    const answers = found.flatMap((one) => {
      if (one.kind === "absent") return [];
      const body = one.kind === "answer" ? answerJson(one.answer) : packageJson(one.owner, image.answers);
      return [{ asked: one.word, ...body }];
    });
    const isComplete = problems.length === 0;
    terminal.printJson({ ...(isComplete ? { ok: true } : problemsJson(sayProblems(problems))), answers });
    return;
  }
  const texts = found.flatMap((one) => {
    if (one.kind === "absent") return [];
    return [one.kind === "answer" ? answerText(one.answer) : packageText(one.owner, image.answers)];
  });
  if (texts.length > 0) terminal.print(texts.join("\n"));
  if (problems.length > 0) terminal.complain(layoutProblems(sayProblems(problems), "", terminal.page));
}
