import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeOf } from '../support/node-red.js';
import { bench, CONNECTION } from './kit/flow.js';
import { alarmReply, analogReply } from './kit/replies.js';

const { run } = bench();

/** What the connection node has logged. */
function logged(): string[] {
  const { args, thisValues } = nodeOf(CONNECTION).log as unknown as { args: [string][]; thisValues: { id: string }[] };
  return args.filter((_, i) => thisValues[i]?.id === CONNECTION).map(([text]) => text);
}

describe('debugLevel', () => {
  const GOOD = analogReply([{}]);
  const SENT = '~25014642E002FFFD05';
  const levels: [level: unknown, rejected: boolean, exchanges: boolean, frames: boolean][] = [
    [0, false, false, false],
    ['1', true, false, false],
    [2, true, true, false],
    ['3', true, true, true],
  ];
  for (const [debugLevel, rejected, exchanges, frames] of levels) {
    it(JSON.stringify(debugLevel), async () => {
      const answer = () => [alarmReply([{}]), `${GOOD.slice(0, -5)}0000\r`, GOOD];
      const { flow } = await run(answer, { debugLevel }, {});
      await flow.ask('analog');
      const lines = logged();
      assert.ok(lines.some((line) => /open/.test(line)));
      assert.equal(
        lines.some((line) => /checksum/i.test(line)),
        rejected,
      );
      assert.equal(
        lines.some((line) => /answered/.test(line)),
        exchanges,
      );
      assert.equal(
        lines.some((line) => line.includes(SENT)),
        frames,
      );
      assert.equal(
        lines.some((line) => line.includes(GOOD.slice(0, -1))),
        frames,
      );
    });
  }
});
