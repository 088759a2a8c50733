import assert from 'node:assert/strict';
import { mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { flowOf, RunningFlow } from '../nodes/kit/flow.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { FAULTS, type FaultName } from '../support/faults.js';
import { loadFlow, statusesOf, statusOf } from '../support/node-red.js';
import { NumberedBattery } from '../support/numbered-battery.js';
import { layPtyCable, type PtyCable, ptyMissing } from '../support/pty.js';
import { assertRising, type FaultyBank, faultBench, goesOn, publishedNumbers } from './bench.js';

const TIMEOUT_MS = 250;
/** Those that a serial port may see otherwise than a socket does. */
const FAULTS_TRIED: readonly FaultName[] = ['oneByteAtATime', 'truncated', 'corrupted', 'garbageBefore', 'late'];
const { keep } = faultBench();
const folder = mkdtempSync(join(tmpdir(), 'pace-serial-line-'));
after(() => rmSync(folder, { recursive: true }));

/** A battery whose replies come through a proxy on to a serial cable. */
async function serialBank(latenessMs = 0): Promise<FaultyBank & { plugIn(link: string): Promise<PtyCable> }> {
  const battery = keep(await NumberedBattery.listen());
  const proxy = new FaultProxy(battery, { timeoutMs: TIMEOUT_MS, latenessMs: () => latenessMs });
  return {
    battery,
    proxy,
    async plugIn(link) {
      const cable = keep(await layPtyCable(join(folder, link)));
      proxy.join(cable.bms);
      return cable;
    },
  };
}

async function load(serialPort: string, changes: object = {}): Promise<RunningFlow> {
  const connection = { transport: 'serial', serialPort, timeout: TIMEOUT_MS, spacing: 0, retries: 2 };
  await loadFlow(flowOf(connection, [{ includeRaw: true, ...changes }]));
  return new RunningFlow([{}]);
}

function assertTrue({ battery, proxy }: FaultyBank, flow: RunningFlow): number[] {
  const numbers = publishedNumbers(battery, 'analog', flow.out('analog').messages);
  assertRising(numbers);
  assert.deepEqual(proxy.overlaps, []);
  return numbers;
}

describe('faults on a serial line', { skip: ptyMissing }, () => {
  it('every poll gives the exact values of a good reply', async () => {
    const bank = await serialBank(1.5 * TIMEOUT_MS);
    const { path } = await bank.plugIn('faults');
    const planned = [...FAULTS_TRIED];
    let wasFaulty = true;
    bank.proxy.plan = () => {
      wasFaulty = !wasFaulty;
      return wasFaulty ? (planned.shift() ?? null) : null;
    };
    const flow = await load(path);
    while (planned.length > 0) assert.equal((await flow.ask('analog')).length, 3);
    await flow.ask('analog');
    const numbers = assertTrue(bank, flow);
    const { passed } = bank.proxy;
    assert.deepEqual(
      passed.flatMap(({ fault }) => fault ?? []),
      FAULTS_TRIED,
    );
    const missed = passed.filter(({ reply, fault }) => fault === null && !numbers.includes(reply.number));
    assert.deepEqual(missed, []);
    const believed = passed.filter(
      ({ reply, fault }) => fault && !FAULTS[fault].arrives && numbers.includes(reply.number),
    );
    assert.deepEqual(believed, []);
  });
});

describe('a serial adapter that is pulled out', { skip: ptyMissing }, () => {
  const ways: [how: string, firstName: string, secondName: string, byId: boolean][] = [
    ['the same name', 'ttyUSB0', 'ttyUSB0', false],
    ['another name, the user’s path following', 'ttyUSB1', 'ttyUSB2', true],
    ['the same name, the user’s path following', 'ttyUSB3', 'ttyUSB3', true],
  ];
  for (const [how, firstName, secondName, byId] of ways) {
    it(`and put back under ${how}: readings resume after the first pause`, async () => {
      const bank = await serialBank();
      const cable = await bank.plugIn(firstName);
      const userPath = byId ? join(folder, `by-id-${firstName}`) : cable.path;
      if (byId) symlinkSync(cable.path, userPath);
      const flow = await load(userPath, { interval: 0.1 });
      await goesOn(flow);
      const other = firstName === secondName ? null : await bank.plugIn(secondName);
      await cable.close();
      if (byId) rmSync(userPath);
      await statusOf('analog', ({ text }) => text.includes('retry'));
      const again = other ?? (await bank.plugIn(secondName));
      if (byId) symlinkSync(again.path, userPath);
      if (other) assert.notEqual(readlinkSync(other.path), cable.device);
      await goesOn(flow);
      const pauses = statusesOf('analog').flatMap(({ text }) => /retry in (\d+) s/.exec(text)?.[1] ?? []);
      assert.deepEqual([...new Set(pauses)], ['1']);
      assert.deepEqual(
        flow.errors.messages.map(({ pace }) => pace.error.code),
        ['NOT_CONNECTED'],
      );
      assertTrue(bank, flow);
    });
  }
});
