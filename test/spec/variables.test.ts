// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { showPlace } from "../../src/core/span.ts";
import { ENDS } from "../support/bounds.ts";
import { placesOf, problemsOf, recipeOf, specOf } from "../support/recipes.ts";

type Files = Readonly<Record<string, string>>;

function specWith(files: Files, settings: Readonly<Record<string, string>> = {}) {
  return specOf(...recipeOf(files, { variables: new Map(Object.entries(settings)) }));
}

function problemsWith(files: Files, settings: Readonly<Record<string, string>> = {}) {
  return problemsOf(...recipeOf(files, { variables: new Map(Object.entries(settings)) }));
}

function textOf(recipe: string): string {
  const [file] = specOf(recipe).layers[0]!.files;
  assert.equal(file?.content.kind, "text");
  return file?.content.kind === "text" ? Buffer.from(file.content.bytes).toString() : "";
}

test("a variable stands within texts and in the paths of files, and as a value of its own type", () => {
  const spec = specOf(
    [
      "vars: {KERNEL: 6.1.0-50, EPOCH: 1700000000, SOLID: true, NAME: board, MODE: 0750}",
      "name: ${NAME}-${KERNEL}",
      "epoch: ${EPOCH}",
      "solid: ${SOLID}",
      "files:",
      "  /etc/${NAME}: {text: x, mode: '${MODE}'}",
    ].join("\n"),
  );
  assert.deepEqual(
    [spec.name, spec.image.epoch, spec.image.isSolid],
    ["board-6.1.0-50", 1_700_000_000, true],
  );
  const { target, content } = spec.layers[0]!.files[0]!;
  assert.deepEqual([target, content.kind === "text" && content.mode], ["etc/board", 0o750]);
});

test("only names of capital letters are meant, and two dollars mean one", () => {
  const rows: readonly (readonly [written: string, means: string])[] = [
    ["${A}${A}", "11"],
    ["$A $(A) ${a} ${A:-x} ${#A} ${A[0]} $ { A } $$ ${", "$A $(A) ${a} ${A:-x} ${#A} ${A[0]} $ { A } $$ ${"],
    ["$${A} $${NONE} $$${A}", "${A} ${NONE} $${A}"],
    ["$$$${A}", "$$${A}"],
    ["${A}$${A}${A}", "1${A}1"],
  ];
  for (const [written, means] of rows)
    assert.equal(textOf(`vars: {A: 1}\nfiles: {/a: '${written}'}\n`), means, written);
});

test("what a variable brings is not searched for variables, and keeps the digits of a number", () => {
  assert.equal(textOf("vars: {A: 1.10, B: 0x10}\nfiles: {/a: 'v${A} ${B}'}\n"), "v1.10 0x10");
  const files = { "r.yaml": "vars: {A: x}\nfiles: {/a: '${A}!'}\n" };
  const { content } = specWith(files, { A: "${A} $& $1" }).layers[0]!.files[0]!;
  assert.equal(content.kind === "text" && Buffer.from(content.bytes).toString(), "${A} $& $1!");
});

test("an included recipe's variables are defaults, and what is set wins over all", () => {
  const files = {
    "r.yaml": "include: [a.yaml]\nvars: {NAME: r}\n",
    "a.yaml":
      "vars: {NAME: a, OTHER: o, EPOCH: 1}\nname: ${NAME}-${OTHER}\nepoch: ${EPOCH}\nfiles: {/a: x}\n",
  };
  assert.equal(specWith(files).name, "r-o");
  const set = specWith(files, { NAME: "s=t", EPOCH: "7" });
  assert.deepEqual([set.name, set.image.epoch], ["s=t-o", 7]);
});

test("two recipes of equal rank must agree on a variable, unless it is said above them or set", () => {
  const base = { "a.yaml": "vars: {V: 1}\nname: n${V}\nfiles: {/a: x}\n", "b.yaml": "vars:\n  V: 2\n" };
  const files = { "r.yaml": "include: [a.yaml, b.yaml]\n", ...base };
  assert.deepEqual(placesOf(problemsWith(files)), ["2:6+1 spec/conflict"]);
  assert.equal(specWith(files, { V: "3" }).name, "n3");
  assert.equal(specWith({ ...files, "r.yaml": "include: [a.yaml, b.yaml]\nvars: {V: 4}\n" }).name, "n4");
});

test("the path of an include knows what is set, and what is declared where it stands or above", () => {
  const files = {
    "r.yaml": "include: [base.yaml]\nvars: {BOARD: a}\n",
    "base.yaml": "vars: {BOARD: none}\ninclude: ['./${BOARD}/board.yaml']\nname: ${BOARD}\n",
    "a/board.yaml": "files: {/a: a}\n",
    "b/board.yaml": "files: {/a: {source: ./b}}\n",
  };
  assert.equal(specWith(files).layers[0]!.files[0]!.content.kind, "text");
  const { name, layers } = specWith(files, { BOARD: "b" });
  const { content } = layers[0]!.files[0]!;
  assert.deepEqual([name, content.kind === "source" && content.source], ["b", "/work/recipes/b/b"]);
  assert.deepEqual(
    problemsWith({ "r.yaml": "include: [base.yaml, '${OTHER}']\n", "base.yaml": "vars: {OTHER: x}\n" }).map(
      ({ code }) => code,
    ),
    ["spec/undefined-variable"],
  );
});

