/** All rows, in the order of the table. */
import type { Row } from "../contest.ts";
import { AGAIN_ROWS } from "./again.ts";
import { COLD_ROWS } from "./cold.ts";
import { READING_ROWS } from "./reading.ts";

export const ROWS: readonly Row[] = [...COLD_ROWS, ...AGAIN_ROWS, ...READING_ROWS];
