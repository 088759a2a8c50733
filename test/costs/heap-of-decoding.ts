/** Prints how many bytes decoding one reply takes on the heap: the median of samples, since a few may be collected in. */
import { BankDecoding } from './bank-decoding.js';

const WARM_UP = 200;
const SAMPLES = 51;
const REPLIES = 10;

const decoding = new BankDecoding();

function sample(): number {
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < REPLIES; i++) decoding.decode();
  return (process.memoryUsage().heapUsed - before) / REPLIES;
}

for (let i = 0; i < WARM_UP; i++) decoding.decode();
const bytes = Array.from({ length: SAMPLES }, sample).sort((a, b) => a - b);
process.stdout.write(`${Math.round(bytes[SAMPLES >> 1] as number)}\n`);
