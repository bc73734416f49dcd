import type { Area } from "../../core/area.ts";

/** "0x44000000 to 0x44ffffff, 16777216 bytes" */
export function showArea({ address, size }: Area): string {
  return `${hex(address)} to ${hex(address + size - 1)}, ${size} bytes`;
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, "0")}`;
}
