import assert from "node:assert/strict";
import { test } from "node:test";
import { safeText } from "../../../src/cli/text/safe.ts";
import { showCount, showNumber, showSize, showTime } from "../../../src/cli/text/size.ts";
import { layoutTable } from "../../../src/cli/text/table.ts";
import { fitWidth, widthOf } from "../../../src/cli/text/width.ts";
import { wrapText } from "../../../src/cli/text/wrap.ts";

test("sizes have one decimal and the largest unit that fits", () => {
  const shown = [0, 1, 1023, 1024, 1536, 1048575, 1048576, 2 ** 40, 2 ** 52].map(showSize);
  const wanted = [
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1.0 KiB",
    "1.5 KiB",
    "1.0 MiB",
    "1.0 MiB",
    "1.0 TiB",
    "4096.0 TiB",
  ];
  assert.deepEqual(shown, wanted);
});

test("times grow from milliseconds to minutes", () => {
  assert.deepEqual([0, 85.4, 1000, 59_949, 59_950, 125_000].map(showTime), [
    "0 ms",
    "85 ms",
    "1.0 s",
    "59.9 s",
    "1 min 0 s",
    "2 min 5 s",
  ]);
});

test("counts agree with their noun", () => {
  assert.deepEqual(
    [showCount(1, "layer"), showCount(1234567, "entry", "entries")],
    ["1 layer", "1,234,567 entries"],
  );
  assert.deepEqual([999, 1000, 0].map(showNumber), ["999", "1,000", "0"]);
});

test("unsafe characters are written out and all others stay", () => {
  assert.equal(
    safeText("a\n\t\x1b\x7f\x9b\u2028\u202e\ud800é名😀"),
    "a\\n\\t\\x1b\\x7f\\x9b\\u{2028}\\u{202e}\\u{d800}é名😀",
  );
});

test("width counts columns", () => {
  assert.deepEqual(["abc", "é", "e\u0301", "名前", "ｱ", "😀", "한"].map(widthOf), [3, 1, 1, 4, 1, 2, 2]);
  assert.deepEqual(
    [fitWidth("abcdef", 4), fitWidth("名前名", 4), fitWidth("abcd", 4)],
    ["abc…", "名…", "abcd"],
  );
});

test("a table keeps its columns under wide characters", () => {
  const rows = [
    ["名", "1", "x"],
    ["abc", "10", ""],
  ];
  assert.deepEqual(layoutTable(rows, ["left", "right"]), ["名    1  x", "abc  10"]);
});

test("no wrapped line is longer than the page, and no word is lost", () => {
  const words = Array.from({ length: 60 }, (_, index) => "w".repeat((index * 7) % 13) + index);
  const text = `${words.slice(0, 30).join(", ")}  <-  ${words.slice(30).join(" ")}`;
  for (let columns = 20; columns < 90; columns += 7) {
    const lines = wrapText(text, columns);
    assert.ok(lines.every((line) => line.length <= columns));
    assert.equal(lines.join(" ").replace(/ +/g, " "), text.replace(/ +/g, " "));
  }
});
