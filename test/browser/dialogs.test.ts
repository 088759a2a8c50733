import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULTS, WITHOUT_FIELD } from '../editor/contract.js';
import { NO_BROWSER } from './kit/chromium.js';
import type { Dialog } from './kit/dialog.js';
import { editorForTests } from './kit/editor.js';
import { ALWAYS, CONNECTION_EDITS, EDITS, type Edit } from './kit/edits.js';
import { CONNECTION, flowWith, NODES, type NodeType } from './kit/flow.js';

const ANALOG = NODES['pace-bms-analog'];

/** Fields, and the topic and payload of the preview that follows from them. */
type Preview = [fields: Record<string, string>, topic: string, payload: RegExp];

const HOME = { topic: '/home/', padPacks: '2', padCells: '3' };
const PREVIEWS: Partial<Record<NodeType, Preview[]>> = {
  'pace-bms-analog': [
    [{}, 'pace/pack_1/analog', /voltage: .*cell_1:/],
    [{ ...HOME, output: 'pack' }, 'home/pack_01/analog', /voltage: .*cell_001:/],
    [{ output: 'bank' }, 'home/bank/analog', /packs: .*pack_01:.*bank: /],
    [{ output: 'value' }, 'home/pack_01/v_cells/cell_001', /payload: \d+ }$/],
    [{ topic: '' }, 'pack_01/v_cells/cell_001', /payload: \d+ }$/],
  ],
  'pace-bms-warning': [
    [{}, 'pace/pack_1/warning', /level: /],
    [{ ...HOME, output: 'bank' }, 'home/bank/warning', /packs: .*pack_01:/],
    [{ output: 'value' }, 'home/pack_01/warnings', /payload: ".*" }$/],
  ],
  'pace-bms-status': [
    [{}, 'pace/pack_1/status', /mode: .*cell_1"/],
    [{ ...HOME, output: 'bank' }, 'home/bank/status', /packs: .*pack_01:/],
    [{ output: 'value' }, 'home/pack_01/charge_fet', /payload: "?\d"? }$/],
  ],
  'pace-bms-info': [
    [{ topic: 'home' }, 'home/bank/info', /softwareVersion: /],
    [{ output: 'value' }, 'home/bms_version', /payload: ".+" }$/],
  ],
};

