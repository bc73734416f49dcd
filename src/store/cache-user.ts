/** Who uses the cache: what the store needs to know of the process it runs in. */
import type { ProcessNames } from "../core/ports.ts";

export interface CacheUser {
  readonly processes: ProcessNames;
  /** What it is doing, for others who wait for it: "initgraph build recipes/router.yaml". */
  readonly purpose: string;
  /** Milliseconds since 1970: when content was last used, and how long somebody waits. */
  now(): number;
  /** How long to wait for a cleaning (builds) or for builds (a cleaning). */
  readonly waitMs: number;
}
