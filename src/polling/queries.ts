import type { Alarm, WarningReading } from '../battery/alarms.js';
import type { AnalogReading } from '../battery/analog.js';
import type { StatusReading } from '../battery/status.js';
import type { BankClient } from '../link/bank-client.js';
import type { BankReading, PackReading, ReadOptions } from '../link/bank-reading.js';
import { analogShape } from '../messages/analog.js';
import type { QueryShape } from '../messages/shape.js';
import { statusShape } from '../messages/status.js';
import { warningShape } from '../messages/warning.js';

/** What a query node asks of a bank, and how it tells it. */
export interface Query<Reading> {
  shape: QueryShape<Reading>;
  /** The alarms of a reading, where their coming and going is told. */
  alarmsOf?(reading: Reading): readonly Alarm[];
  read(client: BankClient, options: ReadOptions<Reading>): Promise<BankReading<Reading>>;
}

/** The same reading, with `pick` of each pack's. */
function mapReading<From, To>(bank: BankReading<From>, pick: (reading: From) => To): BankReading<To> {
  const packs = new Map<number, PackReading<To>>();
  for (const [pack, { reading, ...exchange }] of bank.packs) {
    packs.set(pack, { ...exchange, reading: reading === null ? null : pick(reading) });
  }
  return { ...bank, packs };
}

/** What one reply about alarms and states holds of a pack. */
interface AlarmsReading {
  warning: WarningReading;
  status: StatusReading;
}

/** Reads a part of what the one reply about alarms and states holds. */
async function readPart<Part>(
  client: BankClient,
  { onAnswer, ...options }: ReadOptions<Part>,
  pick: (reading: AlarmsReading) => Part,
): Promise<BankReading<Part>> {
  const tell = (bank: BankReading<AlarmsReading>, isLate: boolean) => onAnswer?.(mapReading(bank, pick), isLate);
  return mapReading(await client.read('alarms', { ...options, onAnswer: tell }), pick);
}

/** What `pace-bms-analog` asks. */
export const analogQuery: Query<AnalogReading> = {
  shape: analogShape,
  read: (client, options) => client.read('analog', options),
};

/** What `pace-bms-warning` asks. */
export const warningQuery: Query<WarningReading> = {
  shape: warningShape,
  alarmsOf: ({ alarms }) => alarms,
  read: (client, options) => readPart(client, options, ({ warning }) => warning),
};

/** What `pace-bms-status` asks. */
export const statusQuery: Query<StatusReading> = {
  shape: statusShape,
  read: (client, options) => readPart(client, options, ({ status }) => status),
};
