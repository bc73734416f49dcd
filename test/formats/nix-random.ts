/** Random numbers that are the same in every run, and damage made of them. */

export interface Random {
  /** A whole number from 0 to limit - 1. */
  below(limit: number): number;
}

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below: (limit) => {
      state = (state + 0x6d2b_79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    },
  };
}

/** Bytes cut, flipped, doubled and overwritten in a few places. */
export function* mutationsOf(bytes: Uint8Array, count: number, random: Random): Generator<Uint8Array> {
  for (let n = 0; n < count; n++) {
    let damaged: Uint8Array = Uint8Array.from(bytes);
    for (let times = 1 + random.below(4); times > 0; times--) {
      const at = random.below(damaged.length + 1);
      const to = at + random.below(damaged.length - at + 1);
      const kind = random.below(4);
      if (kind === 0) damaged = damaged.slice(0, at);
      else if (kind === 1) damaged = Buffer.concat([damaged.subarray(0, to), damaged.subarray(at)]);
      else if (kind === 2) damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(to)]);
      else if (at < damaged.length) damaged[at] = random.below(256);
    }
    yield damaged;
  }
}
