import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadKind } from '../../src/dialects/dialect.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { analogShape } from '../../src/messages/analog.js';
import { pollMessages } from '../../src/messages/outgoing.js';
import type { QueryShape } from '../../src/messages/shape.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { analog } from '../battery/readings.js';
import { bench, type QueryDefinition } from '../nodes/kit/flow.js';
import { ANSWERS } from '../nodes/kit/info.js';
import { alarmReply, analogReply, EMPTY_SLOT, refusal } from '../nodes/kit/replies.js';
import { fieldCaptures, frameOf, referenceVectors } from '../support/captures.js';
import type { Message } from '../support/node-red.js';
import { byCommand } from '../support/replay-bms.js';
import { theFrame } from '../support/split.js';
import { Emissions, unnumbered } from './emissions.js';
import { membersUnder, topicsUnder } from './page.js';

const QUERIES = ['analog', 'warning', 'status'] as const;
type Query = (typeof QUERIES)[number];

const pascal = (query: string) => query[0]?.toUpperCase() + query.slice(1);
const ofPack = (query: Query) => new Emissions(membersUnder(`${pascal(query)} of a pack`));
const ofBank = (query: Query) => new Emissions(membersUnder(`${pascal(query)} of the bank`, 'bank.'));
const PACKS: Record<Query, Emissions> = {
  analog: ofPack('analog'),
  warning: ofPack('warning'),
  status: ofPack('status'),
};
const BANKS: Record<Query, Emissions> = {
  analog: ofBank('analog'),
  warning: ofBank('warning'),
  status: ofBank('status'),
};
const EVENTS = new Emissions(membersUnder('Events'));
const INFO = new Emissions(membersUnder('Info'));
const PACE = new Emissions(membersUnder('msg.pace', 'msg.pace.'));
const PARTS = new Emissions(membersUnder('msg.parts', 'msg.parts.'));
const TOPICS = topicsUnder(...[...QUERIES, 'info'].map((query) => `${pascal(query)} as single values`));
const sentTopics = new Set<string>();

