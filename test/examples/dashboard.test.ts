import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type FlowNode, load, withConnection, withQueries } from './example-flows.js';
import { NodeRedProcess } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';
import { SettableBattery } from './settable-battery.js';

const FILE = '02-dashboard.json';
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const OLD_AFTER = /oldAfterSeconds: \d+/;

describe('02-dashboard', { timeout: 240_000 }, () => {
  let project: ProjectCopy;
  let nodeRed: NodeRedProcess;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());
  afterEach(() => nodeRed.stop());

  it('feeds every widget of its pages', async () => {
    const flow = load(FILE);
    nodeRed = await NodeRedProcess.start(project, flow);
    const widgets = flow.filter(({ type }) => ['ui-template', 'ui-chart'].includes(type));
    const waiting = widgets.filter(({ name }) => name !== 'alarm history');
    assert.equal(waiting.length, 5);
    for (const { id, type, name } of waiting) {
      const { payload } = await nodeRed.receives(
        (received) =>
          received.id === id && received.payload !== undefined && (name !== 'alarms now' || !!received.payload.warning),
      );
      if (type === 'ui-chart') assert.ok(payload.every(({ value }: { value: unknown }) => typeof value === 'number'));
      else if (name === 'packs') assert.equal(payload.packs.length, 4);
      else assert.ok(Object.values(payload).some((part) => (part as { onlineCount?: number }).onlineCount === 4));
    }
    assert.equal((await fetch(`${nodeRed.url}dashboard`)).status, 200);
    assert.deepEqual(nodeRed.errors, []);
  });

  it('lists what alarms, and tells its history', async () => {
    nodeRed = await NodeRedProcess.start(project, withConnection(load(FILE), { simScenario: 'alarms' }));
    const { payload: history } = await nodeRed.receives(({ name }) => name === 'alarm history');
    assert.equal(history[0].state, 'raised');
    assert.ok(history[0].name && history[0].label && history[0].at);
    const { payload } = await nodeRed.receives(
      ({ name, payload }) => name === 'alarms now' && payload.warning?.active.length > 0,
    );
    assert.ok(payload.warning.active.some(({ label }: { label: string }) => label === history[0].label));
  });

  it('tells a bank that does not answer from an empty one', async () => {
    const flow = withConnection(withQueries(load(FILE), { staleAfter: 0.2 }), {
      transport: 'tcp',
      host: '127.0.0.1',
      port: 1,
    });
    nodeRed = await NodeRedProcess.start(project, flow);
    const { payload } = await nodeRed.receives(({ name, payload }) => name === 'bank' && payload?.analog);
    const { onlineCount, soc, lastSeen } = payload.analog;
    assert.deepEqual([onlineCount, soc, lastSeen], [0, null, null]);
    const chart = await nodeRed.receives(({ name, payload }) => name === 'power' && payload);
    assert.deepEqual(chart.payload, [{ series: 'Power', value: null }]);
  });

  describe('in a browser', {
    skip: existsSync(CHROMIUM) ? false : `there is no Chromium at ${CHROMIUM}`,
  }, () => {
    const troubles: string[] = [];
    let battery: SettableBattery;
    let browser: Browser;
    let page: Page;

    before(async () => {
      const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [...args, '--disable-sync', '--no-first-run'],
      });
    });
    after(() => browser.close());
    beforeEach(async () => {
      troubles.length = 0;
      battery = new SettableBattery();
      await battery.open();
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.on('pageerror', (error) => troubles.push(error.message));
    });
    afterEach(async () => {
      await page.close();
      await battery.close();
    });

    /** The example with short times and its readings from a battery of two packs. */
    function quick(staleAfter: number): FlowNode[] {
      const flow = withConnection(withQueries(load(FILE), { interval: 0.2, staleAfter }), battery.connection);
      return flow.map((node) => {
        const format = typeof node.format === 'string' ? node.format : '';
        return OLD_AFTER.test(format) ? { ...node, format: format.replace(OLD_AFTER, 'oldAfterSeconds: 2') } : node;
      });
    }

    async function show(path: string, staleAfter = 60): Promise<void> {
      nodeRed = await NodeRedProcess.start(project, quick(staleAfter));
      // the pages are there when the flow is, which is after Node-RED serves
      await nodeRed.receives(({ type }) => type === 'ui-template');
      await page.goto(`${nodeRed.url}dashboard/${path}`);
    }

    const sees = (text: string) => page.getByText(text).first().waitFor();
    const section = (name: string) => page.locator('.pace-packs section', { hasText: name });

    it('shows the bank: its charge, totals, mode and alarms', async () => {
      battery.analog = [{ current: -4, cells: [...Array(15).fill(3300), 3312] }, { current: 4 }];
      battery.alarms = [{}, { warning1: 1 }];
      await show('battery');
      for (const text of ['50 %', '0.0 A', '3.312 V, pack_1', '12 mV', '2 of 2', 'idle', 'Cell voltage high']) {
        await sees(text);
      }
      assert.deepEqual(troubles, []);
    });

    it('shows the packs: the lowest and the highest cell, and which balance', async () => {
      battery.analog = [{ cells: [3290, ...Array(14).fill(3300), 3310] }, {}];
      battery.alarms = [{ balance1: 0b101 }, { system: 0b100 }];
      await show('packs');
      await sees('balancing 2');
      const bars = section('pack_1').locator('.bars > div');
      assert.equal(await bars.count(), 16);
      assert.deepEqual(await bars.evaluateAll((all) => all.map((bar) => bar.querySelector('i')?.className)), [
        'low',
        ...Array(14).fill(''),
        'high',
      ]);
      assert.deepEqual(await section('pack_1').locator('.bars .on').allTextContents(), ['1', '3']);
      assert.deepEqual(await section('pack_2').locator('.off').allTextContents(), ['charge MOSFET off']);
      assert.deepEqual(troubles, []);
    });

    it('shows the packs on a phone: no value is broken over two lines, and cold has a minus', async () => {
      await page.setViewportSize({ width: 375, height: 800 });
      battery.analog = [
        { cells: [...Array(14).fill(3300), 3290, 3310], temperatures: [2690, 2931, 2932, 2933, 2950, 2940] },
        {},
      ];
      await show('packs');
      const ends = section('pack_1').locator('.ends span');
      await ends.first().waitFor();
      assert.deepEqual(await ends.allTextContents(), ['cell_15 3.290 V', '20 mV apart', 'cell_16 3.310 V']);
      const heights = await ends.evaluateAll((all) => all.map((span) => span.getBoundingClientRect().height));
      assert.ok(Math.max(...heights) < 26, `${heights}`);
      await sees('−4.0, 20.1, 20.2, 20.3 °C');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
      assert.deepEqual(troubles, []);
    });

    it('greys a pack that does not answer, and shows it again when it does', async () => {
      await show('packs', 0.5);
      await section('pack_2').locator('.bars').waitFor();
      battery.analog = [{}];
      await section('pack_2').filter({ hasText: 'No data since' }).waitFor();
      assert.match((await section('pack_2').getAttribute('class')) ?? '', /\bold\b/);
      assert.equal(await section('pack_2').locator('.bars').count(), 0);
      assert.doesNotMatch((await section('pack_1').getAttribute('class')) ?? '', /\bold\b/);
      battery.analog = [{}, {}];
      await section('pack_2').locator('.bars').waitFor();
      assert.deepEqual(troubles, []);
    });

    for (const [path, content] of [
      ['battery', '.pace-bank'],
      ['packs', '.pace-packs section'],
    ] as const) {
      it(`greys the page ${path} by itself when no message comes any more, and when Node-RED is gone`, async () => {
        await show(path);
        await page.locator(`${content}:not(.old)`).first().waitFor();
        await battery.close();
        await page.locator(`${content}.old`).first().waitFor();
        await sees('No data since');
        await battery.open();
        await page.locator(`${content}:not(.old)`).first().waitFor();
        await nodeRed.stop();
        await page.locator(`${content}.old`).first().waitFor();
        await sees('No data since');
        assert.deepEqual(troubles, []);
      });
    }

    it('goes by its own clock, whatever Node-RED has for one', async () => {
      await page.clock.install({ time: Date.now() + 3_600_000 });
      await show('battery');
      await page.locator('.pace-bank:not(.old)').waitFor();
      await battery.close();
      await page.locator('.pace-bank.old').waitFor();
      assert.deepEqual(troubles, []);
    });
  });
});
