import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULTS } from '../editor/contract.js';
import { NO_BROWSER } from './kit/chromium.js';
import { Curve } from './kit/curve.js';
import { editorForTests } from './kit/editor.js';
import { flowWith, NODES } from './kit/flow.js';
import { Words } from './kit/words.js';

const LIMITS = NODES['pace-bms-limits'];
const USUAL = DEFAULTS['pace-bms-limits']?.curves as Record<string, number[][]>;
const WORDS = new Words('pace-bms-limits');
const asTexts = (rows: number[][] = []) => rows.map((row) => row.map(String));

describe('the curves in the dialog of the limits', { skip: NO_BROWSER }, () => {
  const theEditor = editorForTests(() => flowWith({ transport: 'simulator' }, ['pace-bms-limits']));
  const held = () => theEditor().held<Record<string, unknown[][]>>(LIMITS, 'curves');

  it('are all there with their usual rows, and Done without a change changes nothing', async () => {
    const editor = theEditor();
    const dialog = await editor.edit(LIMITS);
    for (const [name, rows] of Object.entries(USUAL)) {
      const curve = new Curve(dialog, name);
      assert.equal(await curve.isOpen(), false);
      await curve.open();
      assert.deepEqual(await curve.rows(), asTexts(rows), name);
      assert.deepEqual(await curve.marked(), []);
    }
    assert.equal(await new Curve(dialog, 'byMosfetTemperature').plot(), '70 °C: 100 %, 80 °C: 25 %, 90 °C: 0 %');
    await dialog.close();
    assert.deepEqual(await held(), USUAL);
    assert.notEqual(await editor.held(LIMITS, 'changed'), true);
  });

  it('get a row with the keyboard, and the plot follows', async () => {
    const editor = theEditor();
    const dialog = await editor.edit(LIMITS);
    const curve = new Curve(dialog, 'chargeByTemperature');
    await curve.open();
    const [before, wordsBefore] = [await curve.lines(), await curve.plot()];
    await curve.button('add').focus();
    await dialog.page.keyboard.press('Enter');
    await dialog.page.keyboard.type('-5.5');
    await dialog.page.keyboard.press('Tab');
    await dialog.page.keyboard.type('0.25');
    assert.deepEqual(await curve.marked(), []);
    assert.equal(await curve.plot(), `-5.5 °C: 0.25 %, ${wordsBefore}`);
    for (const [index, line] of (await curve.lines()).entries()) assert.notEqual(line, before[index]);
    await dialog.close();
    assert.deepEqual((await held()).chargeByTemperature, [[-5.5, 0.25], ...(USUAL.chargeByTemperature ?? [])]);
    const reopened = await editor.edit(LIMITS);
    assert.deepEqual((await new Curve(reopened, 'chargeByTemperature').rows())[0], ['-5.5', '0.25']);
    await reopened.close('cancel');
  });

  it('lose a row with the keyboard, which then is on the next', async () => {
    const editor = theEditor();
    const dialog = await editor.edit(LIMITS);
    const curve = new Curve(dialog, 'byMosfetTemperature');
    await curve.open();
    await curve.remover(1).focus();
    await dialog.page.keyboard.press('Space');
    assert.deepEqual(await curve.rows(), [
      ['70', '100'],
      ['90', '0'],
    ]);
    assert.equal(await curve.plot(), '70 °C: 100 %, 90 °C: 0 %');
    assert.ok(await curve.remover(1).evaluate((button) => button === button.ownerDocument.activeElement));
    await dialog.close();
    assert.deepEqual((await held()).byMosfetTemperature, [
      [70, 100],
      [90, 0],
    ]);
  });

  it('mark what is wrong in a row, and say what', async () => {
    const dialog = await theEditor().edit(LIMITS);
    const curve = new Curve(dialog, 'chargeByCell');
    await curve.open();
    for (const [column, text, fault, marked] of [
      [0, 'x', 'number', ['x']],
      [0, '', 'number', ['']],
      [0, '3.40', 'twice', ['3.40', '3.4']],
      [1, '101', 'share', ['101']],
      [1, '', 'share', ['']],
    ] as const) {
      const field = curve.field(0, column);
      const right = await field.inputValue();
      await field.fill(text);
      assert.deepEqual(await curve.marked(), marked);
      assert.equal(await curve.fault(), WORDS.text(`fault.${fault}`));
      await field.fill(right);
      assert.deepEqual([await curve.marked(), await curve.fault()], [[], '']);
    }
    for (let rows = 5; rows > 1; rows -= 1) await curve.remover(0).click();
    assert.deepEqual([await curve.marked(), await curve.fault()], [['3.5'], WORDS.text('fault.lonely')]);
    await dialog.close('cancel');
    assert.deepEqual((await held()).chargeByCell, USUAL.chargeByCell);
  });

  it('take a variable in a field, and leave its row out of the plot', async () => {
    const editor = theEditor();
    const dialog = await editor.edit(LIMITS);
    const curve = new Curve(dialog, 'dischargeByCell');
    await curve.open();
    await curve.field(0, 0).fill(`\${LOWEST}`);
    assert.deepEqual([await curve.marked(), await curve.fault()], [[], '']);
    assert.match(await curve.plot(), /^2\.9 V: 0\.5 %, 3 V: 5 %/);
    await dialog.close();
    assert.deepEqual((await held()).dischargeByCell?.[0], [`\${LOWEST}`, 0]);
    assert.equal(await editor.held(LIMITS, 'valid'), true);
  });

  it('make the node wrong, show that when they are opened again, and get their usual values back', async () => {
    const editor = theEditor();
    const dialog = await editor.edit(LIMITS);
    const curve = new Curve(dialog, 'dischargeByCell');
    await curve.open();
    await curve.field(4, 1).fill('5 A');
    await dialog.close();
    assert.equal(await editor.held(LIMITS, 'valid'), false);
    const reopened = await editor.edit(LIMITS);
    const wrong = new Curve(reopened, 'dischargeByCell');
    assert.deepEqual([await wrong.isOpen(), await wrong.marked()], [true, ['5 A']]);
    await wrong.button('usual').click();
    assert.deepEqual([await wrong.marked(), await wrong.rows()], [[], asTexts(USUAL.dischargeByCell)]);
    await reopened.close();
    assert.equal(await editor.held(LIMITS, 'valid'), true);
    assert.deepEqual((await held()).dischargeByCell, USUAL.dischargeByCell);
  });

  it('are switched on and off', async () => {
    const editor = theEditor();
    const dialog = await editor.edit(LIMITS);
    const [bySoc, byTemperature] = [new Curve(dialog, 'bySoc'), new Curve(dialog, 'dischargeByTemperature')];
    assert.equal(await bySoc.plot(), 'off; off');
    await bySoc.open();
    await bySoc.button('usual').click();
    assert.equal((await bySoc.plot()).split(';')[1]?.trim().split(',')[0], '5 %: 10 %');
    await byTemperature.open();
    await byTemperature.button('off').click();
    assert.match(await byTemperature.section.locator('summary').innerText(), /\boff$/);
    await dialog.close();
    const curves = await held();
    assert.deepEqual([curves.bySoc?.[6], curves.bySoc?.length], [[95, 20, 100], 8]);
    assert.deepEqual(curves.dischargeByTemperature, []);
    assert.equal(await editor.held(LIMITS, 'valid'), true);
  });

  it('are run by Node-RED as they were saved', async () => {
    const editor = theEditor();
    await editor.deploy();
    const node = (await editor.deployed()).find(({ id }) => id === LIMITS);
    assert.deepEqual(node?.curves, await held());
    await editor.waitForStatus(LIMITS, /waiting/);
  });
});

describe('curves that are a variable', { skip: NO_BROWSER }, () => {
  const variable = `\${CURVES}`;
  const theEditor = editorForTests(() =>
    flowWith({ transport: 'simulator' }, ['pace-bms-limits']).map((node) =>
      'curves' in node ? { ...node, curves: variable } : node,
    ),
  );

  it('are shown and kept, until they are set in the dialog', async () => {
    const editor = theEditor();
    assert.equal(await editor.held(LIMITS, 'valid'), true);
    const dialog = await editor.edit(LIMITS);
    assert.equal(await dialog.textOf('#pace-bms-curves-text'), variable);
    assert.equal(await new Curve(dialog, 'chargeByCell').section.count(), 0);
    await dialog.write('topic', 'home');
    await dialog.close();
    assert.equal(await editor.held(LIMITS, 'curves'), variable);
    const reopened = await editor.edit(LIMITS);
    await reopened.tray.locator('#pace-bms-curves-own').click();
    assert.equal(await reopened.tray.locator('#pace-bms-curves-text').isVisible(), false);
    await reopened.close();
    assert.deepEqual(await editor.held(LIMITS, 'curves'), USUAL);
  });
});
