/** The SQLite inside Node, where it has one: since 22.13 without a flag, since 22.15 by URI (https://nodejs.org/api/sqlite.html). */

/** One text column of all rows. */
type Query = (uri: string, sql: string) => string[];

/** What is used of node:sqlite; the types of Node 20 do not know it. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    location: URL,
    options: { readonly readOnly: boolean },
  ) => {
    prepare(sql: string): { all(): readonly { readonly line: string }[] };
    close(): void;
  };
}

/** Null: this Node has no SQLite, or one that takes no URI (before 22.15). */
export function sqliteOfNode(): Query | null {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const takesUri = major > 23 || (major === 23 && minor >= 10) || (major === 22 && minor >= 15);
  const sqlite = takesUri ? loadQuietly() : null;
  if (sqlite === null) return null;
  return (uri, sql) => {
    const database = new sqlite.DatabaseSync(new URL(uri), { readOnly: true });
    try {
      return database
        .prepare(sql)
        .all()
        .map((row) => row.line);
    } finally {
      database.close();
    }
  };
}

/** Loading it prints a warning that it is experimental, which would stand in the middle of a report. */
function loadQuietly(): NodeSqlite | null {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return (process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined) ?? null;
  } finally {
    process.emitWarning = emitWarning;
  }
}
