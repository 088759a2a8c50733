import { mock } from 'node:test';
import type { WarningReading } from '../../../src/battery/alarms.js';
import type { AnalogReading } from '../../../src/battery/analog.js';
import type { BmsIdentity } from '../../../src/battery/identity.js';
import type { StatusReading } from '../../../src/battery/status.js';
import type { PaceError } from '../../../src/errors.js';
import { analogShape } from '../../../src/messages/analog.js';
import type { MqttMessage } from '../../../src/messages/home-assistant/mqtt-message.js';
import { HomeAssistantPublisher } from '../../../src/messages/home-assistant/publisher.js';
import type { Progress, Remembered } from '../../../src/messages/home-assistant/publisher-types.js';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { infoMessages } from '../../../src/messages/info.js';
import { offlineMessage, type PackView, pollMessages } from '../../../src/messages/outgoing.js';
import type { QueryShape } from '../../../src/messages/shape.js';
import { statusShape } from '../../../src/messages/status.js';
import { warningShape } from '../../../src/messages/warning.js';
import { analog, status, warning } from '../../battery/readings.js';
import { SimulatedHomeAssistant } from '../../home-assistant/home-assistant.js';

export const CONNECTION = 'c0ffee0000000001';
export const SERIAL = '705350371133334A';
export const IDENTITY: BmsIdentity = {
  softwareVersion: 'P16S100A-1812-1.00',
  bmsSerial: SERIAL,
  packSerial: null,
  packCount: 2,
  remainingMilliampHours: 62_040,
  fullMilliampHours: 103_460,
  designMilliampHours: 100_000,
  clock: null,
};

/** A pack of 16 cells and six sensors, discharging. */
export const PACK: AnalogReading = analog({
  cellMillivolts: Array.from({ length: 16 }, (_, i) => 3300 + i),
  temperatureTenths: [211, 212, 213, 214, 220, 230],
  currentMilliamps: -12_340,
  packMillivolts: 52_920,
  remainingMilliampHours: 70_010,
  fullMilliampHours: 99_000,
});

type Input = Record<string, unknown>;
type Queries = { analog: AnalogReading; warning: WarningReading; status: StatusReading };
const SHAPES: { [Query in keyof Queries]: QueryShape<Queries[Query]> } = {
  analog: analogShape,
  warning: warningShape,
  status: statusShape,
};

export const SETTINGS: HomeAssistantSettings = {
  topic: 'pace',
  discoveryPrefix: 'homeassistant',
  layout: 'device',
  deviceName: '',
  connectionName: 'Shed',
  naming: { padPacks: 0, padCells: 0 },
  expireAfter: null,
  perCellEntities: true,
  retainDiscovery: false,
};

/** A publisher in the test's hands, with Home Assistant behind it; time is the test's too. */
export class Bench {
  readonly publisher: HomeAssistantPublisher;
  readonly homeAssistant = new SimulatedHomeAssistant();
  readonly sent: MqttMessage[] = [];
  readonly failures: PaceError[] = [];
  readonly progress: Progress[] = [];
  remembered: Remembered;
  /** Whether its query nodes send only changes. */
  sendsOnlyChanges = true;

  constructor(settings: Partial<HomeAssistantSettings> = {}, remembered: Remembered = {}) {
    this.remembered = remembered;
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_790_000_000_000 });
    this.publisher = new HomeAssistantPublisher({
      settings: { ...SETTINGS, ...settings },
      connectionId: CONNECTION,
      remembered,
      now: () => Date.now(),
      host: {
        send: (messages) => {
          this.sent.push(...messages);
          this.homeAssistant.receive(...messages);
        },
        progress: (progress) => this.progress.push(progress),
        failed: (error) => this.failures.push(error),
        remember: (told) => {
          this.remembered = told;
        },
        mayBeSilent: () => this.sendsOnlyChanges,
      },
    });
  }

  close(): void {
    this.publisher.close();
    mock.timers.reset();
  }

  /** Lets time pass. @returns what was sent meanwhile. */
  pass(ms: number): MqttMessage[] {
    const before = this.sent.length;
    for (let passed = 0; passed < ms; passed += 25) {
      this.homeAssistant.advance(Math.min(25, ms - passed));
      mock.timers.tick(Math.min(25, ms - passed));
    }
    return this.sent.slice(before);
  }

  /** Gives it messages. @returns what it sends at once. */
  take(...messages: Input[]): MqttMessage[] {
    const before = this.sent.length;
    for (const message of messages) this.publisher.take(message);
    this.pass(50);
    return this.sent.slice(before);
  }

  /** Readings of the packs 1, 2, … come `count` times, 5 s apart. @returns all that is sent meanwhile. */
  poll(count: number, { packs = [PACK], shape = 'pack' as 'pack' | 'bank' } = {}): MqttMessage[] {
    const before = this.sent.length;
    for (let poll = 0; poll < count; poll++) {
      this.take(...query('analog', packs, shape));
      this.take(
        ...query(
          'warning',
          packs.map(() => warning()),
          shape,
        ),
      );
      this.take(
        ...query(
          'status',
          packs.map(() => status()),
          shape,
        ),
      );
      this.pass(4850);
    }
    return this.sent.slice(before);
  }
}

/** When packs were last read, as their query nodes know it. */
const lastSeen = new Map<number, number>();

/** What a query node sends for packs that answer; null for one that has been silent for a while. */
export function query<Name extends keyof Queries>(
  name: Name,
  readings: readonly (Queries[Name] | null)[],
  output: 'pack' | 'bank' | 'value' = 'pack',
  naming = SETTINGS.naming,
): Input[] {
  const shape: QueryShape<Queries[Name]> = SHAPES[name];
  const settings = { output, topic: 'pace', naming };
  const views = readings.map((reading, i): PackView<Queries[Name]> => {
    const isThere = reading !== null;
    if (isThere) lastSeen.set(i + 1, Date.now());
    return { pack: i + 1, reading, lastSeen: lastSeen.get(i + 1) ?? 1, online: isThere, fresh: isThere };
  });
  const offline = output === 'pack' ? views.filter(({ online }) => !online) : [];
  return [
    ...pollMessages(shape, views, settings),
    ...offline.map((view) => offlineMessage(shape, view.pack, view.lastSeen, settings)),
  ].map(({ topic, payload }) => ({
    topic,
    payload,
    pace: { connection: CONNECTION, query: name, receivedAt: Date.now() },
  }));
}

/** What an info node sends. */
export function info(changes: Partial<BmsIdentity> = {}): Input {
  const view = { identity: { ...IDENTITY, ...changes }, packs: null };
  const [message] = infoMessages(view, { output: 'bank', topic: 'pace', naming: SETTINGS.naming });
  return { ...message, pace: { connection: CONNECTION, query: 'info', receivedAt: Date.now() } };
}

export const isDiscovery = ({ topic }: MqttMessage) => topic.startsWith('homeassistant/');
export const topicsOf = (messages: readonly MqttMessage[]) => messages.map(({ topic }) => topic);
