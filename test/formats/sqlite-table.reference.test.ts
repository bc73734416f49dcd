/** Tables as SQLite writes them, row for row, with what stands in the log alone. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { SqlitePages } from "../../src/formats/sqlite-pages.ts";
import { rowsOf, type SqliteValue } from "../../src/formats/sqlite-table.ts";
import { randomSource } from "../support/random.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const NEEDS = requireTool("sqlite3");

/** Runs lines of sqlite3's shell; `x.db` is what it works on. */
function sqlite(t: TestContext, ...lines: readonly string[]) {
  const directory = scratchDirectory(t);
  const ran = spawnSync("sqlite3", ["-batch", "-bail", join(directory, "x.db")], {
    input: lines.join("\n"),
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  assert.equal(ran.status, 0, ran.stderr);
  return { said: ran.stdout, read: (file: string) => readFileSync(join(directory, file)) };
}

function rows(database: Uint8Array, table: string, log: Uint8Array = new Uint8Array(0)): SqliteValue[][] {
  return [...rowsOf(new SqlitePages(sourceOf(database), sourceOf(log)), table)];
}

function shown(values: readonly SqliteValue[]): string {
  return values
    .map((one) => (one instanceof Uint8Array ? Buffer.from(one).toString("hex").toUpperCase() : one))
    .join(",");
}

for (const pageSize of [512, 4096, 65536]) {
  test(`all rows of a table of many pages and long rows, in pages of ${pageSize}`, NEEDS, (t) => {
    const { said, read } = sqlite(
      t,
      `PRAGMA page_size=${pageSize};`,
      "CREATE TABLE other(a);",
      "CREATE TABLE t(id INTEGER PRIMARY KEY, number, text, blob BLOB, empty);",
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)",
      "INSERT INTO t SELECT i, CASE i % 7 WHEN 0 THEN -1 WHEN 1 THEN 300 * i WHEN 2 THEN 70000 * i WHEN 3 THEN 9000000000 * i",
      "  ELSE i % 2 END, 'text' || i, zeroblob(i * i % 9973) || x'00ff' || zeroblob(i % 5), NULL FROM n;",
      "INSERT INTO t SELECT 1000, 1, 'long', zeroblob(1000000), NULL;",
      "DELETE FROM t WHERE id % 3 = 0;",
      ".mode list",
      ".separator ,",
      "SELECT number, hex(text), hex(blob), empty FROM t ORDER BY id;",
    );
    const lines = said.split("\n").filter((line) => line !== "");
    const ours = rows(read("x.db"), "t").map(([, number, ...more]) => shown([number ?? null, ...more]));
    assert.equal(ours.length, lines.length);
    for (const [at, line] of lines.entries()) assert.ok(ours[at] === line, `row ${at} differs`);
    assert.deepEqual(rows(read("x.db"), "other"), []);
    assert.throws(() => rows(read("x.db"), "none"), { code: "sqlite/no-table" });
  });
}

test("what was committed to the log counts, and what was not does not", NEEDS, (t) => {
  const { read } = sqlite(
    t,
    "PRAGMA journal_mode=WAL;",
    "CREATE TABLE t(a);",
    "INSERT INTO t VALUES(x'01');",
    "PRAGMA wal_checkpoint(TRUNCATE);",
    ".shell cp x.db before.db",
    "PRAGMA wal_autocheckpoint=0;",
    "INSERT INTO t VALUES(x'02');",
    ".shell cp x.db-wal one-wal",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)",
    "INSERT INTO t SELECT zeroblob(50) FROM n;",
    ".shell cp x.db-wal all-wal",
  );
  const database = read("before.db");
  const [one, all] = [read("one-wal"), read("all-wal")];
  assert.deepEqual(rows(database, "t").map(shown), ["01"]);
  assert.deepEqual(rows(database, "t", one).map(shown), ["01", "02"]);
  assert.equal(rows(database, "t", all).length, 502);
  // The last change is not whole: nothing of it counts.
  assert.deepEqual(rows(database, "t", all.subarray(0, all.length - 100)).map(shown), ["01", "02"]);
  const damaged = Buffer.from(all);
  damaged[one.length + 100]! ^= 1;
  assert.deepEqual(rows(database, "t", damaged).map(shown), ["01", "02"]);
  assert.deepEqual(rows(database, "t", new Uint8Array(100)).map(shown), ["01"]);
});

test("whatever bytes a database has, it is read or refused with a code", NEEDS, (t) => {
  const { read } = sqlite(
    t,
    "PRAGMA page_size=512;",
    "CREATE TABLE t(id INTEGER PRIMARY KEY, blob);",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)",
    "INSERT INTO t SELECT i, zeroblob(i * 30) FROM n;",
  );
  const whole = read("x.db");
  const random = randomSource(11);
  let refused = 0;
  for (let round = 0; round < 600; round++) {
    const bytes = Buffer.from(round % 3 === 0 ? whole.subarray(0, random(whole.length)) : whole);
    for (let count = random(6); count >= 0 && bytes.length > 0; count--)
      bytes[random(bytes.length)] = random(256);
    try {
      rows(bytes, "t");
    } catch (error) {
      assert.ok(error instanceof FormatError && error.code.startsWith("sqlite/"), String(error));
      refused += 1;
    }
  }
  assert.ok(refused > 100 && refused < 600, `${refused} of 600 refused`);
});
