/** `initgraph why-not`: what kept names out of the image that a recipe would make, or whose manifest is there. */

import { examineImage } from "../../absence/built-image.ts";
import { AbsenceExplainer } from "../../absence/explain-absence.ts";
import { explainByManifest } from "../../absence/explain-by-manifest.ts";
import type { Absence } from "../../absence/obstacle.ts";
import { treeSourceOf } from "../../core/entry.ts";
import { showPath, type TargetPath } from "../../core/path.ts";
import { machinePorts } from "../../machine/ports.ts";
import { finalEntries } from "../../plan/entries.ts";
import type { Answer } from "../../trace/answer.ts";
import type { AskedName } from "../../trace/asked-name.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { type AskedImage, type ImageOrder, withAskedImage } from "./asked-image.ts";
import type { Untouched } from "./decide-untouched.ts";
import { askedName } from "./why.ts";
import { answerJson } from "./why-json.ts";
import { absenceJson } from "./why-not-json.ts";
import { absenceText } from "./why-not-text.ts";
import { answerText } from "./why-text.ts";

export type WhyNotOrder = ImageOrder;

type Found =
  /** It is in the image. `hides`: files of the sysroot that the recipe's own lie over. */
  | {
      readonly kind: "present";
      readonly word: string;
      readonly answer: Answer;
      readonly hides: readonly string[];
    }
  | { readonly kind: "absent"; readonly word: string; readonly absence: Absence };

/** Throws BuildFailure: what a build would throw before it writes, and what `findSubject` throws. */
export async function runWhyNot(order: WhyNotOrder, terminal: Terminal): Promise<ExitCode> {
  const names = order.names.map((word) => [word, askedName(word)] as const);
  const { host } = machinePorts(null);
  return withAskedImage({ ...order, verb: "initgraph why-not" }, { host, terminal }, async (image) => {
    const explain = explainerOf(image);
    const found: Found[] = [];
    for (const [word, name] of names) {
      const answer = image.answers.answer(name, "shortest");
      if (answer === null) found.push({ kind: "absent", word, absence: await explain(name) });
      else found.push({ kind: "present", word, answer, hides: hiddenBy(answer, image.untouched) });
    }
    tell(found, image, terminal);
    return found.some(({ kind }) => kind === "present") ? 1 : 0;
  });
}

function explainerOf({ answers, untouched }: AskedImage): (name: AskedName) => Promise<Absence> {
  const { tree } = answers.named;
  if (untouched === null) return async (name) => explainByManifest(name, tree, answers.graph);
  const { decision, opened, ports } = untouched;
  const { spec, plan, warnings, machine } = decision;
  const parts = { spec, plan, warnings, machine, tree, trees: opened.trees, memory: ports.memory };
  const explainer = new AbsenceExplainer(examineImage(parts));
  return (name) => explainer.explain(name);
}

/** Files of the sysroot at paths where the image has another. */
function hiddenBy({ entries }: Answer, untouched: Untouched | null): string[] {
  if (untouched === null) return [];
  const { plan } = untouched.decision;
  const { sysroot } = untouched.opened.trees;
  const asked = new Set<TargetPath>(entries.map(({ entry }) => entry.path));
  const own = [...finalEntries(plan)].filter(({ entry }) => {
    if (!asked.has(entry.path) || entry.kind !== "file") return false;
    const source = treeSourceOf(entry.source);
    return source === null || source.tree === "host" || source.path !== entry.path;
  });
  return own.flatMap(({ entry }) =>
    sysroot.stat(entry.path)?.kind === "file" ? [showPath(entry.path)] : [],
  );
}

function tell(found: readonly Found[], { name }: AskedImage, terminal: Terminal): void {
  if (terminal.isJson) {
    const answers = found.map((one) =>
      one.kind === "present"
        ? { asked: one.word, isIn: true, ...answerJson(one.answer), hides: one.hides }
        : { asked: one.word, isIn: false, ...absenceJson(one.absence) },
    );
    terminal.printJson({ ok: true, answers });
    return;
  }
  const texts = found.map((one) => {
    if (one.kind === "absent") return absenceText({ ...one, image: name }, terminal.page.columns);
    const hides = one.hides.map((path) => `\n  it lies over the sysroot's own ${path}\n`);
    return `${safeText(one.word)} is in the image ${safeText(name)}:\n\n${answerText(one.answer)}${hides.join("")}`;
  });
  terminal.print(texts.join("\n"));
}
