/**
 * Reads the references between store paths from Nix's own database (`/nix/var/nix/db/db.sqlite`), with the
 * SQLite inside Node (22.15 and later) or the `sqlite3` program. Tables: Nix 2.26 src/libstore/schema.sql.
 *
 * The database is in WAL mode: what was written last may still stand in `db.sqlite-wal`. While there is such a
 * file SQLite must read it, for which the shared memory beside it is needed. Where there is none, all is in the
 * database itself, and it is opened as immutable: nothing is locked or made, and a read-only disk will do.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import type { HostPath } from "../core/path.ts";
import type { StoreDatabase } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { sqliteOfNode } from "./nix-sqlite.ts";
import { DEFAULT_PATH, findProgram } from "./programs.ts";
import { fsPath, systemError } from "./system-error.ts";

const MOST_OUTPUT_BYTES = 2 ** 30;

/** Throws BuildFailure: host/cannot-read, host/no-sqlite, host/bad-nix-database. */
export function nixDatabase(database: HostPath, environment: NodeJS.ProcessEnv): StoreDatabase {
  return {
    label: database,
    exportClosure: (roots) => {
      if (roots.length === 0) return new Uint8Array(0);
      return closureText(query(database, closureQuery(roots), environment));
    },
  };
}

/** One line of text for each reference; a path without any has one line with nothing behind the bar. */
function closureQuery(roots: readonly string[]): string {
  const texts = roots.map((root) => `'${root.replaceAll("'", "''")}'`).join(",");
  return `WITH RECURSIVE closure(id) AS (
    SELECT id FROM ValidPaths WHERE path IN (${texts})
    UNION SELECT reference FROM Refs JOIN closure ON referrer = closure.id)
  SELECT referrer.path || '|' || ifnull(reference.path, '') AS line FROM closure
    JOIN ValidPaths AS referrer ON referrer.id = closure.id
    LEFT JOIN Refs ON Refs.referrer = closure.id
    LEFT JOIN ValidPaths AS reference ON reference.id = Refs.reference
  ORDER BY line`;
}

/** As exportReferencesGraph writes it: path, no deriver, number of references, references. */
function closureText(lines: readonly string[]): Uint8Array {
  const references = new Map<string, string[]>();
  for (const line of lines) {
    const [path = "", reference = ""] = line.split("|");
    const known = references.get(path) ?? [];
    references.set(path, reference === "" ? known : [...known, reference]);
  }
  const records = Array.from(references, ([path, own]) => [path, "", own.length, ...own, ""].join("\n"));
  return Buffer.from(records.join(""), "latin1");
}

function query(database: HostPath, sql: string, environment: NodeJS.ProcessEnv): string[] {
  mustBeReadable(database);
  const uri = uriOf(database);
  const inside = sqliteOfNode();
  if (inside !== null) return attempt(database, () => inside(uri, sql));
  const program = findProgram("sqlite3", environment["PATH"] ?? DEFAULT_PATH);
  if (program !== null) return askProgram(program, database, uri, sql);
  throw new BuildFailure([{ code: "host/no-sqlite", database, node: process.versions.node }]);
}

function attempt(database: HostPath, ask: () => string[]): string[] {
  try {
    return ask();
  } catch (error) {
    const isOfSqlite = error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
    if (!isOfSqlite) throw error;
    throw new BuildFailure([{ code: "host/bad-nix-database", database, what: error.message }]);
  }
}

function askProgram(program: HostPath, database: HostPath, uri: string, sql: string): string[] {
  // No settings file, no columns, no questions; the query comes on standard input, however long it is.
  const args = ["-batch", "-bail", "-noheader", "-list", "-readonly", uri];
  const ran = spawnSync(program, args, {
    env: { LC_ALL: "C", HOME: "/nonexistent" },
    input: `${sql};\n`,
    encoding: "latin1",
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  if (ran.error !== undefined && systemError(ran.error) === null) throw ran.error;
  if (ran.error === undefined && ran.status === 0)
    return ran.stdout.split("\n").filter((line) => line !== "");
  const what = ran.error === undefined ? ran.stderr.trim() : (systemError(ran.error)?.what ?? "");
  throw new BuildFailure([{ code: "host/bad-nix-database", database, what }]);
}

function mustBeReadable(database: HostPath): void {
  try {
    accessSync(fsPath(database), constants.R_OK);
  } catch (error) {
    const said = systemError(error);
    if (said === null) throw error;
    throw new BuildFailure([{ code: "host/cannot-read", path: database, ...said }]);
  }
}

/** SQLite's URI: all bytes that are more than a plain path's are escaped. */
function uriOf(database: HostPath): string {
  const escaped = Array.from(Buffer.from(database, "latin1"), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9/._~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  });
  const journal = statSync(fsPath(`${database}-wal` as HostPath), { throwIfNoEntry: false });
  const isAllInside = journal === undefined || journal.size === 0;
  return `file://${escaped.join("")}?mode=ro${isAllInside ? "&immutable=1" : ""}`;
}
