import type { Figure } from './results.js';

/** A part of the benchmark; each runs in a process of its own, so that none disturbs another. */
interface Section {
  about: string;
  /** Of its Node.js. */
  flags?: readonly string[];
  load(): Promise<() => Figure[] | Promise<Figure[]>>;
}

/** So much room for what is new that nothing is collected while it is counted, MB. */
const ROOM_FOR_NEW = 256;

/** All sections, in the order they run. */
export const SECTIONS: Readonly<Record<string, Section>> = {
  decode: {
    about: 'from a chunk of bytes to the model, and to readings that are believed',
    load: async () => (await import('./decode.js')).decodeFigures,
  },
  line: {
    about: 'analog, warning and status polled back to back: time of a cycle / wire time of its bytes',
    load: async () => (await import('./line.js')).lineFigures,
  },
  node: {
    about: 'a poll of 16 packs of 16 cells inside Node-RED, from the reading on',
    flags: ['--expose-gc', `--min-semi-space-size=${ROOM_FOR_NEW}`, `--max-semi-space-size=${ROOM_FOR_NEW}`],
    load: async () => (await import('./node.js')).nodeFigures,
  },
  scale: {
    about: 'one Node-RED; each bank of 16 packs asked for analog, warning and status every 5 s over TCP',
    load: async () => (await import('./scale.js')).scaleFigures,
  },
  'first-reading': {
    about: 'from the start of Node-RED, and from a deploy, to the first message',
    load: async () => (await import('./first-reading.js')).firstReadingFigures,
  },
  'home-assistant': {
    about: 'what a bank costs the Home Assistant node',
    load: async () => (await import('./home-assistant.js')).homeAssistantFigures,
  },
};
