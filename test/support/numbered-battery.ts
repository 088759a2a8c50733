import { alarmReply, analogReply, MOSFETS_ON } from '../nodes/kit/replies.js';
import { type Answer, ReplayServer } from './replay-bms.js';

/** What is asked: CID2 of the request, measurements or alarms. */
export type Command = '42' | '44';

/** A reply of a numbered battery. */
export interface NumberedReply {
  command: Command;
  /** The how manieth reply to this command, from 1; the battery's values say it. */
  number: number;
  /** The cell of pack 1 that a 44 reply shows above its limit; null for none. */
  highCell: number | null;
  /** SOI to EOI. */
  text: string;
  /** Epoch ms. */
  at: number;
}

/** The packs of every numbered battery. */
export const PACKS = [1, 2, 3];
/** What follows each pack's fields in a 42 reply, bytes. */
const TAIL = Array<number>(10).fill(0);
const CELLS = Array.from({ length: 16 }, (_, i) => i + 1);
const SENSORS = [1, 2, 3, 4, 5, 6];
/** The number of a reply that answers nothing: far above those of any test. */
const STRANGER = 50_000;

const millivoltsOf = (number: number, pack: number, cell: number) =>
  3300 + 10 * pack + ((3 * number + 7 * cell + pack) % 9);
const decidegreesOf = (number: number, pack: number, sensor: number) => 200 + 5 * sensor + ((number + pack) % 3);
const ampsOf = (number: number) => 10 + (number % 4);
const remainingAmpHoursOf = (number: number, pack: number) => (5000 + 100 * pack - (number % 1000)) / 100;
const cyclesOf = (number: number, pack: number) => 100 * pack + number;
const balancingBitsOf = (number: number, pack: number) => (number + pack) & 0xffff;

function replyText(command: Command, number: number, highCell: number | null): string {
  if (command === '44') {
    return alarmReply(
      PACKS.map((pack) => ({
        cells: CELLS.map((cell) => (pack === 1 && cell === highCell ? 2 : 0)),
        system: MOSFETS_ON,
        balance1: balancingBitsOf(number, pack) & 0xff,
        balance2: balancingBitsOf(number, pack) >> 8,
      })),
    );
  }
  return analogReply(
    PACKS.map((pack) => ({
      cells: CELLS.map((cell) => millivoltsOf(number, pack, cell)),
      temperatures: SENSORS.map((sensor) => decidegreesOf(number, pack, sensor) + 2730),
      current: ampsOf(number) * 100,
      remaining: Math.round(remainingAmpHoursOf(number, pack) * 100),
      cycles: cyclesOf(number, pack),
      tail: TAIL,
    })),
  );
}

const thousandths = (value: number) => Math.round(value) / 1000;
const named = <T>(prefix: string, numbers: readonly number[], of: (number: number) => T): Record<string, T> =>
  Object.fromEntries(numbers.map((number) => [`${prefix}_${number}`, of(number)]));

function analogPack({ number }: NumberedReply, pack: number): object {
  const millivolts = CELLS.map((cell) => millivoltsOf(number, pack, cell));
  const lowest = Math.min(...millivolts);
  const highest = Math.max(...millivolts);
  const total = millivolts.reduce((sum, value) => sum + value, 0);
  const located = (value: number) => ({ name: `cell_${millivolts.indexOf(value) + 1}`, voltage: value / 1000 });
  const degrees = SENSORS.map((sensor) => decidegreesOf(number, pack, sensor) / 10);
  const remainingCapacity = remainingAmpHoursOf(number, pack);
  return {
    voltage: total / 1000,
    current: ampsOf(number),
    power: Math.round((total * ampsOf(number)) / 100) / 10,
    soc: remainingCapacity,
    soh: 100,
    remainingCapacity,
    fullCapacity: 100,
    designCapacity: 100,
    cycles: cyclesOf(number, pack),
    cellCount: CELLS.length,
    cellVoltages: named('cell', CELLS, (cell) => (millivolts[cell - 1] ?? 0) / 1000),
    cells: CELLS.map((cell, i) => ({ cell, name: `cell_${cell}`, voltage: (millivolts[i] ?? 0) / 1000 })),
    cellMin: located(lowest),
    cellMax: located(highest),
    cellAverage: thousandths(total / CELLS.length),
    cellDelta: thousandths(highest - lowest),
    temperatures: named('temp', SENSORS, (sensor) => degrees[sensor - 1]),
    temperatureMin: degrees[0],
    temperatureMax: degrees[3],
    mosfetTemperature: degrees[4],
    environmentTemperature: degrees[5],
  };
}

