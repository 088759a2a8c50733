import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, mock, type TestContext } from 'node:test';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { decodeIdentity, type IdentityKind } from '../../src/dialects/pace25/identity.js';
import { encodeIdentityRequest, pace25 } from '../../src/dialects/pace25/index.js';
import { openSimulatedPort, type SimulatedPortOptions } from '../../src/simulator/port.js';
import type { FrameFields } from '../../src/wire/frame.js';
import { FrameReader, request } from './bms-client.js';

const BANK = { packs: 3, cells: 16, scenario: 'solar-day' } as const;

function open(options: Partial<SimulatedPortOptions> = {}) {
  const port = openSimulatedPort({ ...BANK, answerDelayMs: 0, now: () => 0, ...options });
  return { port, reader: new FrameReader(port) };
}

const text = (info: Uint8Array) => Buffer.from(info).toString('latin1');
const NOTHING = new Uint8Array();
const packCountIn = ({ info }: FrameFields) => decodeIdentity('packCount', info).packCount;

/** `frame` with its CHKSUM or LENGTH character at `index` replaced. */
function damaged(frame: Buffer, index: number): Buffer {
  const copy = Buffer.from(frame);
  copy[index] = copy[index] === 0x30 ? 0x31 : 0x30;
  return copy;
}

describe('the simulated BMS answers', () => {
  it('all packs, one pack, or its own', async () => {
    const { port, reader } = open();
    for (const code of [0x42, 0x44]) {
      const kind = code === 0x42 ? 'analog' : 'alarms';
      const all = await reader.ask(request({ code }));
      assert.equal(all.code, 0);
      assert.equal(all.info[1], 3);
      const everyPack = pace25.decode(kind, all.info, { address: 1, pack: 'all' });
      for (const pack of [1, 2, 3]) {
        const one = await reader.ask(request({ code, info: Uint8Array.of(pack) }));
        assert.equal(one.info[1], pack);
        assert.deepEqual(pace25.decode(kind, one.info, { address: 1, pack }).slots[0], everyPack.slots[pack - 1]);
      }
      const own = await reader.ask(request({ code, info: Uint8Array.of(0) }));
      assert.equal(own.info[1], 0);
      assert.deepEqual(
        own.info.subarray(2),
        (await reader.ask(request({ code, info: Uint8Array.of(1) }))).info.subarray(2),
      );
    }
    port.destroy();
  });

  it('with its own address, whatever address was asked', async () => {
    const { port, reader } = open({ address: 5 });
    for (const address of [0, 1, 5, 255]) assert.equal((await reader.ask(request({ address }))).address, 5);
    port.destroy();
  });

  it('who and what it is', async () => {
    const { port, reader } = open();
    const ask = async (kind: IdentityKind) => (await reader.ask(encodeIdentityRequest(kind, 1))).info;
    assert.deepEqual([...(await ask('packCount'))], [3]);
    assert.equal(text(await ask('softwareVersion')), 'P16S100A-SIM-1.00   ');
    assert.equal(text(await ask('serialNumbers')), 'SIMBMS0001          SIMPACK0001         ');
    assert.deepEqual([...(await ask('clock'))], [25, 6, 21, 9, 1, 0]);
    const { slots } = pace25.decode('analog', (await reader.ask(request())).info, { address: 1, pack: 'all' });
    const own = slots[0]?.reading;
    assert.ok(own);
    const capacity = Buffer.from(await ask('capacity'));
    assert.deepEqual(
      [0, 2, 4].map((at) => capacity.readUInt16BE(at) * 10),
      [own.remainingMilliampHours, own.fullMilliampHours, own.designMilliampHours],
    );
    port.destroy();
  });

  it('with the item count and the tails it is set to', async () => {
    const { port, reader } = open({ packs: 1, tailBytes: 10, alarmTailBytes: 4, userItemCount: 9 });
    const analog = await reader.ask(request());
    assert.equal(analog.info.length, 2 + 59 + 10);
    assert.equal(analog.info[2 + 1 + 32 + 1 + 12 + 6], 9);
    assert.equal((await reader.ask(request({ code: 0x44 }))).info.length, 2 + 36 + 4);
    port.destroy();
  });

  it('from a bank that lives on between two questions', async () => {
    let now = 0;
    const { port, reader } = open({ now: () => now });
    const first = await reader.ask(request());
    assert.deepEqual((await reader.ask(request())).info, first.info);
    now += 60_000;
    assert.notDeepEqual((await reader.ask(request())).info, first.info);
    port.destroy();
  });

  it('a request however it is cut, and none that noise hides', async () => {
    const { port, reader } = open();
    for (const byte of request()) port.write(Buffer.of(byte));
    assert.equal((await reader.next()).info[1], 3);
    const noise = Buffer.from('\0\r\n~25\r~25zz\r', 'latin1');
    assert.equal((await reader.ask(Buffer.concat([noise, request(), noise]))).info[1], 3);
    port.write(Buffer.concat([request({ info: Uint8Array.of(1) }), request({ info: Uint8Array.of(2) })]));
    assert.deepEqual([(await reader.next()).info[1], (await reader.next()).info[1]], [1, 2]);
    assert.equal(reader.waiting, 0);
    port.destroy();
  });
});

