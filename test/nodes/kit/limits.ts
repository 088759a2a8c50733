import type { Message } from '../../support/node-red.js';
import { byCommand } from '../../support/replay-bms.js';
import { bench, type Properties, type QueryDefinition } from './flow.js';
import { type AlarmPack, type AnalogPack, alarmReply, analogReply } from './replies.js';

import limitsNode = require('../../../nodes/pace-bms-limits.js');

/** The id of the flows' limits node. */
export const LIMITS = 'limits';

/** A limits node whose limits rise at once. */
export const limits = (properties: Properties = {}): QueryDefinition => ({
  query: 'limits',
  id: LIMITS,
  ...{ holdTime: 0, rampCurrent: 10_000, rampVoltage: 10 },
  ...properties,
});

/** The three queries, each wired to the limits node; only that one decides what is stale. */
export const readers = (properties: Properties = {}): QueryDefinition[] =>
  (['analog', 'warning', 'status'] as const).map((query) => ({
    ...{ query, interval: 0.1, staleAfter: 600 },
    wires: [[LIMITS, `${query}-out`], [`${query}-events`]],
    ...properties,
  }));

/** Cells at 3.3 V but for one, mV. */
export const withCell = (millivolts: number) => ({ cells: [...Array(15).fill(3300), millivolts] });

/** A BMS whose packs a test changes. */
export interface Bank {
  analog: AnalogPack[];
  alarms: AlarmPack[];
  isSilent: boolean;
}

/** Flows with a limits node. */
export const limitsBench = () => {
  const { run, load, ...others } = bench([limitsNode]);
  return {
    ...{ run, load },
    ...others,
    /** A limits node behind three queries of a bank of such packs. */
    async runBank(packs: AnalogPack[], properties: Properties = {}, reading: Properties = {}) {
      const bank: Bank = { analog: packs, alarms: packs.map(() => ({})), isSilent: false };
      const answer = (request: string, count: number) =>
        bank.isSilent ? null : byCommand({ 42: analogReply(bank.analog), 44: alarmReply(bank.alarms) })(request, count);
      const { flow, server } = await run(answer, {}, ...readers(reading), limits(properties));
      const out = flow.out(LIMITS);
      return {
        ...{ bank, flow, server, out },
        events: flow.events(LIMITS),
        /** The first limits that fit, of those that come from now on. */
        next(fits: (payload: Message['payload']) => boolean): Promise<Message> {
          const seen = out.messages.length;
          return out.find((message) => out.messages.indexOf(message) >= seen && fits(message.payload));
        },
      };
    },
  };
};
