import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { encodeReply } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { encodeFrame } from '../../src/wire/frame.js';
import { analogReply, answering, ask, Bench, packOf, pass } from './bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const frame = (fields: { version?: number; cid1?: number; code?: number; address?: number; info?: Buffer }) =>
  encodeFrame({ version: 0x25, address: 1, cid1: 0x46, code: 0, info: new Uint8Array(), ...fields }).toString('latin1');
const DAMAGED = /^damaged reply from address 1 \(.+\): check the cable, the ground and the baud rate$/;
const requestOf = (address: number) => pace25.encodeRead('analog', { address, pack: address }).toString('latin1');

describe('pacing', () => {
  it('has one request in flight at any time', async () => {
    const line = await bench.line();
    let inFlight = 0;
    let most = 0;
    bench.farEnd = (request, say) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
      }, 349);
      answering(request, (text) => say(text, 350), 0);
    };
    const reads = [1, 2, 3, 4, 5].map((address) => ask(line, address));
    await pass(5 * 400);
    assert.deepEqual(
      reads.map(({ done }) => done),
      [true, true, true, true, true],
    );
    assert.equal(most, 1);
  });

  for (const spacingMs of [0, 50, 200, 3000]) {
    it(`keeps ${spacingMs} ms between the starts of two requests where replies are quick`, async () => {
      const line = await bench.line({ spacingMs });
      bench.farEnd = (request, say) => answering(request, (text) => say(text, 5), 0);
      for (const address of [1, 2, 3]) ask(line, address);
      await pass(3 * (spacingMs + 100));
      const [first = 0, second = 0, third = 0] = bench.times;
      assert.deepEqual([second - first, third - second], Array(2).fill(Math.max(spacingMs, 5 + 10)));
    });
  }

  it('keeps 10 ms of quiet after a reply that took longer than the spacing', async () => {
    const line = await bench.line();
    bench.farEnd = (request, say) => answering(request, (text) => say(text, 400), 0);
    for (const address of [1, 2, 3]) ask(line, address);
    await pass(2000);
    const [first = 0, second = 0, third = 0] = bench.times;
    assert.deepEqual([second - first, third - second], [410, 410]);
  });

  it('keeps 10 ms of quiet after the last byte, whatever it was', async () => {
    const line = await bench.line();
    bench.farEnd = (_request, say, count) => {
      if (count > 1) return;
      say(analogReply(1), 400);
      say('\0', 405);
    };
    ask(line, 1);
    ask(line, 2);
    await pass(600);
    const [first = 0, second = 0] = bench.times;
    assert.equal(second - first, 415);
  });

  it('waits 10 ms after the line has opened', async () => {
    const line = await bench.line();
    ask(line, 1);
    assert.deepEqual(bench.times, []);
    await pass(10);
    assert.deepEqual(bench.times, [10]);
  });
});