test("a value that another recipe turns out to override cannot have chosen an include", () => {
  const files = {
    "r.yaml": "include: [a.yaml, b.yaml]\n",
    "a.yaml": "include: [base.yaml]\n",
    "b.yaml": "include: [base.yaml]\nvars: {X: two}\n",
    "base.yaml": "vars: {X: one}\ninclude: ['${X}.yaml']\nfiles: {/a: x}\n",
    "one.yaml": "name: one\n",
  };
  const [problem, ...others] = problemsWith(files);
  assert.deepEqual(others, []);
  assert.ok(problem?.code === "spec/conflict");
  assert.deepEqual([showPlace(problem.at), showPlace(problem.first)], ["b.yaml:2:11", "base.yaml:1:11"]);
});

test("undefined variables are shown where they stand, and nothing is said of what they would have been", () => {
  const rows: readonly (readonly [recipe: string, ...problems: string[]])[] = [
    [
      "files:\n  /a: |\n    one\n    ${PATH} ${HOME} ${PATH}\n",
      "4:5+7 spec/undefined-variable",
      "4:13+7 spec/undefined-variable",
    ],
    ["files: {/a: x}\nepoch: ${EPOCH}\n", "2:8+8 spec/undefined-variable"],
    ["files: {'/${A}': {text: x}}\n", "1:11+4 spec/undefined-variable"],
    ["files: {/a: &x '${A}', /b: *x}\n", "1:17+4 spec/undefined-variable", "1:28+2 spec/undefined-variable"],
    ["vrs: {A: 1}\nname: ${A}\nfiles: {/a: x}\n", "1:1+3 spec/unknown-key", "2:7+4 spec/undefined-variable"],
    ["vars: {a: 1}\nname: n\nfiles: {/a: x}\n", "1:8+1 spec/bad-value"],
    ["vars: [A]\nfiles: {/a: x}\n", "1:7+3 spec/wrong-type"],
    ["vars: {A: }\nname: ${A}\nfiles: {/a: x}\n", "1:8+1 spec/wrong-type"],
    ["vars: {A: 1, B: a}\nfiles: {'/${A}': x, /1: y, '/${B}': z}\n", "2:21+2 spec/duplicate-key"],
  ];
  for (const [recipe, ...expected] of rows) assert.deepEqual(placesOf(problemsOf(recipe)), expected, recipe);
});

test("what is set must be declared, and of the type that is declared", () => {
  const files = { "r.yaml": "vars: {EPOCH: 1, SOLID: true, TEXT: '1'}\nfiles: {/a: x}\n" };
  const rows: readonly (readonly [name: string, value: string, code: string | null])[] = [
    ["EPOCH", "5", null],
    ["EPOCH", "-1.5", null],
    ["EPOCH", "", "spec/bad-setting"],
    ["EPOCH", "1e3", "spec/bad-setting"],
    ["SOLID", "false", null],
    ["SOLID", "yes", "spec/bad-setting"],
    ["TEXT", "yes", null],
    ["TEXT", "", null],
    ["TXT", "x", "spec/undeclared-variable"],
  ];
  for (const [name, value, code] of rows) {
    const codes = problemsWith(files, { [name]: value }).map((problem) => problem.code);
    assert.deepEqual(codes, code === null ? [] : [code], `${name}=${value}`);
  }
});

test("the environment is not asked", () => {
  process.env["INITGRAPH_TEST_VARIABLE"] = "x";
  assert.deepEqual(placesOf(problemsOf("files: {/a: '${INITGRAPH_TEST_VARIABLE}'}\n")), [
    "1:14+26 spec/undefined-variable",
  ]);
  delete process.env["INITGRAPH_TEST_VARIABLE"];
});

test("a few variables cannot mean gigabytes", ENDS, () => {
  const much = "x".repeat(500_000);
  const recipes = [
    `vars: {A: ${much}}\nfiles: {/a: '${"${A}".repeat(100_000)}'}\n`,
    `vars: {A: ${much}}\nfiles:\n${Array.from({ length: 20_000 }, (_, at) => `  /${at}: \${A}\n`).join("")}`,
    `vars: {A: ${much}}\nfiles:\n${Array.from({ length: 20_000 }, (_, at) => `  /\${A}${at}: x\n`).join("")}`,
  ];
  for (const recipe of recipes) {
    const codes = problemsOf(recipe).map(({ code }) => code);
    assert.deepEqual(codes, ["spec/too-many-values"]);
  }
});