describe('the dialogs', { skip: NO_BROWSER }, () => {
  const theEditor = editorForTests(() => flowWith({ transport: 'simulator', simScenario: 'idle' }));

  async function make(dialog: Dialog, edits: readonly Edit[]): Promise<void> {
    for (const [property, wrong, right] of edits) {
      if (wrong !== null) {
        await dialog.set(property, wrong);
        await dialog.waitUntilMarked(property, true);
      }
      await dialog.set(property, right);
      await dialog.waitUntilMarked(property, false);
    }
  }
  async function assertSaved(id: string, reopened: Dialog, edits: readonly Edit[]): Promise<void> {
    for (const [property, , right] of edits) {
      assert.equal(await theEditor().held(id, property), right, `${property} is not saved`);
      assert.equal(await reopened.value(property), right, `${property} is not shown again`);
    }
    assert.equal(await theEditor().held(id, 'valid'), true);
  }

  it('take what a flow has as right', async () => {
    for (const id of [CONNECTION, ...Object.values(NODES)]) assert.equal(await theEditor().held(id, 'valid'), true, id);
  });

  it('preview the message that will be sent', async () => {
    const editor = theEditor();
    for (const [type, previews] of Object.entries(PREVIEWS) as [NodeType, Preview[]][]) {
      const dialog = await editor.edit(NODES[type]);
      for (const [fields, topic, payload] of previews) {
        for (const [property, value] of Object.entries(fields)) await dialog.set(property, value);
        const preview = await dialog.textOf('#pace-bms-preview');
        assert.ok(preview.startsWith(`{ topic: "${topic}", payload: `), `${preview}, not ${topic}`);
        assert.match(preview, payload);
      }
      await dialog.close('cancel');
    }
  });

  it('say when a pack counts as stale where nobody says so', async () => {
    const dialog = await theEditor().edit(ANALOG);
    for (const [interval, seconds] of [
      ['20', '60'],
      ['1', '10'],
      ['0', 'never'],
    ] as const) {
      await dialog.write('interval', interval);
      assert.equal(await dialog.field('staleAfter').getAttribute('placeholder'), seconds);
    }
    await dialog.close('cancel');
  });

  it('show what the entities of Home Assistant are called', async () => {
    const dialog = await theEditor().edit(NODES['pace-bms-homeassistant']);
    await dialog.write('topic', 'home');
    await dialog.write('padPacks', '2');
    for (const [layout, topic, nameless] of [
      ['device', 'home/pack_01/analog/state', 'PACE battery'],
      ['bmspace', 'home/pack_01/v_pack', 'Generic Lithium'],
    ] as const) {
      await dialog.choose('layout', layout);
      assert.match(await dialog.textOf('#pace-bms-hint-topic'), new RegExp(` ${topic} `));
      assert.equal(await dialog.field('deviceName').getAttribute('placeholder'), nameless);
    }
    await dialog.close('cancel');
  });

  it('start a new connection with the defaults, and want its port', async () => {
    const editor = theEditor();
    const dialog = await editor.editConnection(ANALOG, 'add');
    assert.equal(await dialog.value('baudRate'), '9600');
    assert.equal(await dialog.value('debugLevel'), '0');
    await dialog.waitUntilMarked('serialPort', true);
    await dialog.write('serialPort', '/dev/ttyUSB0');
    await dialog.waitUntilMarked('serialPort', false);
    await dialog.close();
    assert.equal(await editor.dialog.textOf('#node-input-connection option:checked'), '/dev/ttyUSB0 @ 9600');
    const id = String(await editor.dialog.value('connection'));
    assert.deepEqual([await editor.held(id, 'debugLevel'), await editor.held(id, 'valid')], ['0', true]);
    await editor.dialog.close('cancel');
  });

  for (const [type, edits] of Object.entries(EDITS) as [NodeType, Edit[]][]) {
    it(`edits ${type}`, async () => {
      const editor = theEditor();
      const properties = [...edits.map(([property]) => property), 'connection'];
      const withField = Object.keys(DEFAULTS[type] ?? {}).filter((property) => !WITHOUT_FIELD.includes(property));
      assert.deepEqual(properties.sort(), withField.sort());
      const dialog = await editor.edit(NODES[type]);
      assert.equal(await dialog.textOf('#node-input-connection option:checked'), 'simulated bank of 2');
      await make(dialog, edits);
      await dialog.close();
      const reopened = await editor.edit(NODES[type]);
      await assertSaved(NODES[type], reopened, edits);
      await reopened.close('cancel');
    });
  }

  it('edits pace-bms-connection, with the rows that its line and mode need', async () => {
    const editor = theEditor();
    const properties = [...CONNECTION_EDITS.flatMap(([, , edits]) => edits), ...ALWAYS].map(([property]) => property);
    const all = [...new Set([...properties, 'transport', 'addressing'])];
    assert.deepEqual([...all, 'dialect'].sort(), Object.keys(DEFAULTS['pace-bms-connection'] ?? {}).sort());
    let dialog = await editor.editConnection(ANALOG);
    await make(dialog, ALWAYS);
    for (const [transport, addressing, edits] of CONNECTION_EDITS) {
      await dialog.choose('transport', transport);
      await dialog.choose('addressing', addressing);
      const rows = ['transport', 'addressing', ...[...edits, ...ALWAYS].map(([property]) => property)];
      assert.deepEqual((await dialog.shown(all)).sort(), rows.sort());
      await make(dialog, edits);
      await dialog.close();
      dialog = await editor.openConnection();
      await assertSaved(CONNECTION, dialog, [
        ['transport', null, transport],
        ['addressing', null, addressing],
        ...edits,
        ...ALWAYS,
      ]);
    }
    await dialog.close('cancel');
    await editor.dialog.close('cancel');
  });

  it('have Node-RED run what they saved', async () => {
    const editor = theEditor();
    await editor.deploy();
    const flow = await editor.deployed();
    for (const [type, edits] of Object.entries(EDITS) as [NodeType, Edit[]][]) {
      const node = flow.find(({ id }) => id === NODES[type]);
      for (const [property, , right] of edits) assert.equal(node?.[property], right, `${type} ${property}`);
    }
  });
});
