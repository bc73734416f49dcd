import type { InputMemory } from "./ports.ts";

/** Nothing is known of any file, and nothing kept. */
export const NO_MEMORY: InputMemory = {
  of: () => ({ recall: () => null, remember: () => {} }),
};
