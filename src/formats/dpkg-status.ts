/**
 * dpkg's record of installed packages: `var/lib/dpkg/status`, or a file for each in `status.d` (distroless images).
 * Paragraphs of "Name: value", further lines of a value indented. Sources: dpkg 1.21 lib/dpkg/parse.c, deb-control(5),
 * dpkg-query(1).
 */
import { FormatError } from "./format-error.ts";

export class DpkgFormatError extends FormatError<"dpkg/bad-line" | "dpkg/bad-diversions"> {}

/** Values are bytes, as all that is read of a tree. Empty: the paragraph does not say it. */
export interface DpkgRecord {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The third word of its status: "installed", "config-files", "not-installed", … ; "installed" where none is said. */
  readonly state: string;
  /** `glibc`, or `glibc (2.36-9)` where the version differs from the package's own. */
  readonly source: string;
  readonly maintainer: string;
  readonly homepage: string;
  /** Its configuration as it came, by path: MD5. */
  readonly conffiles: readonly ListedSum[];
}

/** What a file's bytes were when its package was made or installed. */
export interface ListedSum {
  /** Absolute. */
  readonly path: string;
  /** MD5 in hexadecimal. */
  readonly sum: string;
}

/** Every paragraph that names a package. Throws DpkgFormatError. */
export function* readDpkgStatus(text: string): Generator<DpkgRecord> {
  let fields = new Map<string, string>();
  let field = "";
  for (const [offset, line] of linesOf(text)) {
    if (line.trim() === "") {
      yield* recordOf(fields);
      fields = new Map();
    } else if (/^[ \t]/.test(line)) {
      if (field === "conffiles") fields.set(field, `${fields.get(field)}\n${line.trim()}`);
    } else {
      const colon = line.indexOf(":");
      if (colon < 1) throw new DpkgFormatError("dpkg/bad-line", offset, "a line without a field's name");
      field = line.slice(0, colon).toLowerCase();
      if (WANTED.has(field)) fields.set(field, line.slice(colon + 1).trim());
    }
  }
  yield* recordOf(fields);
}

const WANTED: ReadonlySet<string> = new Set([
  "package",
  "version",
  "config-version",
  "architecture",
  "status",
  "source",
  "maintainer",
  "homepage",
  "conffiles",
]);

function* recordOf(fields: ReadonlyMap<string, string>): Generator<DpkgRecord> {
  const name = fields.get("package");
  if (name === undefined || name === "") return;
  const field = (key: string): string => fields.get(key) ?? "";
  yield {
    name,
    version: field("version") || field("config-version"),
    architecture: field("architecture"),
    state: field("status").split(/\s+/)[2] ?? "installed",
    source: field("source"),
    maintainer: field("maintainer"),
    homepage: field("homepage"),
    conffiles: field("conffiles")
      .split("\n")
      .flatMap((line) => {
        const [, path, sum] = /^(\/.*) ([0-9a-f]{32})(?: obsolete| remove-on-upgrade)*$/.exec(line) ?? [];
        return path === undefined || sum === undefined ? [] : [{ path, sum }];
      }),
  };
}

/** Paths of a package's `.list`, absolute, its directories among them. */
export function* pathsOfList(text: string): Generator<string> {
  for (const [, line] of linesOf(text)) if (line.startsWith("/") && line !== "/.") yield line;
}

/** A package's `.md5sums`: "<32 digits>  usr/bin/x", of its files without symlinks and configuration. */
export function* readDpkgSums(text: string): Generator<ListedSum> {
  for (const [, line] of linesOf(text)) {
    const [, sum, path] = /^([0-9a-f]{32}) [ *]\/?(.+)$/.exec(line) ?? [];
    if (sum !== undefined && path !== undefined) yield { path: `/${path}`, sum };
  }
}

export interface DpkgDiversion {
  /** Where packages say that the file is. */
  readonly from: string;
  /** Where it is in truth, but for the package that diverts. */
  readonly to: string;
  /** Whose file keeps the place; null: nobody's of a package, the administrator diverts. */
  readonly by: string | null;
}

/** `var/lib/dpkg/diversions`: three lines for each. Throws DpkgFormatError. */
export function readDpkgDiversions(text: string): DpkgDiversion[] {
  const lines = [...linesOf(text)].map(([, line]) => line);
  if (lines.length % 3 !== 0)
    throw new DpkgFormatError("dpkg/bad-diversions", text.length, "not three lines for each diversion");
  return Array.from({ length: lines.length / 3 }, (_, at) => {
    const [from = "", to = "", by = ""] = lines.slice(at * 3, at * 3 + 3);
    return { from, to, by: by === ":" ? null : by };
  });
}

/** Each line with its offset, the last one without what follows its end. */
function* linesOf(text: string): Generator<[offset: number, line: string]> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end === -1 ? text.length : end;
    yield [start, text.slice(start, stop)];
    start = stop + 1;
  }
}
