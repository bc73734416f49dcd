/** All verbs, in the order in which the help lists them. */
import { schema } from "./schema.ts";

export const COMMANDS = [schema];