describe('waiting for a reply', () => {
  it('takes a reply in single bytes, each just before the timeout', async () => {
    const line = await bench.line({ timeoutMs: 60 });
    bench.farEnd = (_request, say) => {
      for (const [i, character] of [...analogReply(1)].entries()) say(character, 55 * (i + 1));
    };
    const read = ask(line, 1);
    await pass(4300);
    assert.equal(read.done, true);
    assert.equal(read.error, undefined);
    assert.equal(bench.asked.length, 1);
  });

  it('ends after the timeout where nothing comes', async () => {
    const line = await bench.line({ timeoutMs: 700, retries: 0 });
    const read = ask(line, 1);
    await pass(10 + 699);
    assert.equal(read.done, false);
    await pass(1);
    assert.equal(read.error?.code, 'TIMEOUT');
    assert.match(
      read.error?.message ?? '',
      /no answer from address 1: check the cable, the DIP address and the baud rate/,
    );
  });

  it('is not prolonged by noise, which the error names', async () => {
    const line = await bench.line({ timeoutMs: 700, retries: 0 });
    bench.farEnd = (_request, say) => {
      for (let after = 50; after < 2000; after += 50) say('\0\xff', after);
    };
    const read = ask(line, 1);
    await pass(10 + 700);
    assert.equal(read.error?.code, 'TIMEOUT');
    assert.match(read.error?.message ?? '', /noise/);
  });

  const strays: [what: string, said: string | ((request: string) => string), tells: RegExp][] = [
    ['up to two stray bytes are no noise', '\r\n', /^no answer from address 1: check the cable/],
    ['three are, and are counted', '\0\0\0', /^no answer from address 1, but 3 bytes of noise: check the baud rate/],
    ['an echo is named before noise', (request) => `\0\0\0\0${request}`, /the request itself came back \(an echoing/],
    [
      'replies with a command code are what a module sends by itself',
      () => frame({ code: 0x42, info: Buffer.from('00010203', 'hex') }),
      /only replies that nobody asked for came \(a network module/,
    ],
    ['half a reply', analogReply(1).slice(0, 40), /^no complete answer from address 1: the reply broke off$/],
  ];
  for (const [what, said, tells] of strays) {
    it(`its error names what came: ${what}`, async () => {
      const line = await bench.line({ retries: 0 });
      bench.farEnd = (request, say) => say(typeof said === 'string' ? said : said(request));
      const read = ask(line, 1);
      await pass(1200);
      assert.equal(read.error?.code, 'TIMEOUT');
      assert.match(read.error?.message ?? '', tells);
    });
  }

  it('ends at the timeout and the time of the longest frame, even if a frame never ends', async () => {
    const line = await bench.line({ timeoutMs: 1000, retries: 0 });
    bench.farEnd = (_request, say) => {
      say('~250146004FFE', 0);
      for (let after = 100; after < 20_000; after += 100) say('0', after);
    };
    const read = ask(line, 1);
    await pass(10 + 1000 + 4284); // 4113 characters of 10 bits at 9600 baud: 4284.4 ms
    assert.equal(read.done, false);
    await pass(2);
    assert.equal(read.error?.code, 'TIMEOUT');
    assert.match(read.error?.message ?? '', /broke off/);
  });

  it('drops an echo of the request and takes the reply behind it', async () => {
    const line = await bench.line();
    bench.farEnd = (request, say) => {
      say(request, 2);
      say(analogReply(1), 30);
    };
    const read = ask(line, 1);
    await pass(100);
    assert.equal(read.error, undefined);
    assert.equal(read.done, true);
  });

  it('drops requests of another master and names them if nothing else comes', async () => {
    const line = await bench.line({ retries: 0 });
    bench.farEnd = (_request, say) => say(requestOf(9), 5);
    const read = ask(line, 1);
    await pass(1100);
    assert.equal(read.error?.code, 'TIMEOUT');
    assert.match(read.error?.message ?? '', /another master/);
  });

  it('tells of a foreign protocol, after the retries', async () => {
    const line = await bench.line({ retries: 1 });
    bench.farEnd = (_request, say) => say(frame({ version: 0x20 }));
    const read = ask(line, 1);
    await pass(4000);
    assert.equal(read.error?.code, 'UNSUPPORTED');
    assert.equal(bench.asked.length, 2);
  });

  it('a rejected frame may be followed by the good one for 500 ms', async () => {
    const line = await bench.line();
    bench.farEnd = (_request, say) => {
      say(analogReply(1).replace('25', '26'), 20);
      say(analogReply(1), 20 + 499);
    };
    const read = ask(line, 1);
    await pass(600);
    assert.equal(read.error, undefined);
    assert.equal(read.done, true);
    assert.equal(bench.asked.length, 1);
  });

  const rejected: { name: string; reply: string; code: string; tells: RegExp }[] = [
    {
      name: 'a checksum that does not hold',
      reply: analogReply(1).replace('25', '26'),
      code: 'CHECKSUM',
      tells: DAMAGED,
    },
    { name: 'a frame cut short', reply: `${analogReply(1).slice(0, 30)}\r`, code: 'FRAME', tells: DAMAGED },
    {
      name: 'a reply of another command',
      reply: '~25014600E00205FD32\r',
      code: 'SHAPE',
      tells: /^unusable reply from address 1: its 1 bytes are no answer to this request; .*report/,
    },
    {
      name: 'the reply of another pack',
      reply: analogReply(2),
      code: 'SHAPE',
      tells: /^unusable reply from address 1: pack 1 was asked, but pack 2 answered: check the DIP/,
    },
    {
      name: 'another kind of battery',
      reply: frame({ cid1: 0x4a }),
      code: 'UNSUPPORTED',
      tells: /^unusable reply from address 1: the device speaks .*CID1 4A/,
    },
  ];
  for (const { name, reply, code, tells } of rejected) {
    it(`${name} fails with ${code} after the retries, not with TIMEOUT`, async () => {
      const line = await bench.line({ retries: 2 });
      bench.farEnd = (_request, say) => say(reply);
      const read = ask(line, 1);
      await pass(6000);
      assert.equal(read.error?.code, code);
      assert.match(read.error?.message ?? '', tells);
      assert.equal(bench.asked.length, 3);
    });
  }

  it('a refusal ends the request at once, without a retry', async () => {
    const line = await bench.line();
    bench.farEnd = (_request, say) => say(encodeReply(1, new Uint8Array(), 4).toString('latin1'));
    const read = ask(line, 1);
    await pass(100);
    assert.equal(read.error?.code, 'REFUSED');
    await pass(5000);
    assert.equal(bench.asked.length, 1);
  });

  it('the reply of a pack of which nobody knows is taken: the address may differ', async () => {
    const line = await bench.line();
    bench.farEnd = (_request, say) => say(analogReply(0, packOf(3300), 9));
    const read = ask(line, 1);
    await pass(100);
    assert.equal(read.error, undefined);
    assert.equal(read.done, true);
  });
});

describe('two replies in one piece', () => {
  it('the second is not taken for the answer to the request that follows', async () => {
    const line = await bench.line();
    bench.farEnd = (_request, say, count) => {
      if (count === 1) say(analogReply(0, packOf(3300), 9).repeat(2), 300);
      else say(analogReply(0, packOf(3400), 9), 50);
    };
    const first = ask(line, 1);
    const second = ask(line, 2);
    await pass(700);
    assert.equal(first.done && second.done, true);
    assert.equal(bench.asked.length, 2);
    assert.equal(Buffer.from(second.value?.info ?? []).readUInt16BE(3), 3400);
  });
});
