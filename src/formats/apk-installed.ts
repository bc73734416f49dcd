/**
 * apk's record of installed packages: `lib/apk/db/installed`. A paragraph for each, lines of a letter, a colon and a
 * value; `F:` names a directory, each `R:` behind it a file in it, `Z:` its sum. Sources: apk-tools 2.14
 * src/database.c (apk_db_index_read), apk-package(5).
 */
import { FormatError } from "./format-error.ts";

export class ApkFormatError extends FormatError<"apk/bad-line"> {}

/** Values are bytes. Empty: it is not said. */
export interface ApkRecord {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The package whose build made it. */
  readonly origin: string;
  readonly license: string;
  readonly maintainer: string;
  readonly homepage: string;
  /** Files and symlinks alone. */
  readonly files: readonly ApkFile[];
}

export interface ApkFile {
  /** Absolute. */
  readonly path: string;
  /** SHA-1 of its bytes in hexadecimal; of a symlink, of what it leads to. Null: none is said. */
  readonly sha1: string | null;
}

/** Throws ApkFormatError. */
export function* readApkInstalled(text: string): Generator<ApkRecord> {
  let fields = new Map<string, string>();
  let files: ApkFile[] = [];
  let directory = "";
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end === -1 ? text.length : end;
    const line = text.slice(start, stop);
    if (line === "") {
      yield* recordOf(fields, files);
      fields = new Map();
      files = [];
      directory = "";
    } else if (line[1] !== ":" || line.startsWith(":")) {
      throw new ApkFormatError("apk/bad-line", start, "a line without a letter and a colon");
    } else if (line.startsWith("F:")) {
      directory = line.slice(2);
    } else if (line.startsWith("R:")) {
      const path = directory === "" ? `/${line.slice(2)}` : `/${directory}/${line.slice(2)}`;
      files.push({ path, sha1: null });
    } else if (line.startsWith("Z:Q1")) {
      const last = files.pop();
      if (last !== undefined)
        files.push({ ...last, sha1: Buffer.from(line.slice(4), "base64").toString("hex") });
    } else if (!fields.has(line[0]!)) {
      fields.set(line[0]!, line.slice(2));
    }
    start = stop + 1;
  }
}

function* recordOf(fields: ReadonlyMap<string, string>, files: readonly ApkFile[]): Generator<ApkRecord> {
  const name = fields.get("P");
  if (name === undefined || name === "") return;
  const field = (letter: string): string => fields.get(letter) ?? "";
  yield {
    name,
    version: field("V"),
    architecture: field("A"),
    origin: field("o"),
    license: field("L"),
    maintainer: field("m"),
    homepage: field("U"),
    files,
  };
}
