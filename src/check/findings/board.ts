/** Whether a board's memory has room for an image, and its boot loader takes it. */
import type { Area } from "../../core/area.ts";
import type { Levels } from "../level.ts";

export type BoardFinding =
  | { readonly code: "check/areas-overlap"; readonly first: Area; readonly second: Area }
  | { readonly code: "check/larger-than-its-area"; readonly size: number; readonly limit: number }
  /** U-Boot looks at the machine in the header, and takes its own alone. */
  | { readonly code: "check/wrapper-machine"; readonly says: string; readonly programs: string }
  /** Areas whose end nobody has said. */
  | { readonly code: "check/area-unknown"; readonly names: readonly string[] };

export const BOARD_LEVELS: Levels<BoardFinding> = {
  "check/areas-overlap": "fault",
  "check/larger-than-its-area": "fault",
  "check/wrapper-machine": "fault",
  "check/area-unknown": "unproven",
};
