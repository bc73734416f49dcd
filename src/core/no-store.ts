import type { Store } from "./ports.ts";

/** For what must never reach a cache: whoever asks it is at fault. */
export const NO_STORE: Store = {
  find: refuse,
  put: refuse,
  read: refuse,
  verifiedFile: refuse,
  forget: refuse,
  scratchFile: refuse,
  putFile: refuse,
};

function refuse(): never {
  throw new TypeError("nothing of this goes through a store");
}
