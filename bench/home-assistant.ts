import { analogShape } from '../src/messages/analog.js';
import { BankMemory } from '../src/messages/home-assistant/bank-memory.js';
import { BmspaceLayout } from '../src/messages/home-assistant/bmspace-layout.js';
import { DeviceLayout } from '../src/messages/home-assistant/device-layout.js';
import { readMessage } from '../src/messages/home-assistant/incoming.js';
import type { Layout } from '../src/messages/home-assistant/layout.js';
import type { HomeAssistantSettings } from '../src/messages/home-assistant/settings.js';
import { StateOutlet } from '../src/messages/home-assistant/state-outlet.js';
import { bankMessage } from '../src/messages/outgoing.js';
import type { QueryShape } from '../src/messages/shape.js';
import { statusShape } from '../src/messages/status.js';
import { warningShape } from '../src/messages/warning.js';
import { analog, status, warning } from '../test/battery/readings.js';
import { measure } from './measure.js';
import type { Figure } from './results.js';

const PACKS = 16;
const CELLS = 16;
const DISCOVERY_GOAL_MS = 20;
const STATES_GOAL_MS = 1;

const SETTINGS: HomeAssistantSettings = {
  topic: 'pace',
  discoveryPrefix: 'homeassistant',
  layout: 'device',
  deviceName: '',
  connectionName: 'Shed',
  naming: { padPacks: 2, padCells: 2 },
  expireAfter: null,
  perCellEntities: true,
  retainDiscovery: false,
};
const SERIAL = 'GPSR7PC733YW79370036';

/** A message of a bank of 16 packs, as it comes from a query node at `now`. */
function message<Reading>(shape: QueryShape<Reading>, reading: Reading, now: number): Record<string, unknown> {
  const views = Array.from({ length: PACKS }, (_, i) => ({
    ...{ pack: i + 1, reading, lastSeen: now, online: true, fresh: true },
  }));
  const { payload } = bankMessage(shape, views, { output: 'bank', topic: 'pace', naming: SETTINGS.naming });
  return { payload, pace: { query: shape.query, receivedAt: now } };
}

/** One poll of everything; measurements differ from one to the next. */
const poll = (now: number): Record<string, unknown>[] => [
  message(
    analogShape,
    analog({
      cellMillivolts: Array.from({ length: CELLS }, (_, i) => 3300 + i + ((now / 5000) % 7)),
      temperatureTenths: [211, 212, 213, 214, 220, 230],
      packMillivolts: 52_920,
    }),
    now,
  ),
  message(warningShape, warning({ cellStates: Array(CELLS).fill('normal') }), now),
  message(statusShape, status(), now),
];

function take(memory: BankMemory, messages: readonly Record<string, unknown>[], now: number): void {
  for (const each of messages) memory.take(readMessage(each), now);
}

function knownBank(): BankMemory {
  const memory = new BankMemory(null);
  for (const now of [0, 5000]) take(memory, poll(now), now);
  return memory;
}

const LAYOUTS: [name: string, make: (memory: BankMemory) => Layout][] = [
  ['device', (memory) => new DeviceLayout(memory, SETTINGS, SERIAL, () => new Map())],
  ['bmspace', (memory) => new BmspaceLayout(memory, SETTINGS, SERIAL)],
];

/** What Home Assistant costs: all of a bank's discovery, and all of a poll's states. */
export function homeAssistantFigures(): Figure[] {
  return LAYOUTS.flatMap(([name, make]) => {
    const memory = knownBank();
    const layout = make(memory);
    const outlet = new StateOutlet();
    layout.discovery();
    let now = 5000;
    return [
      measure(
        `discovery of ${PACKS} x ${CELLS}, ${name} layout`,
        DISCOVERY_GOAL_MS,
        () => make(memory),
        (fresh) => JSON.stringify(fresh.discovery()),
      ),
      measure(
        `states of a poll of ${PACKS} x ${CELLS}, ${name} layout`,
        STATES_GOAL_MS,
        () => {
          now += 5000;
          return poll(now);
        },
        (messages) => {
          take(memory, messages, now);
          outlet.due(layout.states(now), now);
        },
      ),
    ];
  });
}
