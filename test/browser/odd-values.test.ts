import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_BROWSER } from './kit/chromium.js';
import { editorForTests } from './kit/editor.js';
import { CONNECTION, flowWith, NODES } from './kit/flow.js';

const ANALOG = NODES['pace-bms-analog'];
/** What a flow may hold, and no list offers. */
const OF_NODES: Record<string, Record<string, string>> = {
  [ANALOG]: { output: `\${OUTPUT}` },
  [NODES['pace-bms-info']]: { output: 'nonsense' },
  [NODES['pace-bms-homeassistant']]: { layout: `\${LAYOUT}` },
  [NODES['pace-bms-limits']]: { onStale: `\${STALE}` },
  [CONNECTION]: { addressing: `\${MODE}`, debugLevel: `\${LEVEL}`, simScenario: `\${SCENARIO}` },
};

describe('a flow that holds what no list offers', { skip: NO_BROWSER }, () => {
  const theEditor = editorForTests(() =>
    flowWith({ transport: 'simulator' }).map((node) => ({ ...node, ...OF_NODES[(node as { id: string }).id] })),
  );

  for (const [id, properties] of Object.entries(OF_NODES).filter(([node]) => node !== CONNECTION)) {
    it(`is shown, and kept, in the dialog of ${id}`, async () => {
      const editor = theEditor();
      const dialog = await editor.edit(id);
      for (const [property, value] of Object.entries(properties)) assert.equal(await dialog.value(property), value);
      await dialog.write('topic', 'home');
      assert.doesNotMatch(await dialog.tray.innerText(), /undefined|null|pace-bms-\w+\./);
      await dialog.close();
      for (const [property, value] of Object.entries(properties)) assert.equal(await editor.held(id, property), value);
    });
  }

  it('is shown, and kept, in the dialog of the connection, with all rows that may count', async () => {
    const editor = theEditor();
    const dialog = await editor.editConnection(NODES['pace-bms-status']);
    const properties = OF_NODES[CONNECTION] ?? {};
    for (const [property, value] of Object.entries(properties)) assert.equal(await dialog.value(property), value);
    assert.deepEqual(await dialog.shown(['address', 'addresses', 'host']), ['address', 'addresses']);
    assert.doesNotMatch(await dialog.tray.innerText(), /undefined|null|pace-bms-\w+\./);
    await dialog.write('timeout', '900');
    await dialog.close();
    for (const [property, value] of Object.entries(properties)) {
      assert.equal(await editor.held(CONNECTION, property), value);
    }
    await editor.dialog.close('cancel');
  });
});

describe('without a mouse or keys', { skip: NO_BROWSER }, () => {
  const theEditor = editorForTests(() =>
    flowWith({ transport: 'simulator', simScenario: 'idle' }, ['pace-bms-analog']),
  );

  it('the preview follows what is pasted or dropped', async () => {
    const dialog = await theEditor().edit(ANALOG);
    await dialog.field('topic').selectText();
    await dialog.page.evaluate(`document.execCommand('insertText', false, 'dropped')`);
    assert.match(await dialog.textOf('#pace-bms-preview'), /topic: "dropped\/pack_1\/analog"/);
    await dialog.close('cancel');
  });

  it('the button that tries a line is called by its words, and keeps the focus', async () => {
    const editor = theEditor();
    const dialog = await editor.editConnection(ANALOG);
    const button = dialog.tray.getByRole('button', { name: 'Try it', exact: true });
    await button.focus();
    await editor.page.keyboard.press('Enter');
    assert.match(await dialog.endOfTrial(), /Packs that answered: 2/);
    assert.equal(await editor.page.evaluate('document.activeElement.id'), 'pace-bms-try');
    await dialog.close('cancel');
    await editor.dialog.close('cancel');
  });
});

describe('a node that is named with HTML', { skip: NO_BROWSER }, () => {
  const name = '<img src="x" onerror="window.stung = true">';
  const theEditor = editorForTests(() =>
    flowWith({ transport: 'simulator', simScenario: 'idle' }, ['pace-bms-analog']).map((node) =>
      'interval' in node ? { ...node, name } : node,
    ),
  );

  it('has it taken as text where its button tells that it reads', async () => {
    const editor = theEditor();
    await editor.waitForStatus(ANALOG, /waiting/);
    await editor.press(ANALOG);
    assert.equal(await editor.notification(), `${name} reads now`);
    assert.equal(await editor.page.evaluate('window.stung'), undefined);
  });
});