function takeValue({ topic, payload }: { topic: string; payload: unknown }): void {
  const documented = unnumbered(topic).replace(/^pace\//, '<topic>/');
  const row = TOPICS.get(documented);
  assert.ok(row, `${documented} is sent, but not documented`);
  assert.equal(typeof payload, row.payload, documented);
  sentTopics.add(documented);
}

interface BankPayload {
  packs: Record<string, { online: boolean }>;
  bank: { onlineCount: number };
}

function takeBank(query: Query, { packs, bank }: BankPayload): void {
  if (bank.onlineCount > 0) BANKS[query].take(bank);
  for (const pack of Object.values(packs)) {
    if (pack.online) PACKS[query].take(pack);
    else PACKS[query].takePart(pack);
  }
}

/** What several BMS tell: each pack's is what one BMS tells. */
function takeInfo({ packs, ...bms }: { packs: Record<string, object> }): void {
  const told = Object.values(packs);
  assert.notEqual(told.length, 0);
  for (const one of [bms, ...told]) INFO.take(one);
  INFO.takePart({ packs: {} });
}

/** What a message brings beside its payload. */
function takeEnvelope({ pace, parts }: Message): void {
  PACE.take(pace);
  if (parts) PARTS.take(parts);
}

/** What the shapes make of the readings of one reply. */
function takeReading<Reading>(shape: QueryShape<Reading>, slots: readonly { pack: number; reading: Reading | null }[]) {
  const views = slots.map((slot) => {
    const isThere = slot.reading !== null;
    return { ...slot, lastSeen: isThere ? 1 : null, online: isThere, fresh: true };
  });
  const messages = (output: 'pack' | 'bank' | 'value') =>
    pollMessages(shape, views, { output, topic: 'pace', naming: { padPacks: 2, padCells: 2 } });
  for (const { payload } of messages('pack')) PACKS[shape.query].take(payload as object);
  for (const { payload } of messages('bank')) takeBank(shape.query, payload as BankPayload);
  for (const message of messages('value')) takeValue(message);
}

/** The replies of the fixtures that are one of `kind`, read. */
function* captured<Kind extends ReadKind>(kind: Kind) {
  const texts = [...fieldCaptures.map(frameOf), ...referenceVectors.flatMap(({ response }) => response ?? [])];
  for (const text of texts) {
    try {
      const { address, code, info } = theFrame(Buffer.from(`${text.trim()}\r`, 'latin1'));
      if (code !== 0 || !pace25.fits(kind, info, { address, pack: 'all' })) continue;
      yield pace25.decode(kind, info, { address, pack: 'all' }).slots;
    } catch {} // damaged on purpose
  }
}

describe('what the code makes of captured replies is on the page', () => {
  it('of measurements', () => {
    let count = 0;
    for (const slots of captured('analog')) {
      takeReading(analogShape, slots);
      count += 1;
    }
    assert.ok(count > 20, `${count} replies`);
  });

  it('of alarms and states', () => {
    let count = 0;
    for (const slots of captured('alarms')) {
      const part = <Part>(of: (reading: NonNullable<(typeof slots)[number]['reading']>) => Part) =>
        slots.map(({ pack, reading }) => ({ pack, reading: reading && of(reading) }));
      takeReading(
        warningShape,
        part(({ warning }) => warning),
      );
      takeReading(
        statusShape,
        part(({ status }) => status),
      );
      count += 1;
    }
    assert.ok(count > 5, `${count} replies`);
  });
});

describe('what the code makes of a pack that tells next to nothing is on the page', () => {
  it('of measurements', () => {
    const nothing = { cellMillivolts: [], temperatureTenths: [null], fullMilliampHours: 0, designMilliampHours: 0 };
    takeReading(analogShape, [
      { pack: 1, reading: analog(nothing) },
      { pack: 2, reading: null },
    ]);
  });

  it('of alarms and states', () => {
    takeReading(warningShape, [{ pack: 2, reading: null }]);
    takeReading(statusShape, [{ pack: 2, reading: null }]);
  });
});

const { run, load } = bench();
const OUTPUTS = ['pack', 'bank', 'value'] as const;
const NODES: QueryDefinition[] = QUERIES.flatMap((query) =>
  OUTPUTS.map((output) => ({ query, output, id: `${query}-${output}`, includeRaw: output === 'bank' })),
);

type Flow = Awaited<ReturnType<typeof load>>;

/** Takes all that the nodes of a flow send when asked. */
async function takeFlow(flow: Flow): Promise<void> {
  for (const query of QUERIES) {
    for (const output of OUTPUTS) {
      const messages = await flow.ask(`${query}-${output}`);
      assert.notEqual(messages.length, 0, `${query} ${output}`);
      messages.forEach(takeEnvelope);
      if (output === 'value') messages.forEach(takeValue);
      for (const { payload } of output === 'pack' ? messages : []) PACKS[query].take(payload);
      for (const { payload } of output === 'bank' ? messages : []) takeBank(query, payload);
    }
  }
  for (const event of flow.events('warning-pack').messages) {
    takeEnvelope(event);
    EVENTS.take(event.payload);
  }
}

describe('what the nodes send is on the page', () => {
  for (const simScenario of ['solar-day', 'full', 'low', 'alarms', 'missing-pack']) {
    it(`of a simulated bank: ${simScenario}`, async () => {
      await takeFlow(await load({ transport: 'simulator', simScenario, spacing: 0, timeout: 8000 }, ...NODES));
    });
  }

  it('of a bank with everything wrong', async () => {
    const wrong = { cells: Array(16).fill(2), temperatures: Array(6).fill(1), fault: 0xff, balance1: 5 };
    const packs = [{}, EMPTY_SLOT, { temperatures: Array(6).fill(0x8000), full: 0, design: 0, remaining: 0 }];
    const { flow } = await run(byCommand({ 42: analogReply(packs), 44: alarmReply([wrong]) }), {}, ...NODES);
    await takeFlow(flow);
  });

  it('of a bank that never answered', async () => {
    const { flow } = await run(() => null, {}, { id: 'bank', output: 'bank', staleAfter: 0.05 });
    const [message] = await flow.out('bank').has(1);
    takeEnvelope(message as Message);
    assert.deepEqual(message?.payload.packs, {});
  });

  it('of what a BMS tells about itself', async () => {
    const info = (output: string) => ({ query: 'info', id: output, output }) as const;
    const { flow } = await run(byCommand(ANSWERS), {}, info('bank'), info('value'));
    for (const message of await flow.ask('bank')) {
      takeEnvelope(message);
      INFO.take(message.payload);
    }
    for (const message of await flow.ask('value')) takeValue(message);
  });

  for (const command of ['C1', 'C2']) {
    it(`of BMS that tell nothing but what ${command} asks`, async () => {
      const silence = Object.fromEntries(Object.keys(ANSWERS).map((other) => [other, refusal(4)]));
      const answer = byCommand({ ...silence, [command]: ANSWERS[command] ?? null });
      const { flow } = await run(answer, { addressing: 'addressed', addresses: '1-2' }, { query: 'info', id: 'info' });
      for (const { payload } of await flow.ask('info')) takeInfo(payload);
    });
  }

  it('of errors', async () => {
    const { flow } = await run(byCommand({ 42: refusal(4), 44: alarmReply([{}]) }), {}, {}, { query: 'warning' });
    await flow.ask('analog');
    await flow.ask('warning', { packs: '7' });
    const errors = flow.errors.messages;
    assert.equal(errors.length, 2);
    errors.forEach(takeEnvelope);
  });
});

describe('what is on the page', () => {
  it('is sent', () => {
    const all = { ...PACKS, EVENTS, INFO, PACE, PARTS };
    for (const [what, emissions] of [...Object.entries(all), ...Object.entries(BANKS)]) {
      assert.deepEqual(emissions.missing, [], what);
      assert.deepEqual(emissions.neverNull, [], `${what}: null`);
    }
    assert.deepEqual(
      [...TOPICS.keys()].filter((topic) => !sentTopics.has(topic)),
      [],
    );
  });
});
