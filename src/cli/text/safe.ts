/** Text made safe for a terminal; pictures need it as well. */
export { safeText } from "../../core/safe-text.ts";
