/** The longest wait that a timer takes, ms; a longer one would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls after any number of ms. @returns what ends the wait. */
export function callAfter(ms: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number) => {
    const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
    timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : call()), stepMs);
  };
  wait(ms);
  return () => clearTimeout(timer);
}
