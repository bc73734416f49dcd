/** Databases made by SQLite itself, read by the SQLite inside Node and by its program. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { HostPath } from "../../src/core/path.ts";
import { bytesOf } from "../../src/core/path.ts";
import { BuildFailure, type ProblemCode } from "../../src/core/problem.ts";
import { nixDatabase } from "../../src/host/nix-database.ts";
import { sqliteOfNode } from "../../src/host/nix-sqlite.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const needsSqlite = requireTool("sqlite3");
const A = "/nix/store/2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-a";
const B = "/nix/store/7ig9cjdd02d1pknffyhzwf3qy7ly6z23-b";
const C = "/nix/store/5pgh0d9ijrv6r6w64wn97p7dm2pf940f-c";

/** The tables of Nix as far as they are read: A refers to itself and to B. */
const TABLES = `
  PRAGMA journal_mode = wal;
  CREATE TABLE ValidPaths (id integer primary key autoincrement not null, path text unique not null);
  CREATE TABLE Refs (referrer integer not null, reference integer not null, primary key (referrer, reference));
  INSERT INTO ValidPaths VALUES (1, '${A}'), (2, '${B}'), (3, '${C}');
  INSERT INTO Refs VALUES (1, 1), (1, 2);
`;

function makeDatabase(directory: string, name = "db.sqlite"): HostPath {
  const database = join(directory, name);
  execFileSync("sqlite3", [database], { input: TABLES, stdio: ["pipe", "ignore", "inherit"] });
  return bytesOf(database) as HostPath;
}

function closureOf(database: HostPath, ...roots: string[]): string {
  return Buffer.from(nixDatabase(database, process.env).exportClosure(roots)).toString();
}

test("the closure of the roots is told, and nothing else", needsSqlite, (t) => {
  const database = makeDatabase(scratchDirectory(t));
  assert.equal(closureOf(database, A), `${A}\n\n2\n${A}\n${B}\n${B}\n\n0\n`);
  assert.equal(closureOf(database, C, B), `${C}\n\n0\n${B}\n\n0\n`);
  assert.equal(closureOf(database, "/nix/store/it's not there"), "");
  assert.equal(closureOf(database), "");
});

test(
  "a path may need escapes, and nothing is left beside a database that nobody writes to",
  needsSqlite,
  (t) => {
    const directory = join(scratchDirectory(t), "a b?c#d%20é&mode=rw");
    mkdirSync(directory);
    const database = makeDatabase(directory);
    chmodSync(directory, 0o555);
    assert.match(closureOf(database, B), /^\/nix\/store\/7ig/);
    assert.deepEqual(readdirSync(directory), ["db.sqlite"]);
    chmodSync(directory, 0o755);
  },
);

test(
  "what a running Nix wrote last is seen, though it stands in the journal still",
  needsSqlite,
  async (t) => {
    const directory = scratchDirectory(t);
    const database = makeDatabase(directory);
    const writer = spawn("sqlite3", [database], { stdio: ["pipe", "pipe", "inherit"] });
    writer.stdin.write(`INSERT INTO Refs VALUES (2, 3); SELECT 'written';\n`);
    await once(writer.stdout, "data");
    assert.ok(existsSync(`${database}-wal`));
    assert.match(closureOf(database, A), /5pgh0d9ijrv6r6w64wn97p7dm2pf940f-c\n\n0\n/);
    writer.stdin.end();
    await once(writer, "exit");
  },
);

test("no file, no database, another database and a machine without SQLite are problems", needsSqlite, (t) => {
  const directory = scratchDirectory(t);
  const file = join(directory, "file");
  writeFileSync(file, "this is no database\n".repeat(100));
  const other = join(directory, "other");
  execFileSync("sqlite3", [other, "CREATE TABLE x(y)"]);
  const cut = join(directory, "cut");
  copyFileSync(makeDatabase(directory), cut);
  execFileSync("truncate", ["-s", "5000", cut]);
  assert.equal(
    codeOf(() => closureOf(join(directory, "none") as HostPath, A)),
    "host/cannot-read",
  );
  for (const bad of [file, other, cut]) {
    assert.equal(
      codeOf(() => closureOf(bad as HostPath, A)),
      "host/bad-nix-database",
      bad,
    );
  }
  if (sqliteOfNode() !== null) return;
  const ask = () => nixDatabase(other as HostPath, { PATH: "/nonexistent" }).exportClosure([A]);
  assert.equal(codeOf(ask), "host/no-sqlite");
});

function codeOf(action: () => unknown): ProblemCode {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof BuildFailure, `not a BuildFailure: ${error}`);
    return error.problems[0]!.code;
  }
  return assert.fail("no problem");
}
