import { request } from '../nodes/kit/replies.js';

/** A reply on its way to the nodes, and what can be done to it. */
export interface FaultyWay {
  /** The reply, SOI to EOI. */
  readonly reply: string;
  /** A good reply to the other command. */
  readonly stranger: string;
  /** Seeded numbers from 0 up to 1. */
  readonly random: () => number;
  /** How late the reply comes when it is late, ms. */
  readonly latenessMs: number;
  /** Sends in one write, after so many ms; never before what was sent earlier. */
  send(text: string, afterMs?: number): void;
  /** Sends each character in a write of its own. */
  trickle(text: string): void;
  /** Closes the connection, as soon as all is sent. */
  cut(): void;
  /** From now on lets nothing through in either direction, and leaves the connection open. */
  swallow(): void;
}

/** Something that goes wrong with one reply. */
export interface Fault {
  /** Whether the reply arrives whole and in time all the same. */
  arrives: boolean;
  /** Whether the connection is of no use afterwards. */
  breaksLine?: boolean;
  apply(way: FaultyWay): void;
}

const MOST_GARBAGE = 40;
const HEX_DIGITS = '0123456789ABCDEF';
/** Another master counts the packs, and reads one and then all of them (`pace-v25.md` 5.5). */
const OTHER_REQUESTS = ['~250246900000FDA4\r', request(0x42, 2, 2), request(0x44, 1, 0xff)].join('');

const under = (limit: number, random: () => number) => Math.floor(random() * limit);

function garbage(random: () => number): string {
  const bytes = Array.from({ length: 1 + under(MOST_GARBAGE, random) }, () => under(256, random));
  return Buffer.from(bytes).toString('latin1');
}

/** Where a reply is cut or hit: inside, never at its first or last character. */
const placeIn = (reply: string, random: () => number) => 1 + under(reply.length - 2, random);

function withDigitFlipped(reply: string, random: () => number): string {
  const at = placeIn(reply, random);
  const digit = HEX_DIGITS.indexOf(reply.charAt(at));
  const other = HEX_DIGITS.charAt((digit + 1 + under(15, random)) % 16);
  return `${reply.slice(0, at)}${other}${reply.slice(at + 1)}`;
}

/** Everything that can go wrong with a reply, one entry a fault. */
export const FAULTS = {
  dropped: { arrives: false, apply: () => {} },
  truncated: {
    arrives: false,
    apply: ({ reply, random, send }) => send(reply.slice(0, placeIn(reply, random))),
  },
  corrupted: { arrives: false, apply: ({ reply, random, send }) => send(withDigitFlipped(reply, random)) },
  garbageBefore: { arrives: true, apply: ({ reply, random, send }) => send(garbage(random) + reply) },
  garbageInside: {
    arrives: false,
    apply: ({ reply, random, send }) => {
      const at = placeIn(reply, random);
      send(`${reply.slice(0, at)}\0${garbage(random)}${reply.slice(at)}`);
    },
  },
  garbageAfter: { arrives: true, apply: ({ reply, random, send }) => send(reply + garbage(random)) },
  duplicated: { arrives: true, apply: ({ reply, send }) => send(reply + reply) },
  late: { arrives: false, apply: ({ reply, latenessMs, send }) => send(reply, latenessMs) },
  ofAnotherCommand: { arrives: false, apply: ({ stranger, send }) => send(stranger) },
  gluedToAnother: { arrives: true, apply: ({ reply, stranger, send }) => send(stranger + reply) },
  oneByteAtATime: { arrives: true, apply: ({ reply, trickle }) => trickle(reply) },
  behindOtherRequests: { arrives: true, apply: ({ reply, send }) => send(OTHER_REQUESTS + reply) },
  onlyOtherRequests: { arrives: false, apply: ({ send }) => send(OTHER_REQUESTS) },
  closedMidFrame: {
    arrives: false,
    breaksLine: true,
    apply: ({ reply, random, send, cut }) => {
      send(reply.slice(0, placeIn(reply, random)));
      cut();
    },
  },
  closedAfter: {
    arrives: true,
    breaksLine: true,
    apply: ({ reply, send, cut }) => {
      send(reply);
      cut();
    },
  },
  halfOpen: { arrives: false, breaksLine: true, apply: ({ swallow }) => swallow() },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** The names of the faults that `fit`. */
export function faultsThat(fit: (fault: Fault, name: FaultName) => boolean): FaultName[] {
  return (Object.keys(FAULTS) as FaultName[]).filter((name) => fit(FAULTS[name], name));
}
