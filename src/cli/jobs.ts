/** `--jobs N`. */
import { WrongUsage } from "../machine/wrong-usage.ts";
import { safeText } from "./text/safe.ts";

/** Null: as many as there are cores. Throws WrongUsage. */
export function parseJobs(text: string | null): number | null {
  if (text === null) return null;
  const jobs = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (jobs === 0) throw new WrongUsage(`--jobs must be a number from 1 to 9999, not "${safeText(text)}"`);
  return jobs;
}
