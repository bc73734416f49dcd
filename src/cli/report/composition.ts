/** The sentences of the composition page: what is wrong between the files of a recipe, and with its variables. */
import { unreachable } from "../../core/entry.ts";
import { showBytes } from "../../core/path.ts";
import type { CompositionProblem } from "../../core/problems/composition.ts";
import type { SpecProblem } from "../../core/problems/spec.ts";
import { showPlace } from "../../core/span.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

const CODES: Readonly<Record<CompositionProblem["code"], true>> = {
  "spec/cannot-include": true,
  "spec/include-loop": true,
  "spec/too-many-includes": true,
  "spec/conflict": true,
  "spec/layer-twice": true,
  "spec/layers-and-layering": true,
  "spec/undefined-variable": true,
  "spec/undeclared-variable": true,
  "spec/bad-setting": true,
};

export function isCompositionProblem(problem: SpecProblem): problem is CompositionProblem {
  return Object.hasOwn(CODES, problem.code);
}

export function sayCompositionProblem(problem: CompositionProblem): Sentence {
  switch (problem.code) {
    case "spec/cannot-include":
      return sentence(`another recipe cannot be read: ${problem.what}`, {
        at: problem.at,
        details: [["looked for", showBytes(problem.path)]],
        help: "the path is seen from the recipe in which it stands",
      });
    case "spec/include-loop": {
      const steps = problem.chain.map(({ at, includes }) => `${showPlace(at)} includes ${includes}`);
      return sentence("the includes lead back to where they began", {
        at: problem.at,
        details: [["the loop", steps.join("\n")]],
        help: "put what these recipes share into one that includes none of them",
      });
    }
    case "spec/too-many-includes":
      return sentence(`a recipe is made of at most ${problem.limit} files, and this would be one more`, {
        at: problem.at,
      });
    case "spec/conflict":
      return sentence(`"${problem.key}" is said twice, and not the same`, {
        at: problem.at,
        details: [["first", showPlace(problem.first)]],
        help: `say it in ${problem.above}, which wins over what it includes, or take one of them away`,
      });
    case "spec/layers-and-layering":
      return sentence("an image has layers of its own, or those that are proposed", {
        at: problem.at,
        help: 'leave out "layers" or "layering"',
      });
    case "spec/layer-twice":
      return sentence(`two layers are called "${problem.name}"`, {
        at: problem.at,
        details: problem.first === null ? [] : [["first", showPlace(problem.first)]],
        help: 'give one of them another name ("main" is what stands beside the layers)',
      });
    case "spec/undefined-variable": {
      const { name, nearest, isInInclude } = problem;
      const where = isInInclude
        ? 'declare it under "vars" here or in a recipe that includes this one: others are not known yet'
        : 'declare it under "vars"';
      return sentence(`no recipe declares the variable ${name}`, {
        at: problem.at,
        mark: nearest === null ? "" : `did you mean \${${nearest}}?`,
        help: `${where}; write $\${${name}} for the text \${${name}} itself`,
      });
    }
    case "spec/undeclared-variable":
      return sentence(`--set ${problem.name}: no recipe declares this variable`, {
        details: [["declared", listed(problem.known, "none")]],
        help:
          problem.nearest === null
            ? 'declare it with its default under "vars"'
            : `did you mean ${problem.nearest}?`,
      });
    case "spec/bad-setting":
      return sentence(`--set ${problem.name}: this variable is ${problem.expected}, not "${problem.value}"`, {
        details: [["declared", showPlace(problem.declared)]],
        help: "where it is declared in quotes it may be any text",
      });
    default:
      return unreachable(problem);
  }
}
