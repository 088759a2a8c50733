/** Prints how many bytes decoding one reply takes on the heap; nothing may be collected meanwhile. */
import { BankDecoding } from './bank-decoding.js';

const WARM_UP = 200;
const REPLIES = 500;

const decoding = new BankDecoding();
for (let i = 0; i < WARM_UP; i++) decoding.decode();
global.gc?.();
const before = process.memoryUsage().heapUsed;
for (let i = 0; i < REPLIES; i++) decoding.decode();
process.stdout.write(`${Math.round((process.memoryUsage().heapUsed - before) / REPLIES)}\n`);
