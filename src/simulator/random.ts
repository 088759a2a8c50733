/** Numbers from 0 up to 1, the same series for the same seed (the mulberry32 recipe, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The next of `random`, spread evenly over `centre` ± `reach`. */
export function around(random: () => number, centre: number, reach: number): number {
  return centre + (random() * 2 - 1) * reach;
}
