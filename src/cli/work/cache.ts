/** The verbs below `cache`. */
import { showBytes } from "../../core/path.ts";
import { cacheUser } from "../../machine/cache.ts";
import { cachePlace } from "../../machine/place.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { CachePlace } from "../../store/locate-cache.ts";
import { collectGarbage, listCache, verifyCache } from "../../store/maintain.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { showTimestamp } from "../text/listing.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import { layoutTable } from "../text/table.ts";

export interface CacheOptions {
  readonly cache: string | null;
  readonly recipe: string | null;
}

export interface GcOptions extends CacheOptions {
  readonly days: string | null;
  readonly "max-size": string | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;
/** How long a cleaning waits for running builds. */
const WAIT_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { "": 0, K: 1, M: 2, G: 3, T: 4 };

export async function printPath(options: CacheOptions, terminal: Terminal): Promise<ExitCode> {
  const { directory, because } = await placeOf(options);
  const path = showBytes(directory);
  if (terminal.isJson) terminal.printJson({ ok: true, path, because });
  else terminal.print(`${path}\n`);
  return 0;
}

export async function listContent(options: CacheOptions, terminal: Terminal): Promise<ExitCode> {
  const { directory } = await placeOf(options);
  const entries = await listCache(directory);
  const sizes = new Map(entries.map(({ content }) => [content.digest, content.size]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (terminal.isJson) {
    const shown = entries.map(({ key, label, content, lastUsedMs }) => ({
      key,
      label,
      digest: content.digest,
      size: content.size,
      lastUsed: new Date(lastUsedMs).toISOString(),
    }));
    terminal.printJson({ ok: true, path: showBytes(directory), bytes, entries: shown });
    return 0;
  }
  const rows = entries.map(({ label, content, lastUsedMs }) => [
    showTimestamp(Math.floor(lastUsedMs / 1000)),
    showSize(content.size),
    content.digest.slice(0, "sha256-".length + 12),
    safeText(label),
  ]);
  terminal.print(
    layoutTable(rows, ["left", "right"])
      .map((line) => `${line}\n`)
      .join(""),
  );
  terminal.note(`${showCount(sizes.size, "piece")}, ${showSize(bytes)}, in ${showBytes(directory)}\n`);
  return 0;
}

export async function collectGarbageOf(options: GcOptions, terminal: Terminal): Promise<ExitCode> {
  const policy = {
    maxAgeMs: parseDays(options.days) * DAY_MS,
    maxBytes: options["max-size"] === null ? null : parseSize(options["max-size"]),
  };
  const { directory } = await placeOf(options);
  const collected = await collectGarbage(directory, policy, cacheUser("initgraph cache gc", WAIT_MS));
  const { removed, removedBytes, kept, keptBytes } = collected;
  if (terminal.isJson) {
    terminal.printJson({ ok: true, path: showBytes(directory), ...collected });
    return 0;
  }
  terminal.print(`removed ${showCount(removed, "piece")}, ${showSize(removedBytes)}\n`);
  terminal.note(`kept ${showCount(kept, "piece")}, ${showSize(keptBytes)}, in ${showBytes(directory)}\n`);
  return 0;
}

export async function verifyContent(options: CacheOptions, terminal: Terminal): Promise<ExitCode> {
  const { directory } = await placeOf(options);
  const verdict = await verifyCache(directory, cacheUser("initgraph cache verify", WAIT_MS));
  const { checked, checkedBytes, damaged } = verdict;
  const isWhole = damaged.length === 0;
  if (terminal.isJson) {
    terminal.printJson({ ok: isWhole, path: showBytes(directory), ...verdict });
    return isWhole ? 0 : 1;
  }
  for (const { digest, size, labels } of damaged) {
    const what = labels.length === 0 ? "" : `  ${safeText(labels.join(", "))}`;
    terminal.print(`damaged, and removed: ${digest}  ${showSize(size)}${what}\n`);
  }
  terminal.note(
    `${showCount(checked, "piece")}, ${showSize(checkedBytes)}: ${isWhole ? "all" : "the others"} as they should be\n`,
  );
  return isWhole ? 0 : 1;
}

function placeOf({ cache, recipe }: CacheOptions): Promise<CachePlace> {
  return cachePlace(cache, recipe ?? "initrd.yaml");
}

function parseDays(text: string | null): number {
  if (text === null) return DEFAULT_DAYS;
  if (!/^\d{1,5}$/.test(text)) throw new WrongUsage(`--days must be a number, not "${safeText(text)}"`);
  return Number(text);
}

/** "500M" in bytes; a unit is a power of 1024. */
function parseSize(text: string): number {
  const [, amount, unit] = /^(\d{1,12})([KMGT]?)$/i.exec(text) ?? [];
  if (amount === undefined) {
    throw new WrongUsage(`--max-size must be a size as 500M or 2G, not "${safeText(text)}"`);
  }
  return Number(amount) * 1024 ** UNITS[unit!.toUpperCase()]!;
}
