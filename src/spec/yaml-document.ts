/**
 * YAML 1.2 (core schema) text to the tree of the `yaml` package, with every problem of the text. What the
 * package does in quadratic time or with deep recursion on hostile input is bounded or done here instead.
 */
import {
  Composer,
  type CST,
  isScalar,
  type ParsedNode,
  Parser,
  type YAMLParseError,
  type YAMLWarning,
} from "yaml";
import type { SpecProblem } from "../core/problems/spec.ts";
import { type SourceText, shorten } from "./source-text.ts";

/** Lists and maps within one another. A recipe needs five; the package's composer recurses. */
export const DEPTH_LIMIT = 64;

/** A damaged text can give a complaint for every line; nobody reads more than these. */
const MOST_COMPLAINTS = 100;

export function parseYaml(source: SourceText): ParsedNode | readonly SpecProblem[] {
  const tokens = [...new Parser().parse(source.text)];
  const tooDeep = deeperThan(DEPTH_LIMIT, tokens);
  if (tooDeep !== null) {
    const at = source.spanOf({ start: tooDeep, end: tooDeep + 1 });
    return [{ code: "spec/too-deep", at, limit: DEPTH_LIMIT }];
  }
  // Keys are compared in yaml-values.ts: the package compares each with all others.
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  const [document, second] = composer.compose(tokens, true, source.text.length);
  const { contents, errors, warnings } = document!;
  const complaints = [...errors, ...warnings].slice(0, MOST_COMPLAINTS);
  if (complaints.length > 0) return complaints.map((complaint) => problemOf(complaint, source));
  if (second) {
    const start = second.range[0] + /^\s*/.exec(source.text.slice(second.range[0]))![0].length;
    return [{ code: "spec/several-documents", at: source.spanOf({ start, end: start + 3 }) }];
  }
  const isEmpty = contents === null || (isScalar(contents) && contents.source === "" && !contents.tag);
  if (isEmpty) return [{ code: "spec/empty-recipe", at: source.spanOf({ start: 0, end: 0 }) }];
  return contents as ParsedNode;
}

function problemOf(complaint: YAMLParseError | YAMLWarning, source: SourceText): SpecProblem {
  const [start, end] = complaint.pos;
  if (complaint.name === "YAMLWarning" && complaint.code === "TAG_RESOLVE_FAILED") {
    const tag = source.text.slice(start, end);
    return { code: "spec/tag", at: source.spanOf({ start, end }), tag: shorten(tag) };
  }
  // What is missing at the end of the text is shown behind its last word, not in an empty line below.
  const last = source.text.trimEnd().length;
  const at = source.spanOf({ start: Math.min(start, last), end: Math.min(end, last + 1) });
  return { code: "spec/yaml-syntax", at, message: shorten(complaint.message) };
}

/** Where the first collection begins that lies too deep; null: none does. Without recursion. */
function deeperThan(limit: number, tokens: readonly CST.Token[]): number | null {
  const todo: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 })).reverse();
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { token, depth } = next;
    if (token.type === "document") {
      if (token.value) todo.push({ token: token.value, depth });
    } else if ("items" in token) {
      if (depth >= limit) return token.offset;
      // The last first, so that the place found is the first of the text.
      for (let at = token.items.length - 1; at >= 0; at--) {
        const { key, value } = token.items[at]!;
        if (value) todo.push({ token: value, depth: depth + 1 });
        if (key) todo.push({ token: key, depth: depth + 1 });
      }
    }
  }
  return null;
}
