import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutProblems, type Page, type Said } from "../../../src/cli/report/layout.ts";
import { COLOURED, PLAIN } from "../../../src/cli/report/paint.ts";
import { sentence } from "../../../src/cli/report/sentence.ts";
import type { Span } from "../../../src/core/span.ts";

const WIDE: Page = { columns: 100, paint: PLAIN };

const UNKNOWN_KEY: Said = {
  code: "spec/unknown-key",
  words: sentence('unknown key "compresor"', {
    at: span({ line: 14, width: 9, text: "compresor: zstd" }),
    mark: 'did you mean "compressor"?',
  }),
};

const NO_LIBRARY: Said = {
  code: "graph/library-not-found",
  words: sentence("libfoo.so.3 is needed and was not found", {
    details: [
      ["needed by", "/usr/sbin/dropbear  <-  recipes/router.yaml:22:5"],
      ["looked in", "/opt/lib (runpath of dropbear), /lib/aarch64-linux-gnu, /usr/lib"],
    ],
    help: 'add its directory to closure.libraryPath, or name it under "allow"',
  }),
};

test("problems stand on the page as the contract shows them", () => {
  assert.equal(
    layoutProblems([UNKNOWN_KEY, NO_LIBRARY], "nothing was built", WIDE),
    `recipes/router.yaml:14:1: error[spec/unknown-key]: unknown key "compresor"
    14 | compresor: zstd
       | ^^^^^^^^^ did you mean "compressor"?

error[graph/library-not-found]: libfoo.so.3 is needed and was not found
    needed by   /usr/sbin/dropbear  <-  recipes/router.yaml:22:5
    looked in   /opt/lib (runpath of dropbear), /lib/aarch64-linux-gnu, /usr/lib
    help        add its directory to closure.libraryPath, or name it under "allow"

2 problems; nothing was built
`,
  );
});

test("one problem is one, and a verb without an outcome counts none", () => {
  assert.match(
    layoutProblems([UNKNOWN_KEY], "nothing was built", WIDE),
    /\n\n1 problem; nothing was built\n$/,
  );
  assert.match(layoutProblems([UNKNOWN_KEY], "", WIDE), /compressor"\?\n$/);
});

test("long lists are broken between their items and hang below their first line", () => {
  const page = layoutProblems([NO_LIBRARY], "", { columns: 60, paint: PLAIN });
  assert.equal(
    page,
    `error[graph/library-not-found]: libfoo.so.3 is needed and was not found
    needed by   /usr/sbin/dropbear
                <-  recipes/router.yaml:22:5
    looked in   /opt/lib (runpath of dropbear),
                /lib/aarch64-linux-gnu, /usr/lib
    help        add its directory to closure.libraryPath,
                or name it under "allow"
`,
  );
});

test("a path longer than the page stays whole", () => {
  const path = `/nix/store/${"a".repeat(80)}`;
  const said: Said = { code: "graph/bad-file", words: sentence("x", { details: [["needed by", path]] }) };
  assert.ok(layoutProblems([said], "", { columns: 40, paint: PLAIN }).includes(path));
});

test("labels of more than ten letters widen the column for all", () => {
  const words = sentence("x", {
    details: [
      ["first line it has", "#!/bin/sh"],
      ["it said", "no"],
    ],
  });
  assert.equal(
    layoutProblems([{ code: "host/x", words }], "", WIDE),
    "error[host/x]: x\n    first line it has  #!/bin/sh\n    it said            no\n",
  );
});

test("what a program complained keeps its lines, without its escape sequences", () => {
  const words = sentence("x", { details: [["it said", "zstd: \x1b[31mbad\x1b[0m\nzstd: stop\n"]] });
  assert.equal(
    layoutProblems([{ code: "image/x", words }], "", WIDE),
    "error[image/x]: x\n    it said     zstd: \\x1b[31mbad\\x1b[0m\n                zstd: stop\n",
  );
});

test("neither a key nor a file's name can write to the terminal", () => {
  const words = sentence('unknown key "\x1b]0;evil\x07\u202e"', {
    at: span({ file: "a\nb.yaml", line: 1, width: 3, text: "\x1b\x9b\r: 1" }),
  });
  const page = layoutProblems([{ code: "spec/unknown-key", words }], "", WIDE);
  assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.equal(page.split("\n").length, 4);
  assert.match(page, /^a\\nb\.yaml:1:1: error/);
});

test("colours change nothing but colours", () => {
  const coloured = layoutProblems([UNKNOWN_KEY, NO_LIBRARY], "nothing was built", {
    columns: 100,
    paint: COLOURED,
  });
  assert.match(coloured, /\x1b\[/);
  const plain = layoutProblems([UNKNOWN_KEY, NO_LIBRARY], "nothing was built", WIDE);
  assert.equal(coloured.replace(/\x1b\[\d+m/g, ""), plain);
});

function span(some: Partial<Span>): Span {
  return { file: "recipes/router.yaml", line: 1, column: 1, width: 1, text: "", ...some };
}