describe('the simulated BMS refuses', () => {
  const cases: [string, number, Partial<FrameFields>][] = [
    ['another protocol version', 0x01, { version: 0x20 }],
    ['another kind of battery', 0xe1, { cid1: 0x4a }],
    ['an unknown command', 0x04, { code: 0x43 }],
    ['a maintenance command', 0x04, { code: 0xa4, info: NOTHING }],
    ['a read of all packs without INFO', 0x05, { info: NOTHING }],
    ['a pack count with INFO', 0x05, { code: 0x90, info: Uint8Array.of(1) }],
    ['a pack beyond the last', 0x06, { info: Uint8Array.of(4) }],
    ['a pack beyond the last, in 44', 0x06, { code: 0x44, info: Uint8Array.of(200) }],
  ];
  for (const [what, rtn, changes] of cases) {
    it(`${what} with RTN ${rtn.toString(16).padStart(2, '0')}`, async () => {
      const { port, reader } = open();
      const { version, address, cid1, code, info } = await reader.ask(request(changes));
      assert.deepEqual([version, address, cid1, code, info.length], [0x25, 1, 0x46, rtn, 0]);
      port.destroy();
    });
  }

  it('a damaged checksum with RTN 02 and a damaged LENGTH with RTN 03', async () => {
    const { port, reader } = open();
    assert.equal((await reader.ask(damaged(request(), 18))).code, 0x02);
    assert.equal((await reader.ask(damaged(request(), 9))).code, 0x03);
    assert.equal((await reader.ask(request())).code, 0x00);
    port.destroy();
  });
});

describe('on RS485, each pack', () => {
  it('answers at its own address only, as a BMS of its own', async () => {
    const { port, reader } = open({ addressing: 'addressed', address: 4, scenario: 'missing-pack' });
    const silent = [1, 3, 5, 7, 255];
    for (const address of silent) {
      port.write(request({ address }));
      port.write(damaged(request({ address }), 18));
    }
    for (const address of [4, 6]) {
      for (const pack of [address, 1, 0]) {
        const reply = await reader.ask(request({ address, info: Uint8Array.of(pack) }));
        assert.deepEqual([reply.address, reply.info[1]], [address, pack]);
        assert.ok(pace25.decode('analog', reply.info, { address, pack }).slots[0]?.reading);
      }
      assert.equal((await reader.ask(request({ address }))).info[1], 1);
      assert.equal((await reader.ask(request({ address, info: Uint8Array.of(9) }))).code, 0x06);
      assert.equal(packCountIn(await reader.ask(encodeIdentityRequest('packCount', address))), 1);
      assert.equal((await reader.ask(damaged(request({ address }), 18))).code, 0x02);
    }
    assert.equal(reader.waiting, 0);
    port.destroy();
  });
});

