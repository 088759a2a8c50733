import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { NO_BROWSER } from './kit/chromium.js';
import type { Dialog } from './kit/dialog.js';
import { editorForTests } from './kit/editor.js';
import { flowWith, NODES } from './kit/flow.js';
import { Words } from './kit/words.js';

const words = new Words('pace-bms-connection');
const BY_ID = '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0';
const PORTS = [
  { path: '/dev/ttyUSB0', byId: BY_ID, manufacturer: 'FTDI', usedBy: null },
  { path: '/dev/ttyUSB1', byId: null, manufacturer: 'Prolific', usedBy: 'Shed' },
  { path: '/dev/ttyS0', byId: null, manufacturer: null, usedBy: null },
];
const LIST = '.pace-bms-ports';

describe('the search for a serial port', { skip: NO_BROWSER }, () => {
  const theEditor = editorForTests(() => flowWith({ transport: 'serial', serialPort: '' }, ['pace-bms-analog']));
  let dialog: Dialog;
  before(async () => {
    dialog = await theEditor().editConnection(NODES['pace-bms-analog']);
  });

  /** Lets the computer have `ports`, or the answer fail with a status. */
  async function computerHas(answer: typeof PORTS | number): Promise<void> {
    const { page } = theEditor();
    await page.unroute('**/pace-bms/ports');
    await page.route('**/pace-bms/ports', (route) =>
      typeof answer === 'number' ? route.fulfill({ status: answer }) : route.fulfill({ json: answer }),
    );
  }
  const search = () => dialog.tray.locator('#pace-bms-search').click();
  const note = () => dialog.tray.locator('#pace-bms-search-note');
  const waitForNote = (key: string) =>
    note()
      .filter({ hasText: words.text(key) })
      .waitFor();
  const port = () => dialog.field('serialPort').inputValue();
  const list = () => theEditor().page.locator(LIST);

  it('asks Node-RED which ports there are', async () => {
    const answering = theEditor().page.waitForResponse('**/pace-bms/ports');
    await search();
    const answer = await answering;
    if (answer.ok()) {
      const ports: unknown[] = await answer.json();
      if (ports.length === 0) await waitForNote('search.none');
      else await list().waitFor();
      assert.equal(await list().locator('li').count(), ports.length);
    } else {
      // A small container has nothing to list ports with.
      await waitForNote('search.failed');
      assert.deepEqual(theEditor().troubles.take(), ['GET pace-bms/ports: 500']);
    }
    await dialog.field('serialPort').press('Escape');
    await list().waitFor({ state: 'hidden' });
  });

  it('shows path, maker, lasting name and who has a port, and takes the lasting name', async () => {
    await computerHas(PORTS);
    await search();
    await list().waitFor();
    assert.deepEqual(
      (await list().locator('li').allInnerTexts()).map((text) => text.split('\n')),
      [
        ['/dev/ttyUSB0 · FTDI', BY_ID],
        [`/dev/ttyUSB1 · Prolific · ${words.text('search.usedBy', { connection: 'Shed' })}`],
        ['/dev/ttyS0'],
      ],
    );
    assert.equal(await note().innerText(), '');
    await list().locator('li').first().click();
    assert.equal(await port(), BY_ID);
    await dialog.waitUntilMarked('serialPort', false);
  });

  it('is done with the keyboard alone', async () => {
    const { keyboard } = theEditor().page;
    await dialog.write('serialPort', '');
    await dialog.waitUntilMarked('serialPort', true);
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await list().waitFor();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await keyboard.press(key);
    await list().waitFor({ state: 'hidden' });
    assert.equal(await port(), '/dev/ttyS0');
    await dialog.waitUntilMarked('serialPort', false);
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await list().waitFor();
    await keyboard.press('Escape');
    await list().waitFor({ state: 'hidden' });
    assert.equal(await port(), '/dev/ttyS0');
    assert.equal(await dialog.isOpen(), true);
  });

  it('leaves any other path to be typed', async () => {
    await dialog.field('serialPort').fill('');
    await dialog.field('serialPort').pressSequentially('/dev/ttyUSB');
    assert.equal(await list().isVisible(), false);
    assert.equal(await port(), '/dev/ttyUSB');
    await dialog.waitUntilMarked('serialPort', false);
  });

  for (const [what, answer, key, trouble] of [
    ['there is no port', [], 'search.none', []],
    ['one may not search', 401, 'search.forbidden', ['GET pace-bms/ports: 401']],
    ['the search fails', 500, 'search.failed', ['GET pace-bms/ports: 500']],
  ] as const) {
    it(`says that ${what}`, async () => {
      await computerHas(typeof answer === 'number' ? answer : []);
      await search();
      await waitForNote(key);
      assert.equal(await list().isVisible(), false);
      assert.deepEqual(theEditor().troubles.take(), trouble);
    });
  }
});
