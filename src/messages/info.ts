import { percentage } from '../battery/analog.js';
import { type BmsIdentity, NOTHING_TOLD } from '../battery/identity.js';
import type { FieldTable, LeafTable, LeafValue, Payload } from './field-table.js';
import { type Naming, packName, topicOf } from './names.js';
import { ampHours, orNull, percent } from './numbers.js';
import type { OutgoingMessage } from './outgoing.js';

/** The query's name in topics and `msg.pace`. */
export const INFO = 'info';

const UNTOLD = 'the BMS does not tell it';

/** What one BMS tells about itself and the pack it is attached to. */
export const INFO_BMS = {
  softwareVersion: { is: 'string', about: 'version of its software', nullWhen: UNTOLD },
  bmsSerial: { is: 'string', about: 'its serial number', nullWhen: UNTOLD },
  packSerial: { is: 'string', about: 'serial number of its pack; some give a date here', nullWhen: UNTOLD },
  packCount: { is: 'number', about: 'packs that it knows, absent ones among them', nullWhen: UNTOLD },
  remainingCapacity: { is: 'number', unit: 'Ah', about: 'charge that is left in its own pack', nullWhen: UNTOLD },
  fullCapacity: { is: 'number', unit: 'Ah', about: 'charge of its own pack when full', nullWhen: UNTOLD },
  designCapacity: { is: 'number', unit: 'Ah', about: 'charge of its own pack when full and new', nullWhen: UNTOLD },
  soc: { is: 'number', unit: '%', about: 'state of charge of its own pack, 0 to 100', nullWhen: UNTOLD },
  soh: { is: 'number', unit: '%', about: 'state of health of its own pack, 0 to 100', nullWhen: UNTOLD },
  clock: { is: 'string', about: 'its clock as `YYYY-MM-DDTHH:mm:ss`, in its own time zone', nullWhen: UNTOLD },
} as const satisfies FieldTable;

/** The payload of an info node. */
export const INFO_PAYLOAD = {
  ...INFO_BMS,
  packs: {
    is: 'map',
    by: 'pack',
    of: INFO_BMS,
    about: 'the same of each pack that answered, by its name',
    only: 'where each pack is asked for itself',
  },
} as const satisfies FieldTable;

/** A BMS's values, by the topics and in the units of bmspace (`bmspace.md` 1c). */
export const INFO_VALUES = {
  bms_version: { is: 'string', about: 'version of the software of the BMS', missingWhen: UNTOLD },
  bms_sn: { is: 'string', about: 'serial number of the BMS', missingWhen: UNTOLD },
  pack_sn: { is: 'string', about: 'serial number of its pack', missingWhen: UNTOLD },
  pack_remain_cap: { is: 'number', unit: 'mAh', about: 'charge that is left in its own pack', missingWhen: UNTOLD },
  pack_full_cap: { is: 'number', unit: 'mAh', about: 'charge of its own pack when full', missingWhen: UNTOLD },
  pack_design_cap: { is: 'number', unit: 'mAh', about: 'charge of its own pack when new', missingWhen: UNTOLD },
  pack_soc: { is: 'number', unit: '%', about: 'state of charge of its own pack', missingWhen: UNTOLD },
  pack_soh: { is: 'number', unit: '%', about: 'state of health of its own pack', missingWhen: UNTOLD },
} as const satisfies LeafTable;
type InfoValue<Sent> = LeafValue<typeof INFO_VALUES, Sent>;

/** How an info node's messages are named and laid out. */
export interface InfoOutput {
  output: 'bank' | 'value';
  /** The base topic, without outer slashes; may be empty. */
  topic: string;
  naming: Naming;
}

/** What the BMS of a bank tell about themselves. */
export interface InfoView {
  /** The BMS asked, or the first of several; null where it did not answer. */
  identity: BmsIdentity | null;
  /** Where each pack is asked for itself: those that answered, by number. */
  packs: ReadonlyMap<number, BmsIdentity> | null;
}

/** `part` of `whole` in percent, held to 0-100; null where either is not known or there is no whole. */
function share(part: number | null, whole: number | null): number | null {
  return part === null || whole === null ? null : orNull(percentage(part, whole), percent);
}

/** %, 0-100, of the pack that the BMS is attached to; null where the BMS does not tell it. */
export const bmsStateOfCharge = (identity: BmsIdentity) =>
  share(identity.remainingMilliampHours, identity.fullMilliampHours);
/** %, 0-100, of the pack that the BMS is attached to; null where the BMS does not tell it. */
export const bmsStateOfHealth = (identity: BmsIdentity) =>
  share(identity.fullMilliampHours, identity.designMilliampHours);

/** What one BMS tells: Ah, % and texts; null where it tells nothing. */
function payloadOf(identity: BmsIdentity): Payload<typeof INFO_BMS> {
  const { softwareVersion, bmsSerial, packSerial, packCount, clock } = identity;
  return {
    softwareVersion,
    bmsSerial,
    packSerial,
    packCount,
    remainingCapacity: orNull(identity.remainingMilliampHours, ampHours),
    fullCapacity: orNull(identity.fullMilliampHours, ampHours),
    designCapacity: orNull(identity.designMilliampHours, ampHours),
    soc: bmsStateOfCharge(identity),
    soh: bmsStateOfHealth(identity),
    clock,
  };
}

/** The values with bmspace's topics and units (`bmspace.md` 1c): mAh, %; nothing where nothing is known. */
export function bmsValues(identity: BmsIdentity): InfoValue<string | number>[] {
  const all: InfoValue<string | number | null>[] = [
    ['bms_version', identity.softwareVersion],
    ['bms_sn', identity.bmsSerial],
    ['pack_sn', identity.packSerial],
    ['pack_remain_cap', identity.remainingMilliampHours],
    ['pack_full_cap', identity.fullMilliampHours],
    ['pack_design_cap', identity.designMilliampHours],
    ['pack_soc', bmsStateOfCharge(identity)],
    ['pack_soh', bmsStateOfHealth(identity)],
  ];
  return all.filter((value): value is InfoValue<string | number> => value[1] !== null);
}

/** One message about the BMS asked, and of all packs where each is asked for itself; or one a value of the BMS asked. */
export function infoMessages(view: InfoView, { output, topic, naming }: InfoOutput): OutgoingMessage[] {
  const identity = view.identity ?? NOTHING_TOLD;
  if (output === 'value') {
    return bmsValues(identity).map(([leaf, payload]) => ({
      topic: topicOf(topic, leaf),
      payload,
      part: { group: INFO, key: leaf },
    }));
  }
  const packs = view.packs && [...view.packs].map(([pack, told]) => [packName(pack, naming), payloadOf(told)] as const);
  const payload: Payload<typeof INFO_PAYLOAD> = {
    ...payloadOf(identity),
    ...(packs ? { packs: Object.fromEntries(packs) } : {}),
  };
  return [{ topic: topicOf(topic, 'bank', INFO), payload }];
}

/** The version and how many packs there are, for the node's status. */
export function infoGlance({ identity, packs }: InfoView): string {
  const { softwareVersion, packCount } = identity ?? NOTHING_TOLD;
  const count = packs?.size ?? packCount;
  const counted = count === null ? [] : [`${count} ${count === 1 ? 'pack' : 'packs'}`];
  return [softwareVersion ?? 'version not known', ...counted].join(' · ');
}
