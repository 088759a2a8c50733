import type { Alarm } from '../battery/alarms.js';
import type { AlarmEdge } from '../messages/events.js';

interface ActiveAlarm {
  alarm: Alarm;
  since: number;
}

const identityOf = ({ code, cell, temperature }: Alarm) => `${code}/${cell ?? ''}/${temperature ?? ''}`;

/** Tells which alarms came and went from one reading of a pack to the next. */
export class AlarmEdges {
  readonly #activeByPack = new Map<number, Map<string, ActiveAlarm>>();

  /** Takes a pack's reading of epoch ms `at`; in its first one everything active has just been raised. */
  update(pack: number, alarms: readonly Alarm[], at: number): AlarmEdge[] {
    const before = this.#activeByPack.get(pack) ?? new Map<string, ActiveAlarm>();
    const active = new Map<string, ActiveAlarm>();
    const edges: AlarmEdge[] = [];
    for (const alarm of alarms) {
      const identity = identityOf(alarm);
      const known = before.get(identity);
      active.set(identity, { alarm, since: known?.since ?? at });
      if (!known) edges.push({ pack, alarm, state: 'raised', since: at, at });
    }
    for (const [identity, { alarm, since }] of before) {
      if (!active.has(identity)) edges.push({ pack, alarm, state: 'cleared', since, at });
    }
    this.#activeByPack.set(pack, active);
    return edges;
  }
}
