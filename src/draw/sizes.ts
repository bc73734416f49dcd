/** Sizes, counts and times in words. The same on every machine: no locale has a say. */

const UNITS = ["KiB", "MiB", "GiB", "TiB"];

/** Bytes as people read them: "312 bytes", "4.0 KiB", "61.1 MiB". */
export function showSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  let amount = bytes / 1024;
  let unit = 0;
  // 1023.95 would print as "1024.0".
  while (amount >= 1023.95 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount.toFixed(1)} ${UNITS[unit]}`;
}

/** "1 layer", "3 layers"; thousands are kept apart. */
export function showCount(count: number, one: string, many = `${one}s`): string {
  return `${showNumber(count)} ${count === 1 ? one : many}`;
}

/** 12345 as "12,345". */
export function showNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Milliseconds as people read them: "85 ms", "3.2 s", "2 min 5 s". */
export function showTime(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
