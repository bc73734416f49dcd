/** Explanations: keys and values that the recipe's schema does not allow. */
import type { ShapeProblem } from "../../core/problems/spec.ts";
import type { Explanation } from "./explanation.ts";

export const SPEC_SHAPE: Readonly<Record<ShapeProblem["code"], Explanation>> = {
  "spec/unknown-key": {
    title: "the recipe has a key that does not exist",
    happened:
      "A key that nobody reads would be passed over in silence, and the image would not be what was meant. So each must be known.",
    causes: ["a slip of the fingers", "a key at the wrong depth: `mode` belongs to a file, not to `files`"],
    remedies: [
      "take the key that the message suggests",
      "docs/recipe.md lists all keys; an editor with `initgraph schema` completes them",
    ],
    example: "compresor: zstd",
    mended: "compressor: zstd",
  },
  "spec/missing-key": {
    title: "a key is missing that its map needs",
    happened: "Without it the value makes no sense: a device has numbers, an exception has a reason.",
    causes: ["the key was misspelt (there is a second message then)", "`allow` without its `reason`"],
    remedies: ["add the key"],
    example: "allow:\n  - { missing: libx.so.1 }",
    mended: "allow:\n  - { missing: libx.so.1, reason: only for smart cards }",
  },
  "spec/wrong-type": {
    title: "a value is of another type than its key takes",
    happened:
      "YAML decides by the writing what a value is: 6.10 is the number 6.1, yes is text, a dash begins a list.",
    causes: [
      "a single value where a list belongs",
      "a version or a mode without quotes",
      "yes and no, which are true and false in YAML 1.1 only",
    ],
    remedies: ["write the value as the message says", "put text that looks like a number in quotes"],
    example: "contents: /usr/bin/tool",
    mended: "contents:\n  - object: /usr/bin/tool",
  },
  "spec/bad-value": {
    title: "a value is of the right type and not one of those allowed",
    happened: "The key takes names of a list, a number of a range, or text of a form.",
    causes: ["a slip in a name", "a name of another tool: U-Boot says arm64 where the kernel says aarch64"],
    remedies: ["take what the message suggests", "docs/recipe.md says of each key what it takes"],
    example: "arch: aarch46",
    mended: "arch: aarch64",
  },
  "spec/one-kind": {
    title: "an entry of `files` is of no kind, or of several",
    happened: "An entry is text, a source, a symlink, a directory, a device or a fifo: exactly one of them.",
    causes: ["two of these keys in one entry", "only `mode` or `uid` was said"],
    remedies: ["say one kind; make two entries of it"],
    example: "files:\n  /a: { text: x, symlink: b }",
    mended: "files:\n  /a: { symlink: b }\n  /b: { text: x }",
  },
};
