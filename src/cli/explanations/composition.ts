// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
/** Explanations: what is wrong between the files of a recipe, and with its variables. */
import type { CompositionProblem } from "../../core/problems/composition.ts";
import type { Explanation } from "./explanation.ts";

export const COMPOSITION: Readonly<Record<CompositionProblem["code"], Explanation>> = {
  "spec/cannot-include": {
    title: "a recipe that is included or used cannot be read",
    happened:
      "`include` and `use` name other recipe files. Their paths are seen from the file in which they stand, not from the working directory.",
    causes: ["a slip in the path", "the path was written as seen from elsewhere", "it names a directory"],
    remedies: ["mend the path; the message says where it was looked for"],
    example: "include: [./common/base.yaml]",
    mended: "include: [../common/base.yaml]",
  },
  "spec/include-loop": {
    title: "includes lead back to where they began",
    happened:
      "A recipe includes another that includes the first, directly or over several files. No order of reading them exists.",
    causes: ["two recipes that each want what the other has"],
    remedies: ["put what both share into a third recipe that includes neither"],
    example: "# in initrd.yaml itself\ninclude: [initrd.yaml]",
    mended: "include: [./shared.yaml]",
  },
  "spec/too-many-includes": {
    title: "a recipe is made of too many files",
    happened:
      "A recipe may be made of 100 files. More than that is a mistake, or made to exhaust who reads it.",
    causes: ["a generator that writes a file for each entry"],
    remedies: ["put small recipes together into one"],
    example: "# 1.yaml includes 2.yaml, which includes 3.yaml, and so on\ninclude: [./1.yaml]",
    mended: null,
  },
  "spec/conflict": {
    title: "two included recipes say the same key differently",
    happened:
      "What a recipe says itself wins over what it includes. Where two included recipes disagree nobody decides, and no order of includes counts: a conflict that nobody sees would be worse.",
    causes: ["two parts that each set `name`, `kernel.version` or a file"],
    remedies: [
      "say the value in the recipe that includes both",
      "take it out of one of them, or make it a variable",
    ],
    example: "# both say: name\ninclude: [./base.yaml, ./debug.yaml]",
    mended: "include: [./base.yaml, ./debug.yaml]\nname: board",
  },
  "spec/layers-and-layering": {
    title: "`layers` and `layering` stand in one recipe",
    happened: "`layering: auto` proposes the layers; `layers` says them. An image has one or the other.",
    causes: ["`layering: auto` in a base recipe that is included by one with layers"],
    remedies: ["leave one of them out, or say `layering: none` beside your layers"],
    example: "layering: auto\nlayers: [{ name: base, files: { /b: x } }]",
    mended: "layers: [{ name: base, files: { /b: x } }]",
  },
  "spec/layer-twice": {
    title: "two layers have one name",
    happened:
      "Layers are told apart by their names, in messages, in the manifest and in the names of emitted files. `main` is what stands beside the layers.",
    causes: ["a layer that was copied", "a layer called main"],
    remedies: ["give one of them another name"],
    example: "layers:\n  - { name: base, files: { /a: x } }\n  - { name: base, files: { /b: x } }",
    mended: "layers:\n  - { name: base, files: { /a: x } }\n  - { name: more, files: { /b: x } }",
  },
  "spec/undefined-variable": {
    title: "a variable is used that no recipe declares",
    happened:
      "${NAME} in capital letters stands for a variable, and each must be declared under `vars`. One that is misspelt would otherwise be text. The environment is never asked: an image must not depend on who builds it.",
    causes: [
      "a slip in the name",
      "a shell script within the recipe, whose own ${NAME} is meant",
      "the path of an `include` uses a variable that only the included file declares",
    ],
    remedies: [
      "declare it under `vars`",
      "write $${NAME} where the text ${NAME} is meant, or keep the script in a file beside the recipe",
    ],
    example: "name: initrd-${KERNLE}",
    mended: "vars: { KERNEL: 6.1.0-50-arm64 }\nname: initrd-${KERNEL}",
  },
  "spec/undeclared-variable": {
    title: "--set names a variable that no recipe declares",
    happened:
      "--set gives a declared variable another value. It declares none: a slip would build the image with the old value.",
    causes: ["a slip in the name", "the recipe was changed and the command line was not"],
    remedies: [
      "use the name that the recipe declares; the message lists them",
      "declare the variable with a default under `vars`",
    ],
    example: "$ initgraph build --set LEVEL=4 --set KERNLE=6.1.0-51-arm64",
    mended: "$ initgraph build --set LEVEL=4 --set KERNEL=6.1.0-51-arm64",
  },
  "spec/bad-setting": {
    title: "--set gives a variable a value of another type",
    happened:
      "A variable is of the type of its default: a number, true or false, or text. --set takes that type.",
    causes: ["a word for a variable that is declared as a number", "yes or no in place of true or false"],
    remedies: ["give a value of that type", "declare it in quotes, if any text shall do"],
    example:
      "# the recipe says: vars: { LEVEL: 3, DEBUG: false }\n$ initgraph build --set LEVEL=high --set DEBUG=yes",
    mended: "$ initgraph build --set LEVEL=9 --set DEBUG=true",
  },
};
