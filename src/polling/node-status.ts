import type { LinkState } from '../link/connector.js';

/** A node's status as Node-RED shows it. */
export interface NodeStatus {
  fill: 'green' | 'yellow' | 'red' | 'grey';
  shape: 'dot' | 'ring';
  text: string;
}

const LONGEST_TEXT = 32;

function status(fill: NodeStatus['fill'], shape: NodeStatus['shape'], text: string): NodeStatus {
  return { fill, shape, text: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text };
}

/** The way to the BMS, while it is not open. */
export function linkStatus(link: LinkState): NodeStatus {
  if (link.name === 'backoff') {
    const wait = `, retry in ${Math.max(1, Math.round(link.retryInMs / 1000))} s`;
    return status('yellow', 'ring', `${link.error.badge.slice(0, LONGEST_TEXT - wait.length)}${wait}`);
  }
  return status('yellow', 'ring', link.name === 'closed' ? 'closed' : 'connecting');
}

/** Nothing has come yet. */
export const waitingStatus = (whatFor: string) => status('yellow', 'ring', `waiting for ${whatFor}`);
/** The last reading counts. */
export const readingStatus = (text: string) => status('green', 'dot', text);
/** Something is wrong with the whole. */
export const errorStatus = (text: string) => status('red', 'ring', text);

/** Some packs answer, these do not. */
export function partialStatus(names: readonly string[], what: string): NodeStatus {
  const text = `${names.join(', ')} ${what}`;
  return status('yellow', 'ring', text.length > LONGEST_TEXT ? `${names.length} packs ${what}` : text);
}

const TIME_UNITS: readonly [unit: string, ms: number, upTo: number][] = [
  ['s', 1000, 120],
  ['min', 60_000, 120],
  ['h', 3_600_000, 48],
  ['days', 86_400_000, Number.POSITIVE_INFINITY],
];

/** Nothing good has come for so long, ms. */
export function staleStatus(forMs: number): NodeStatus {
  const [unit, ms] = TIME_UNITS.find(([, length, upTo]) => forMs / length < upTo) ?? ['s', 1000];
  return status('grey', 'ring', `no answer for ${Math.round(forMs / ms)} ${unit}`);
}
