import { type Figure, figureOf } from './results.js';

const RUNS = 31;
/** Node.js compiles what runs often: a flow that polls every 5 s has run so often in 17 minutes. */
const WARM_UP_RUNS = 200;

/** Times `call` over and over, ms; `prepare` gives each call what it works on, untimed. */
export function measure<Given>(name: string, goal: number, prepare: () => Given, call: (given: Given) => void): Figure {
  const times: number[] = [];
  for (let run = -WARM_UP_RUNS; run < RUNS; run++) {
    const given = prepare();
    const start = performance.now();
    call(given);
    const time = performance.now() - start;
    if (run >= 0) times.push(time);
  }
  return figureOf(name, 'ms', times, { atMost: goal });
}