describe('a test can change a reaction', () => {
  it('to silence, or to any bytes', async () => {
    const seen: number[] = [];
    const { port, reader } = open({
      behaviour: ({ code }, answer) => {
        seen.push(code);
        if (code === 0x44) return null;
        return code === 0x90 ? Buffer.concat([Buffer.from('noise'), answer, answer]) : answer;
      },
    });
    port.write(request({ code: 0x44 }));
    assert.equal((await reader.ask(request())).info[1], 3);
    assert.equal(packCountIn(await reader.ask(encodeIdentityRequest('packCount', 1))), 3);
    assert.equal(packCountIn(await reader.next()), 3);
    assert.deepEqual(seen, [0x44, 0x42, 0x90]);
    port.destroy();
  });
});

describe('timing', () => {
  /** A port under a clock that moves with the mocked timers, a millisecond at a time. */
  function openWithClock(t: TestContext, options: Partial<SimulatedPortOptions>) {
    mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const { port, reader } = open({ now: () => now, ...options });
    t.after(() => {
      port.destroy();
      mock.timers.reset();
    });
    let received = 0;
    port.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    const pass = async (milliseconds: number) => {
      for (let i = 0; i < milliseconds; i++) {
        now += 1;
        mock.timers.tick(1);
      }
      await eventLoopTurn();
    };
    return {
      port,
      reader,
      pass,
      /** A timer that fires late: the clock has moved, the timers have not. */
      stall: (milliseconds: number) => {
        now += milliseconds;
      },
      received: () => received,
    };
  }

  it('answers after its delay, one request after the other', async (t) => {
    const line = openWithClock(t, { answerDelayMs: 20 });
    line.port.write(Buffer.concat([request(), request()]));
    await eventLoopTurn();
    await line.pass(19);
    assert.equal(line.reader.waiting, 0);
    await line.pass(1);
    assert.equal(line.reader.waiting, 1);
    await line.pass(20);
    assert.equal(line.reader.waiting, 2);
  });

  it('answers the first requests of a flood and loses the rest', async (t) => {
    const line = openWithClock(t, { answerDelayMs: 20 });
    line.port.write(Buffer.concat(new Array<Buffer>(50).fill(request())));
    await eventLoopTurn();
    await line.pass(20 * 50);
    assert.ok(line.reader.waiting > 1 && line.reader.waiting < 12, String(line.reader.waiting));
  });

  it('sends no faster than the line, and makes up for late timers', async (t) => {
    const line = openWithClock(t, { answerDelayMs: 20, baudRate: 9600 });
    line.port.write(request());
    await eventLoopTurn();
    const requestMs = Math.ceil((request().length * 10_000) / 9600);
    await line.pass(20 + requestMs);
    assert.equal(line.received(), 0);
    await line.pass(100);
    assert.ok(line.received() <= 96 && line.received() > 75, String(line.received()));
    line.stall(50);
    await line.pass(50);
    assert.ok(line.received() <= 192 && line.received() > 170, String(line.received()));
    await line.pass(1000);
    assert.equal(line.reader.waiting, 1);
  });

  const activeTimers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  for (const ending of ['destroy', 'end'] as const) {
    for (const [when, options] of [
      ['a reply is due', { answerDelayMs: 60_000 }],
      ['a reply is on its way', { answerDelayMs: 0, baudRate: 300, now: () => performance.now() }],
    ] as const) {
      it(`leaves no timer when ${ending}() comes while ${when}`, async () => {
        const before = activeTimers();
        const port = openSimulatedPort({ ...BANK, now: () => 0, ...options });
        port.resume();
        port.write(request());
        await eventLoopTurn();
        assert.equal(activeTimers(), before + 1);
        const closed = once(port, 'close');
        port[ending]();
        await closed;
        await eventLoopTurn();
        assert.equal(activeTimers(), before);
      });
    }
  }

  it('has no timer while nobody asks', () => {
    const before = activeTimers();
    const port = openSimulatedPort(BANK);
    assert.equal(activeTimers(), before);
    port.destroy();
  });
});
