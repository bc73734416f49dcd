/** The sentences of the spec page: what is wrong with a recipe. */
import { unreachable } from "../../core/entry.ts";
import type {
  MeaningProblem,
  PathFault,
  ShapeProblem,
  SpecProblem,
  YamlProblem,
} from "../../core/problems/spec.ts";
import { showPlace } from "../../core/span.ts";
import { showArea } from "./area.ts";
import { isCompositionProblem, sayCompositionProblem } from "./composition.ts";
import { isCompressorProblem, sayCompressorProblem } from "./compressor.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function saySpecProblem(problem: SpecProblem): Sentence {
  if (isCompositionProblem(problem)) return sayCompositionProblem(problem);
  if (isCompressorProblem(problem)) return sayCompressorProblem(problem);
  const { headline, ...more } = say(problem);
  return { ...sentence(headline, more), at: "at" in problem ? problem.at : null };
}

interface Words {
  readonly headline: string;
  readonly mark?: string;
  readonly details?: Sentence["details"];
  readonly help?: string;
}

type TextProblem = YamlProblem | ShapeProblem | MeaningProblem;

function say(problem: TextProblem): Words {
  switch (problem.code) {
    case "spec/unknown-key":
      return {
        headline: `unknown key "${problem.key}"`,
        ...(problem.nearest
          ? { mark: `did you mean "${problem.nearest}"?` }
          : { help: `known here: ${listed(problem.known, "no key at all")}` }),
      };
    case "spec/missing-key":
      return { headline: `${problem.of === "" ? "the recipe" : problem.of} lacks the key "${problem.key}"` };
    case "spec/wrong-type":
      return {
        headline: `${problem.key === "" ? "the recipe" : `"${problem.key}"`} must be ${problem.expected}, not ${problem.found}`,
        mark: problem.write === null ? "" : `write ${problem.write}`,
      };
    case "spec/bad-value":
      return {
        headline: `"${problem.key}" must be ${problem.expected}, not ${problem.found}`,
        mark: problem.nearest === null ? "" : `did you mean "${problem.nearest}"?`,
      };
    case "spec/one-kind":
      return {
        headline: `${problem.key} has ${problem.found.length === 0 ? "no kind" : `${problem.found.length} kinds: ${problem.found.join(", ")}`}`,
        help: `say exactly one of ${problem.kinds.join(", ")}`,
      };
    case "spec/bad-path":
      return sayBadPath(problem.key, problem.path, problem.fault);
    case "spec/bad-mode":
      return {
        headline: `${problem.written} is no file mode`,
        ...(problem.write === null
          ? { help: "modes are octal, from 0 to 07777: write 0755" }
          : { mark: `write ${problem.write}`, help: "modes are octal, and begin with a zero" }),
      };
    case "spec/duplicate-target":
      return {
        headline: `${problem.path} stands twice in "files"`,
        details: [["first", showPlace(problem.first)]],
      };
    case "spec/suffix-without-symlink":
      return {
        headline: '"suffix" has no effect without "symlink"',
        help: "the suffix is appended to the object's path in the target of the symlink",
      };
    case "spec/needs-target":
      return {
        headline: `${problem.object} lies beside the recipe and needs a "target"`,
        help: problem.isGlob
          ? 'a glob cannot have one: name the directory, and its place in the image as "target"'
          : 'say where it lands in the image, e.g. target: "/init"',
      };
    case "spec/allow-all":
      return {
        headline: `"${problem.missing}" would allow everything to be missing`,
        help: "name what may be missing; part of it may be a glob",
      };
    case "spec/nothing-to-build":
      return {
        headline: "the recipe names nothing for the image",
        help: 'name something under "contents", "files" or "prepend"',
      };
    case "spec/output-collision":
      return {
        headline: `${problem.output} is the name of another output`,
        help: 'take another "extension"',
      };
    case "spec/references-of-files":
      return {
        headline: '"closure.references" tells which store paths come whole; with "store: files" none does',
        help: "remove one of them",
      };
    case "spec/two-versions":
      return {
        headline: '"kernel" has "version" and "versions"',
        details: [["version", showPlace(problem.first)]],
        help: 'keep one of them: "versions" gives an image for each kernel',
      };
    case "spec/no-kernel":
      return {
        headline: `--kernel ${problem.version}: the recipe ${problem.recipe} has no kernel`,
        help: 'leave the option away, or say which modules it shall have under "kernel"',
      };
    case "spec/two-wrappers":
      return {
        headline: `"${problem.firstKey}" and "${problem.key}" are two ways to wrap one image`,
        details: [["first", showPlace(problem.first)]],
        help: "keep one of them",
      };
    case "spec/areas-overlap":
      return {
        headline: `the areas of ${problem.first.name} and ${problem.second.name} overlap`,
        details: [
          [problem.first.name, showArea(problem.first)],
          [problem.second.name, showArea(problem.second)],
        ],
      };
    case "spec/bad-source-date-epoch":
      return {
        headline: `SOURCE_DATE_EPOCH is "${problem.value}", and must be a whole number from 0 to 4294967295`,
        help: 'set it to seconds since 1970, unset it, or say "epoch" in the recipe',
      };
    default:
      return sayYaml(problem);
  }
}

