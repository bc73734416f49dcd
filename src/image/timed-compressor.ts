/** A compressor whose time is kept, for estimates of later builds. Nothing of what it gives depends on that. */
import type { Timekeeper } from "../core/ports.ts";
import type { Compressor, Uncompressed } from "./compressor.ts";

/** Less is a trailer: it tells of starting a program, and of nothing else. Bytes. */
const LEAST = 4096;

export function timedCompressor(compressor: Compressor, timekeeper: Timekeeper | null): Compressor {
  if (timekeeper === null) return compressor;
  return {
    ...compressor,
    run: async (input) => {
      const taken = sizeOf(input);
      const done = taken < LEAST ? null : timekeeper.begin(compressor.identity, taken);
      const output = await compressor.run(input);
      done?.(output.source.size);
      return output;
    },
  };
}

function sizeOf(input: Uncompressed): number {
  return "bytes" in input ? input.bytes.length : input.content.size;
}
