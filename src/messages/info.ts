import { percentage } from '../battery/analog.js';
import { type BmsIdentity, NOTHING_TOLD } from '../battery/identity.js';
import { type Naming, packName, topicOf } from './names.js';
import { ampHours, orNull, percent } from './numbers.js';
import type { OutgoingMessage } from './outgoing.js';
import type { Value } from './shape.js';

/** The query's name in topics and `msg.pace`. */
export const INFO = 'info';

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
function payloadOf(identity: BmsIdentity): object {
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
export function bmsValues(identity: BmsIdentity): Value[] {
  const all: (readonly [string, string | number | null])[] = [
    ['bms_version', identity.softwareVersion],
    ['bms_sn', identity.bmsSerial],
    ['pack_sn', identity.packSerial],
    ['pack_remain_cap', identity.remainingMilliampHours],
    ['pack_full_cap', identity.fullMilliampHours],
    ['pack_design_cap', identity.designMilliampHours],
    ['pack_soc', bmsStateOfCharge(identity)],
    ['pack_soh', bmsStateOfHealth(identity)],
  ];
  return all.filter((value): value is Value => value[1] !== null);
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
  const packs = view.packs && [...view.packs].map(([pack, told]) => [packName(pack, naming), payloadOf(told)]);
  const payload = { ...payloadOf(identity), ...(packs ? { packs: Object.fromEntries(packs) } : {}) };
  return [{ topic: topicOf(topic, 'bank', INFO), payload }];
}

/** The version and how many packs there are, for the node's status. */
export function infoGlance({ identity, packs }: InfoView): string {
  const { softwareVersion, packCount } = identity ?? NOTHING_TOLD;
  const count = packs?.size ?? packCount;
  const counted = count === null ? [] : [`${count} ${count === 1 ? 'pack' : 'packs'}`];
  return [softwareVersion ?? 'version not known', ...counted].join(' · ');
}
