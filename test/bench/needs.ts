/** What a contestant or an input asks of this machine. */
import { delimiter } from "node:path";
import { isInstalled } from "../support/tools.ts";

/** A program by its name, or the rights of root. */
export type Need = string;

export const ROOT_RIGHTS: Need = "root";

/** The distribution's own programs first: its scripts want its own Python, not one of a version manager. */
export const PATH: string = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", process.env["PATH"] ?? ""].join(
  delimiter,
);

/** Null where all is there, else what to tell: "not installed: dracut". */
export function lacking(needs: readonly Need[]): string | null {
  if (needs.includes(ROOT_RIGHTS) && process.getuid?.() !== 0) return "needs root";
  const missing = needs.filter((need) => need !== ROOT_RIGHTS && !isInstalled(need, PATH));
  return missing.length === 0 ? null : `not installed: ${missing.join(", ")}`;
}