function statusPack({ number }: NumberedReply, pack: number): object {
  const cells = CELLS.filter((cell) => balancingBitsOf(number, pack) & (1 << (cell - 1)));
  return {
    mode: 'idle',
    fullyCharged: false,
    chargeMosfet: true,
    dischargeMosfet: true,
    chargeCurrentLimiter: false,
    chargerReversed: false,
    packSupplying: false,
    acIn: false,
    heater: false,
    shutdown: false,
    balancing: { active: cells.length > 0, cells: cells.map((cell) => `cell_${cell}`) },
    settings: {
      buzzerAlarm: false,
      ledAlarm: true,
      chargeLimiter: true,
      chargeLimiterGear: 'high',
      chargeMosfetForcedOff: false,
      dischargeMosfetForcedOff: false,
      systemLock: false,
      testMode: false,
    },
  };
}

function warningPack({ highCell }: NumberedReply, pack: number): object {
  const cell = pack === 1 && highCell !== null ? `cell_${highCell}` : null;
  const label = `${cell} above limit`;
  return {
    level: cell ? 'warning' : 'normal',
    text: cell ? label : '',
    active: cell ? [{ code: 'cellAboveLimit', level: 'warning', label, cell }] : [],
    cellStates: named('cell', CELLS, (number) => (cell === `cell_${number}` ? 'high' : 'normal')),
    temperatureStates: named('temp', SENSORS, () => 'normal'),
    chargeCurrentState: 'normal',
    packVoltageState: 'normal',
    dischargeCurrentState: 'normal',
  };
}

const PACK_OF = { analog: analogPack, status: statusPack, warning: warningPack };
/** The queries that a numbered battery answers. */
export type NumberedQuery = keyof typeof PACK_OF;
/** The command that a query asks with. */
export const COMMAND_OF: Record<NumberedQuery, Command> = { analog: '42', status: '44', warning: '44' };

/** The payloads, pack 1 first, that must come of a reply, by the contract; but for `lastSeen`. */
export function payloadsOf(query: NumberedQuery, reply: NumberedReply): object[] {
  return PACKS.map((pack) => ({ pack, name: `pack_${pack}`, online: true, ...PACK_OF[query](reply, pack) }));
}

/** A bank of three packs whose replies each carry their own number, so that a test knows which one was published. */
export class NumberedBattery {
  /** Everything answered, in order; reply n of a command answers its request n. */
  readonly replies: NumberedReply[] = [];
  /** The cell of pack 1 that the next 44 reply shows above its limit. */
  highCellOf: (number: number) => number | null = (number) => (number % CELLS.length) + 1;
  readonly #byText = new Map<string, NumberedReply>();
  #server: ReplayServer | null = null;

  /** A battery that answers on a TCP port of 127.0.0.1. */
  static async listen(): Promise<NumberedBattery> {
    const battery = new NumberedBattery();
    battery.#server = await ReplayServer.listen(battery.answer);
    return battery;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** Clients connected now. */
  get open(): number {
    return this.#server?.sockets.size ?? 0;
  }

  /** Answers a request with the next number. */
  readonly answer: Answer = (request) => {
    const command = request.slice(7, 9) as Command;
    const number = this.asked(command) + 1;
    const highCell = command === '44' ? this.highCellOf(number) : null;
    const reply = { command, number, highCell, text: replyText(command, number, highCell), at: Date.now() };
    this.replies.push(reply);
    this.#byText.set(reply.text, reply);
    return reply.text;
  };

  /** How many requests of a command have come: the number of the last. */
  asked(command: Command): number {
    return this.replies.filter((reply) => reply.command === command).length;
  }

  /** The reply that reads so; undefined where this battery never sent it. */
  replyOf(text: string): NumberedReply | undefined {
    return this.#byText.get(text);
  }

  /** A good reply to the other command than `reply` answers; it is none of this battery's numbered ones. */
  strangerTo({ command }: NumberedReply): string {
    return replyText(command === '42' ? '44' : '42', STRANGER, null);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}
