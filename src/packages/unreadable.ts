/** A database that cannot be read is told; what is known of the others stands. */
import { showPath, type TargetPath } from "../core/path.ts";
import type { PackagesWarning } from "../core/warning.ts";
import { FormatError } from "../formats/format-error.ts";

/** What `read` warns of, or that its database is damaged. */
export function attemptDatabase(
  database: TargetPath,
  read: () => Iterable<PackagesWarning>,
): PackagesWarning[] {
  const found: PackagesWarning[] = [];
  try {
    for (const warning of read()) found.push(warning);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    found.push({ code: "packages/unreadable", database: showPath(database), what: error.message });
  }
  return found;
}
