/** What a benchmark shows: the time of one call, ms. */
export interface Figure {
  name: string;
  min: number;
  median: number;
  max: number;
  goal: number;
}

const RUNS = 31;
/** Node.js compiles what runs often: a flow that polls every 5 s has run so often in 17 minutes. */
const WARM_UP_RUNS = 200;

/** Times `call` over and over; `prepare` gives each call what it works on, untimed. */
export function measure<Given>(name: string, goal: number, prepare: () => Given, call: (given: Given) => void): Figure {
  const times: number[] = [];
  for (let run = -WARM_UP_RUNS; run < RUNS; run++) {
    const given = prepare();
    const start = performance.now();
    call(given);
    const time = performance.now() - start;
    if (run >= 0) times.push(time);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] as number;
  return { name, min: at(0), median: at(0.5), max: at(1), goal };
}

/** Prints figures as a table. */
export function print(figures: readonly Figure[]): void {
  const rows = figures.map(({ name, min, median, max, goal }) => ({
    benchmark: name,
    'min ms': min.toFixed(3),
    'median ms': median.toFixed(3),
    'max ms': max.toFixed(3),
    'goal ms': goal,
    met: median < goal ? 'yes' : 'NO',
  }));
  console.table(Object.fromEntries(rows.map(({ benchmark, ...row }) => [benchmark, row])));
}
