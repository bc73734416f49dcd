/**
 * YAML 1.2 (core schema) text to the tree of the `yaml` package, with every problem of the text. What the
 * package does in quadratic time or with deep recursion on hostile input is bounded or done here instead.
 */
import {
  Composer,
  type CST,
  isScalar,
  Lexer,
  type ParsedNode,
  Parser,
  type YAMLParseError,
  type YAMLWarning,
} from "yaml";
import type { SpecProblem } from "../core/problems/spec.ts";
import { type SourceText, shorten } from "./source-text.ts";

/** Lists and maps within one another. A recipe needs five; the package's composer recurses. */
export const DEPTH_LIMIT = 64;

/** Words, blanks, signs and line ends of the text; a block of text is one. A recipe of 5000 lines has 40,000. */
const WORD_LIMIT = 250_000;

/** A damaged text can give a complaint for every line; nobody reads more than these. */
const MOST_COMPLAINTS = 100;

export function parseYaml(source: SourceText): ParsedNode | readonly SpecProblem[] {
  const tokens = readTokens(source);
  if (!Array.isArray(tokens)) return [tokens];
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

/**
 * The package's concrete syntax. Its nesting and the number of its words are watched while it grows: a
 * hostile text of a megabyte would otherwise take a gigabyte of memory before anybody could look at it.
 */
function readTokens(source: SourceText): CST.Token[] | SpecProblem {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let words = 0;
  for (const word of new Lexer().lex(source.text)) {
    const start = parser.offset;
    for (const token of parser.next(word)) tokens.push(token);
    words++;
    // Open collections, within a document and around a scalar.
    const isTooDeep = parser.stack.length > DEPTH_LIMIT + 2;
    if (!isTooDeep && words <= WORD_LIMIT) continue;
    const at = source.spanOf({ start, end: start + 1 });
    if (isTooDeep) return { code: "spec/too-deep", at, limit: DEPTH_LIMIT };
    return { code: "spec/too-many-values", at, limit: WORD_LIMIT, unit: "words" };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}
