import assert from "node:assert/strict";
import { test } from "node:test";
import { ENDS } from "../support/bounds.ts";
import { placesOf, problemsOf, specOf } from "../support/recipes.ts";

test("places are counted in characters, from 1", () => {
  const rows: readonly (readonly [recipe: string, place: string])[] = [
    ["files: {/ä: {text: 'ö', mdoe: 0644}}", "1:25+4 spec/unknown-key"],
    ["files: {/😀: {text: '😀😀', mdoe: 0644}}", "1:26+4 spec/unknown-key"],
    ["files: {/a: x}\n😀😀: 1\n", "2:1+2 spec/unknown-key"],
    ["files: {/a: x}\r\nnmae: a\r\n", "2:1+4 spec/unknown-key"],
    ["\ufefffiles: {/a: x}\nnmae: a\n", "2:1+4 spec/unknown-key"],
    ["\ufeffnmae: a\nfiles: {/a: x}\n", "1:1+4 spec/unknown-key"],
    ["files:\n  /a:\n    text: |\n      x\n    mdoe: 1\n", "5:5+4 spec/unknown-key"],
    ["files: {/a: x}\nname: |\n  a\n  b\n", "2:7+1 spec/bad-value"],
    ["files: {/a: x}\nname: &n [a,\n  b]\n", "2:10+3 spec/wrong-type"],
    ["files: {/a: x}\nsolid: # nothing\n", "2:1+5 spec/wrong-type"],
  ];
  for (const [recipe, place] of rows) assert.deepEqual(placesOf(problemsOf(recipe)), [place], recipe);
});

test("what an alias brings is told where it is used, its parts where they stand", () => {
  const recipe = "contents: &c [{object: /a, symlnk: /b}]\nprepend: *c\nname: &n 5\nextension: *n\n";
  assert.deepEqual(placesOf(problemsOf(recipe)), [
    "1:15+24 spec/wrong-type",
    "1:28+6 spec/unknown-key",
    "3:10+1 spec/wrong-type",
    "4:12+2 spec/wrong-type",
  ]);
});

test("anchors and aliases mean what they name", () => {
  const spec = specOf("files:\n  /a: &x {text: hi, mode: 0600}\n  /b: *x\nprepend: [&p ./x, *p]\n");
  assert.deepEqual(spec.layers[0]!.files[1]!.content, spec.layers[0]!.files[0]!.content);
  assert.deepEqual(
    spec.prepend.map(({ path }) => path),
    ["/work/recipes/x", "/work/recipes/x"],
  );
});

test("a byte order mark and CRLF change nothing", () => {
  const recipe = "name: a\nfiles:\n  /a: {text: |\n}\n".replace("|\n", "x");
  const [plain, other] = [specOf(recipe), specOf(`\ufeff${recipe.replaceAll("\n", "\r\n")}`)];
  assert.deepEqual(other.layers[0]!.files, plain.layers[0]!.files);
  assert.equal(other.name, plain.name);
});

test("the first byte that is no UTF-8 is named", () => {
  const rows: readonly (readonly [bytes: number[], place: string, byte: number])[] = [
    [[0xff, 0xfe, 0x61], "1:1+1", 0xff],
    [[0x61, 0xe9, 0x6e], "1:2+1", 0xe9],
    [[0x61, 0x0a, 0xc3, 0xa4, 0xc3], "2:2+1", 0xc3],
    [[0x61, 0x0a, 0xe2, 0x82, 0x41], "2:1+1", 0xe2],
    [[0xed, 0xa0, 0x80], "1:1+1", 0xed],
    [[0xef, 0xbb, 0xbf, 0x61, 0x80], "1:2+1", 0x80],
    [[0xc0, 0x80], "1:1+1", 0xc0],
  ];
  for (const [bytes, place, byte] of rows) {
    const problems = problemsOf(Uint8Array.from(bytes));
    assert.deepEqual(placesOf(problems), [`${place} spec/not-utf8`], String(bytes));
    assert.equal("byte" in problems[0]! && problems[0].byte, byte);
  }
});

test("any bytes give a recipe or problems, never another error", () => {
  const words = [
    "files:",
    "contents",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "\n",
    "\n  ",
    "/x",
    "'",
    '"',
    "|",
    "!t ",
    "? ",
    "0755",
    "object",
    "\t",
    "#",
    ", ",
    "<<",
    "---\n",
    "\u0000",
    "ü",
  ];
  let state = 12345;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 3000; round++) {
    const recipe = Array.from({ length: next(24) }, () => words[next(words.length)]).join("");
    const bytes = Buffer.from(recipe);
    if (next(4) === 0 && bytes.length > 0) bytes[next(bytes.length)] = next(256);
    problemsOf(bytes);
  }
});

const MEBIBYTE = 1024 * 1024;

test("hostile recipes end soon, with one problem", ENDS, () => {
  const letters = [..."abcdefghijklm"];
  const laughs = letters
    .slice(1)
    .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${letters[at]}`)}]\n`);
  const rows: readonly (readonly [name: string, recipe: string, code: string])[] = [
    ["billion laughs", `a: &a [${Array(10).fill("x")}]\n${laughs.join("")}`, "spec/too-many-values"],
    [
      "wide aliases",
      `a: &a [${"x,".repeat(20_000)}]\nb: [${"*a,".repeat(20_000)}]\n`,
      "spec/too-many-values",
    ],
    [
      "a chain of aliases",
      Array.from({ length: 3000 }, (_, at) => `k${at}: &a${at} [${at ? `*a${at - 1}` : ""}]\n`).join(""),
      "spec/too-deep",
    ],
    ["open brackets", `name: ${"[".repeat(MEBIBYTE - 10)}`, "spec/too-deep"],
    ["open lists", "- ".repeat(MEBIBYTE / 2), "spec/too-deep"],
    ["open maps", "{a: ".repeat(MEBIBYTE / 4), "spec/too-deep"],
    ["steps", Array.from({ length: 1000 }, (_, at) => `${" ".repeat(at)}a:\n`).join(""), "spec/too-deep"],
    ["keys", Array.from({ length: 80_000 }, (_, at) => `key${at}: 1\n`).join(""), "spec/too-many-values"],
    ["quotes", '"'.repeat(MEBIBYTE), "spec/too-many-values"],
    ["a long recipe", "#".repeat(MEBIBYTE + 1), "spec/too-large"],
  ];
  for (const [name, recipe, code] of rows) {
    const problems = problemsOf(recipe);
    assert.deepEqual(
      problems.map((problem) => problem.code),
      [code],
      name,
    );
  }
});

test("one long line with many places comes to an end", ENDS, () => {
  const recipe = `contents: [${Array.from({ length: 12_000 }, (_, at) => `{object: /😀${at}}`).join(", ")}]`;
  const spec = specOf(recipe);
  assert.equal(spec.layers[0]!.contents.length, 12_000);
  assert.equal(spec.layers[0]!.contents.at(-1)!.at.column, [...recipe].length - 17);
});
