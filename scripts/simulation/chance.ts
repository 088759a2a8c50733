/** Seconds until something happens that happens so often a day on average. */
export function waitFor(random: () => number, timesADay: number): number {
  return timesADay === 0 ? Number.POSITIVE_INFINITY : (-Math.log(1 - random()) * 86_400) / timesADay;
}

/** Between `shortest` and `longest`; each size is as likely as its double. */
export function lasting(random: () => number, shortest: number, longest: number): number {
  return shortest * (longest / shortest) ** random();
}
