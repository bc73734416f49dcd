/**
 * The order of kmod's own hash table, in which depmod writes modules.symbols and takes modules that
 * modules.order does not list. Source: kmod shared/hash.c (Paul Hsieh's SuperFastHash; buckets in order, the
 * names of a bucket by their bytes).
 */

/** Buckets of depmod's tables. */
export const NAME_BUCKETS = 512;
export const SYMBOL_BUCKETS = 2048;

/** Keys are ASCII; `buckets` is a power of two. */
export function inHashOrder(keys: Iterable<string>, buckets: number): string[] {
  const placed = Array.from(keys, (key) => ({ key, bucket: superFastHash(key) & (buckets - 1) }));
  placed.sort((a, b) => a.bucket - b.bucket || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return placed.map(({ key }) => key);
}

export function superFastHash(key: string): number {
  const byte = (at: number): number => key.charCodeAt(at);
  const pair = (at: number): number => byte(at) | (byte(at + 1) << 8);
  let hash = key.length;
  let at = 0;
  for (; at + 4 <= key.length; at += 4) {
    hash = (hash + pair(at)) >>> 0;
    const other = ((pair(at + 2) << 11) ^ hash) >>> 0;
    hash = ((hash << 16) ^ other) >>> 0;
    hash = (hash + (hash >>> 11)) >>> 0;
  }
  switch (key.length - at) {
    case 3:
      hash = (hash + pair(at)) >>> 0;
      hash = (hash ^ (hash << 16) ^ (byte(at + 2) << 18)) >>> 0;
      hash = (hash + (hash >>> 11)) >>> 0;
      break;
    case 2:
      hash = (hash + pair(at)) >>> 0;
      hash = (hash ^ (hash << 11)) >>> 0;
      hash = (hash + (hash >>> 17)) >>> 0;
      break;
    case 1:
      hash = (hash + byte(at)) >>> 0;
      hash = (hash ^ (hash << 10)) >>> 0;
      hash = (hash + (hash >>> 1)) >>> 0;
      break;
    default:
  }
  for (const [left, right] of [
    [3, 5],
    [4, 17],
    [25, 6],
  ] as const) {
    hash = (hash ^ (hash << left)) >>> 0;
    hash = (hash + (hash >>> right)) >>> 0;
  }
  return hash;
}
