/** Tests that run the program as somebody who is not root, though the tests themselves are. */
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Requirement } from "./tools.ts";

/** The user and group `nobody` of most systems. */
export const NOBODY = 65534;

const MAIN = join(import.meta.dirname, "../../bin/cli/main.js");
const SEARCH_BY_ALL = 0o001;

/** Only root can become somebody else, who must be able to reach the program, wherever the checkout is. */
export function requireOtherUser(): Requirement {
  if (process.getuid?.() !== 0) return { skip: "only root can be somebody else" };
  for (let at = dirname(MAIN); at !== "/"; at = dirname(at)) {
    if ((statSync(at).mode & SEARCH_BY_ALL) === 0) return { skip: `others may not look into ${at}` };
  }
  return { skip: false };
}
