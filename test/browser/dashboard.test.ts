import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { NO_BROWSER } from './kit/chromium.js';
import { editorForTests } from './kit/editor.js';
import { HOST, type ServedBank, serveStill } from './kit/simulated-bank.js';

const EXAMPLE = join(__dirname, '..', '..', 'examples', '02-dashboard.json');
const PACKS = 3;
/** When some cells are too high and others balance. */
const SECONDS = 5;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const volts = (millivolts: number, digits: number) => `${(millivolts / 1000).toFixed(digits)} V`;
const textsOf = async (places: Locator) =>
  (await places.allInnerTexts()).map((text) => text.trim().replace(/\s+/g, ' '));

describe('the dashboard', { skip: NO_BROWSER }, () => {
  let served: ServedBank;
  before(async () => {
    served = await serveStill({ packs: PACKS, cells: 16, scenario: 'alarms' }, SECONDS);
  });
  after(() => served?.close());
  const theEditor = editorForTests(
    () =>
      (JSON.parse(readFileSync(EXAMPLE, 'utf8')) as { type: string }[]).map((node) =>
        node.type === 'pace-bms-connection' ? { ...node, transport: 'tcp', host: HOST, port: served.port } : node,
      ),
    {},
    ['@flowfuse/node-red-dashboard'],
  );
  const open = async (path: string) => {
    const page = await theEditor().newPage();
    await page.clock.install();
    await page.goto(`${theEditor().url}dashboard/${path}`);
    await page
      .getByText(/^\d+ %$/)
      .first()
      .waitFor();
    return page;
  };

  it('shows the bank as it is', async () => {
    const page = await open('battery');
    const packs = served.bank.analogRecords();
    const cells = packs.flatMap(({ cellMillivolts }) => cellMillivolts);
    const remaining = sum(packs.map(({ remainingMilliampHours }) => remainingMilliampHours));
    const full = sum(packs.map(({ fullMilliampHours }) => fullMilliampHours));
    const facts = page.locator('.pace-bank dl > div');
    const shown = Object.fromEntries(
      await Promise.all((await facts.all()).map((fact) => textsOf(fact.locator('dt, dd')))),
    );
    assert.equal(shown.Voltage, volts(sum(packs.map(({ packMillivolts }) => packMillivolts)) / PACKS, 2));
    assert.equal(shown.Current, `${(sum(packs.map(({ currentMilliamps }) => currentMilliamps)) / 1000).toFixed(1)} A`);
    assert.equal(shown.Remaining, `${(remaining / 1000).toFixed(1)} Ah`);
    assert.equal(shown['Cells apart by'], `${Math.max(...cells) - Math.min(...cells)} mV`);
    assert.ok(shown['Highest cell']?.startsWith(`${volts(Math.max(...cells), 3)}, `), shown['Highest cell']);
    assert.equal(shown['Packs online'], `${PACKS} of ${PACKS}`);
    assert.equal(await page.locator('.pace-bank svg').textContent(), `${Math.round((100 * remaining) / full)} %`);
    const alarms = await textsOf(page.locator('.pace-alarms .alarm'));
    const states = served.bank.alarmRecords().map(({ cellStates }) => cellStates);
    const cellsTooHigh = states.flatMap((ofPack, pack) =>
      ofPack.flatMap((state, cell) =>
        state === 'high' ? [`pack_${pack + 1} cell_${cell + 1} above limit warning`] : [],
      ),
    );
    assert.notEqual(cellsTooHigh.length, 0);
    assert.deepEqual(
      alarms.filter((alarm) => alarm.includes('cell_')),
      cellsTooHigh,
    );
    const history = await textsOf(page.locator('.pace-history li'));
    assert.equal(history.length, alarms.length);
    for (const event of history) assert.match(event, /^pack_\d .* raised · warning · /);
  });

  it('shows the cells of every pack, and which of them balance', async () => {
    const page = await open('packs');
    const sections = await page.locator('.pace-packs section').all();
    const [packs, alarms] = [served.bank.analogRecords(), served.bank.alarmRecords()];
    assert.equal(sections.length, PACKS);
    for (const [index, section] of sections.entries()) {
      const bars = section.locator('.bars > div');
      const titles = await bars.evaluateAll((elements) => elements.map((element) => element.getAttribute('title')));
      const { cellMillivolts = [], packMillivolts = 0 } = packs[index] ?? {};
      assert.deepEqual(
        titles,
        cellMillivolts.map((voltage, cell) => `cell_${cell + 1}: ${volts(voltage, 3)}`),
      );
      assert.equal(await section.locator('.line > span').first().innerText(), volts(packMillivolts, 2));
      assert.deepEqual((await textsOf(bars.locator('em.on'))).map(Number), alarms[index]?.balancingCells);
      assert.equal(await bars.locator('i.high, i.low').count(), 2);
    }
  });

  it('says that readings are old', async () => {
    const page = await open('battery');
    await served.close();
    await page.clock.fastForward(60_000);
    await page.locator('.pace-bank .trouble', { hasText: 'No data since' }).waitFor();
  });
});
