import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NO_BROWSER } from './kit/chromium.js';
import { editorForTests } from './kit/editor.js';
import { HOST, type ServedBank, serveBank } from './kit/simulated-bank.js';

describe('an owner with a new adapter', { skip: NO_BROWSER }, () => {
  let served: ServedBank;
  before(async () => {
    served = await serveBank();
  });
  after(() => served?.close());
  const theEditor = editorForTests(() => [{ id: 'f100000000000001', type: 'tab', label: 'Battery' }]);

  it('gets from the palette to live data', async () => {
    const editor = theEditor();
    const analog = await editor.dragIn('pace-bms-analog', { x: 200, y: 120 });
    const debug = await editor.dragIn('debug', { x: 500, y: 120 });
    await editor.wire(analog, debug);

    const connection = await editor.editConnection(analog, 'add');
    await connection.choose('transport', 'tcp');
    await connection.write('host', HOST);
    await connection.write('port', String(served.port));
    const found = await connection.tryIt();
    const packs = served.bank.analogRecords();
    assert.deepEqual(
      (await connection.packsFound()).map(([pack, cells, voltage, , charge]) => [pack, cells, voltage, charge]),
      packs.map(({ cellMillivolts, packMillivolts, remainingMilliampHours, fullMilliampHours }, index) => [
        String(index + 1),
        String(cellMillivolts.length),
        `${(packMillivolts / 1000).toFixed(2)} V`,
        `${Math.round((100 * remainingMilliampHours) / fullMilliampHours)} %`,
      ]),
    );
    assert.match(found, /Packs that answered: 2, with 5\d\.\d\d V and \d\d %/);
    assert.match(found, /The answer took \d+ ms\./);
    assert.match(found, /Serial number of the BMS: SIMBMS0001/);

    await connection.close();
    // Seldom enough that no reading but those asked for comes in the course of the test.
    await editor.dialog.write('interval', '3600');
    await editor.dialog.close();
    await editor.showDebug();
    await editor.deploy();
    const { fill, text } = await editor.waitForStatus(analog, /%/);
    assert.match(text, /^\d\d % · 5\d\.\d\d V · .*A$/);
    assert.equal(fill, 'green');
    const readings = ['pace/pack_1/analog', 'pace/pack_2/analog'].map((topic) => `${topic} : msg.payload : Object`);
    assert.deepEqual(await editor.debugMessages(2), readings);

    await editor.press(analog);
    assert.equal(await editor.notification(), 'pace analog reads now');
    assert.deepEqual(await editor.debugMessages(4), [...readings, ...readings]);
  });
});
