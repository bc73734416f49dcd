/** Shares in words. Sizes and counts are said by draw/sizes.ts. */

/** "12.3 %"; what is not quite nothing is "< 0.1 %". */
export function showShare(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0 %";
  const share = (100 * part) / whole;
  return share < 0.1 ? "< 0.1 %" : `${share.toFixed(1)} %`;
}
