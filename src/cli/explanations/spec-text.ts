// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
/** Explanations: text that is no YAML a recipe can be. */
import type { YamlProblem } from "../../core/problems/spec.ts";
import type { Explanation } from "./explanation.ts";

export const SPEC_TEXT: Readonly<Record<YamlProblem["code"], Explanation>> = {
  "spec/too-large": {
    title: "the recipe's text is too large",
    happened: "A recipe is text that people write: at most 1 MiB of it is read.",
    causes: ["a binary, or a whole tree, as `text` of files", "another file than the recipe was named"],
    remedies: ["put large contents into files beside the recipe, and name them as `source`"],
    example: "# image.bin has 20 MB\n$ initgraph build image.bin",
    mended: "$ initgraph build initrd.yaml",
  },
  "spec/not-utf8": {
    title: "the recipe is not UTF-8",
    happened: "A byte of the recipe belongs to no UTF-8 text, so it is not clear which character is meant.",
    causes: ["an editor that saves in Latin-1", "a binary file was named"],
    remedies: ["save it as UTF-8: `iconv -f latin1 -t utf-8`"],
    example: '# "café", saved in Latin-1\nname: caf\\xe9',
    mended: "name: café",
  },
  "spec/control-character": {
    title: "the recipe holds a control character",
    happened:
      "NUL, escape and their like are invisible in an editor and dangerous in a terminal. YAML does not allow them either.",
    causes: ["text that was copied from a terminal, with its colours", "a file that was damaged"],
    remedies: ['remove it, or write it as an escape in double quotes: "\\e"'],
    example: "# an escape sequence stands before the word\nname: \\x1b[31mred",
    mended: "name: red",
  },
  "spec/yaml-syntax": {
    title: "the recipe is not YAML",
    happened: "The text breaks a rule of YAML at this place, so nothing behind it can be understood.",
    causes: [
      "a tab where blanks belong",
      "a bracket or quote that stays open",
      "`: ` or ` #` within a text without quotes",
      "within [ ] and { } a text with ${NAME} needs quotes",
    ],
    remedies: [
      "mend the line; put the text in quotes",
      "an editor with the schema shows it while you type (`initgraph schema`)",
    ],
    example: "contents: [\n  - object: }",
    mended: "contents:\n  - object: /bin/busybox",
  },
  "spec/empty-recipe": {
    title: "the recipe is empty",
    happened: "The file has no value in it, or comments only.",
    causes: ["a recipe that was only begun", "an included file that everything was moved out of"],
    remedies: ["write what goes in under `contents` or `files`", "let `initgraph init` write a first recipe"],
    example: "# to be done",
    mended: "files: { /init: { source: ./init.sh } }",
  },
  "spec/several-documents": {
    title: "the file holds more than one YAML document",
    happened: "A line of three dashes begins another document. A recipe is one.",
    causes: ["two recipes in one file"],
    remedies: ["keep each recipe in a file of its own; `include` brings them together"],
    example: "name: a\n---\nname: b",
    mended: "name: a",
  },
  "spec/too-deep": {
    title: "lists and maps lie too deep within one another",
    happened:
      "A recipe needs five levels; 64 are allowed. More is a mistake, or made to exhaust who reads it.",
    causes: ["brackets that were repeated by a program"],
    remedies: ["look at the line that the message names"],
    example: "contents: [[[[ # and so on, more than 64 times",
    mended: null,
  },
  "spec/too-many-values": {
    title: "the recipe has more values than anybody writes",
    happened:
      "Aliases of aliases multiply: a few lines can stand for millions of values. Reading stops before they cost the machine's memory.",
    causes: ["anchors that refer to anchors", "whole trees listed file by file: name their directory"],
    remedies: ["write out what is meant", "name a directory in `contents`, or an archive as sysroot"],
    example: '# and so on, nine levels: 387 million values\nx0: &a0 ["lol", "lol"]\nx1: &a1 [*a0, *a0]',
    mended: null,
  },
  "spec/duplicate-key": {
    title: "a key stands twice in one map",
    happened: "Only one of the two values could count, and readers of YAML disagree which. So neither does.",
    causes: ["a part of the recipe that was copied", "two blocks of `files` or `contents`"],
    remedies: ["put both into one block, or remove one"],
    example: "name: a\nname: b",
    mended: "name: b",
  },
  "spec/bad-key": {
    title: "a key is not text",
    happened: "A number, a list or nothing stands where a key belongs.",
    causes: ["a name of digits without quotes, in `files` or `vars`", "a `?` or a brace too many"],
    remedies: ["put the key in quotes"],
    example: "files: { [a]: x }",
    mended: "files: { /a: x }",
  },
  "spec/merge-key": {
    title: "a merge key (<<) is used",
    happened:
      "Merge keys were in a draft for YAML 1.1 and are not part of 1.2. Their rules hide which value counts.",
    causes: ["a habit from CI configurations"],
    remedies: [
      "write the keys out",
      "use an alias for the whole value",
      "share parts of recipes by `include`",
    ],
    example: 'x: &x { mode: "0644" }\nfiles:\n  /a: { <<: *x, text: a }',
    mended: 'files:\n  /a: { mode: "0644", text: a }',
  },
  "spec/tag": {
    title: "a YAML tag is used",
    happened: "Tags (!!binary, !env) make readers do more than read. A recipe has none.",
    causes: ["!!binary for a file's content", "tags of another tool"],
    remedies: ["write the plain value", "keep binary content in a file, and name it as `source`"],
    example: "files:\n  /a: !!binary aGVsbG8=",
    mended: "files:\n  /a: { source: ./a.bin }",
  },
  "spec/unknown-alias": {
    title: "an alias has no anchor before it",
    happened: "`*name` stands for the value that was marked with `&name` further up. There is none.",
    causes: [
      "a glob without quotes: * begins an alias",
      "the anchor stands further down, or in another file",
    ],
    remedies: ['put globs in quotes: "*.so"', "mark the value with &name, before the alias"],
    example: "contents: *nowhere",
    mended: 'contents:\n  - object: "/usr/lib/*.so"',
  },
  "spec/alias-loop": {
    title: "an alias stands within the value that it names",
    happened: "The value would hold itself, without end.",
    causes: ["an anchor on the list, and its alias inside"],
    remedies: ["write out what is meant"],
    example: "contents: &a\n  - *a",
    mended: "contents:\n  - object: /bin/busybox",
  },
};