function sayYaml(problem: YamlProblem): Words {
  switch (problem.code) {
    case "spec/too-large":
      return {
        headline: `the recipe has ${problem.size} bytes; a recipe has at most ${problem.limit}`,
        help: "put large contents into files, and name them as source",
      };
    case "spec/not-utf8":
      return {
        headline: `the recipe is not UTF-8: there is a byte 0x${hex(problem.byte, 2)}`,
        help: "save it as UTF-8",
      };
    case "spec/control-character":
      return { headline: `a recipe cannot hold the character U+${hex(problem.character, 4).toUpperCase()}` };
    case "spec/yaml-syntax":
      return {
        headline: `this is not YAML: ${problem.message}`,
        // A brace ends a plain word there.
        ...(/[[{,].*\$\{/.test(problem.at.text)
          ? { help: 'within [ ] and { } a text with "${" needs quotes' }
          : {}),
      };
    case "spec/empty-recipe":
      return { headline: "the recipe is empty", help: "`initgraph init` writes a first one" };
    case "spec/several-documents":
      return { headline: "a second YAML document begins here", help: "a recipe is one document" };
    case "spec/too-deep":
      return { headline: `lists and maps lie more than ${problem.limit} deep within one another here` };
    case "spec/too-many-values":
      return {
        headline: `from here on the recipe has more than ${problem.limit} ${problem.unit}`,
        help:
          problem.unit === "values"
            ? "aliases of aliases multiply; write out what is meant"
            : "put large contents into files, and name them as source",
      };
    case "spec/duplicate-key":
      return {
        headline: `the key "${problem.key}" stands twice`,
        details: [["first", showPlace(problem.first)]],
      };
    case "spec/bad-key":
      return { headline: `a key must be text, not ${problem.found}`, help: "put it in quotes" };
    case "spec/merge-key":
      return {
        headline: 'merge keys ("<<") are not part of YAML 1.2',
        help: "write the keys out, or use an alias for the whole value",
      };
    case "spec/tag":
      return { headline: `a recipe cannot use the tag ${problem.tag}`, help: "write the plain value" };
    case "spec/unknown-alias":
      return { headline: `no anchor "&${problem.name}" stands before this alias` };
    case "spec/alias-loop":
      return { headline: `the alias "*${problem.name}" stands within what it names` };
    default:
      return unreachable(problem);
  }
}

function sayBadPath(key: string, path: string, fault: PathFault): Words {
  const shown = `"${path}"`;
  switch (fault) {
    case "empty":
      return { headline: `"${key}" is empty; it must be a path` };
    case "relative":
      return { headline: `${shown} must be absolute`, mark: `write "/${path}"` };
    case "parent":
      return { headline: `${shown} holds a ".." part, which leads out of its directory` };
    case "control-character":
      return { headline: `${shown} holds a control character, which no recipe may name` };
    case "root":
      return {
        headline: `${shown} is the root of the tree`,
        help:
          key === "files"
            ? "of the root only {directory: true} with a mode can be said"
            : "name a file or directory below it",
      };
    case "store-itself":
      return { headline: `${shown} is the whole store`, help: "name store paths" };
    case "nowhere":
      return {
        headline: `${shown} could be in the sysroot or beside the recipe`,
        help: `write "/${path}" for the sysroot, "./${path}" for beside the recipe`,
      };
    case "glob":
      return { headline: `${shown} may be several files`, help: "name one" };
    default:
      return unreachable(fault);
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
