import { byCommand } from '../../support/replay-bms.js';
import type { Properties, QueryDefinition } from './flow.js';
import { ANSWERS } from './info.js';
import { type AlarmPack, type AnalogPack, alarmReply, analogReply } from './replies.js';

/** The id of the flows' Home Assistant node. */
export const HA = 'ha';
/** The serial number that the BMS tells. */
export const SERIAL = '705350371133334A';

/** A Home Assistant node, as the contract has it but for `properties`. */
export const homeAssistant = (properties: Properties = {}): QueryDefinition => ({
  query: 'homeassistant',
  id: HA,
  ...properties,
});

/** The three queries and info, each wired to the Home Assistant node. */
export const readers = (properties: Properties = {}): QueryDefinition[] =>
  (['analog', 'warning', 'status', 'info'] as const).map((query) => ({
    query,
    interval: query === 'info' ? 0 : 0.1,
    wires: [[HA, `${query}-out`], [`${query}-events`]],
    ...properties,
    ...(query === 'info' ? { output: 'bank' } : {}),
  }));

/** A BMS with these packs, that tells who it is. */
export const bankOf = (packs: readonly AnalogPack[], alarms: readonly AlarmPack[] = packs.map(() => ({}))) =>
  byCommand({ ...ANSWERS, 42: analogReply(packs), 44: alarmReply(alarms) });
