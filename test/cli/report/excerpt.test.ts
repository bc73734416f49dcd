import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutExcerpt } from "../../../src/cli/report/excerpt.ts";
import { PLAIN } from "../../../src/cli/report/paint.ts";
import { widthOf } from "../../../src/cli/text/width.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly column: number;
  readonly width: number;
  readonly mark?: string;
  readonly shown: readonly [string, string];
}

const CASES: readonly Case[] = [
  {
    name: "a word in the middle",
    text: "name: [bad]",
    column: 8,
    width: 3,
    mark: "must be text",
    shown: ["    7 | name: [bad]", "      |        ^^^ must be text"],
  },
  {
    name: "nothing at the line's end",
    text: "name:",
    column: 6,
    width: 0,
    shown: ["    7 | name:", "      |      ^"],
  },
  { name: "an empty line", text: "", column: 1, width: 1, shown: ["    7 |", "      | ^"] },
  {
    name: "a value of several lines: its first",
    text: "text: |",
    column: 7,
    width: 300,
    shown: ["    7 | text: |", "      |       ^"],
  },
  {
    name: "tabs, as blanks up to the next fourth column",
    text: "a\tb\tc",
    column: 5,
    width: 1,
    shown: ["    7 | a   b   c", "      |         ^"],
  },
  {
    name: "wide characters, two columns each",
    text: "名前: ü",
    column: 1,
    width: 2,
    shown: ["    7 | 名前: ü", "      | ^^^^"],
  },
  {
    name: "behind wide and combining characters",
    text: "名e\u0301: x",
    column: 6,
    width: 1,
    shown: ["    7 | 名e\u0301: x", "      |      ^"],
  },
  {
    name: "behind what a terminal would obey",
    text: "\x1b: x",
    column: 4,
    width: 1,
    shown: ["    7 | \\x1b: x", "      |       ^"],
  },
];

for (const { name, text, column, width, mark = "", shown } of CASES) {
  test(`the mark stands under ${name}`, () => {
    const span = { file: "a.yaml", line: 7, column, width, text };
    assert.deepEqual(layoutExcerpt(span, mark, 80, PLAIN), shown);
  });
}

test("a very long line is cut around its mark, and fits", () => {
  const text = `${"x".repeat(500)}GUILTY${"y".repeat(500)}`;
  const lines = layoutExcerpt({ file: "a", line: 1, column: 501, width: 6, text }, "", 60, PLAIN);
  assert.ok(lines.every((line) => widthOf(line) <= 60));
  const at = lines[0]!.indexOf("GUILTY");
  assert.ok(at > 0 && lines[0]!.includes("…x") && lines[0]!.endsWith("y…"));
  assert.equal(lines[1]!.indexOf("^^^^^^"), at);
});

test("a mark wider than the page covers what is shown of it", () => {
  const lines = layoutExcerpt(
    { file: "a", line: 1, column: 1, width: 900, text: "z".repeat(900) },
    "",
    60,
    PLAIN,
  );
  assert.ok(
    lines.every((line) => widthOf(line) <= 60),
    lines.join("\n"),
  );
});
