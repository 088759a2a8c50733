import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PALETTE } from '../editor/contract.js';
import { NO_BROWSER } from './kit/chromium.js';
import type { Dialog } from './kit/dialog.js';
import { editorForTests } from './kit/editor.js';
import { flowWith, NODES } from './kit/flow.js';
import { LANGUAGES, Words } from './kit/words.js';

/** A control of ours, or the picker of the connection. */
const CONTROL = '.pace-bms :is(input, select, button, textarea):visible';
/** A label's key in place of its text, or a value's name in place of the value. */
const NO_TEXT = /\bpace-bms-\w+[.:]\w|node-red:|__\w+__/;
/** Of an old laptop. */
const SMALL_SCREEN = { width: 1024, height: 768 };
/** Choices by which the dialog of a connection shows other rows and hints: each once. */
const LOOKS = [
  { transport: 'serial', addressing: 'master' },
  { transport: 'tcp', addressing: 'addressed' },
  { transport: 'simulator', addressing: 'relay' },
];

describe('the dialogs, for all who read them', { skip: NO_BROWSER }, () => {
  const theEditor = editorForTests(() => flowWith({ transport: 'simulator' }));

  /** What is to be read in a dialog, by eye or ear. */
  async function wordsIn(dialog: Dialog): Promise<string> {
    const form = dialog.tray.locator('.pace-bms');
    const spoken = form.locator('[title], [placeholder], [aria-label]');
    const attributes = await spoken.evaluateAll((elements) =>
      elements.flatMap((element) => ['title', 'placeholder', 'aria-label'].map((name) => element.getAttribute(name))),
    );
    return [await form.innerText(), ...attributes.filter(Boolean)].join('\n');
  }

  /** What of a dialog does not fit: words that are wider than their place, and what reaches beyond the dialog. */
  async function cutOff(dialog: Dialog): Promise<string[]> {
    const box = await dialog.tray.boundingBox();
    return dialog.tray
      .locator('.pace-bms, .pace-bms :is(label, button, h4, output, .pace-bms-hint):visible')
      .evaluateAll(
        (elements, edge) =>
          elements
            .filter((element) => {
              const isTooWide = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
              return isTooWide || element.getBoundingClientRect().right > edge;
            })
            .map(({ className, textContent }) => `${className} ${textContent?.trim().slice(0, 40)}`),
        (box?.x ?? 0) + (box?.width ?? 0),
      );
  }

  /** The controls that have no name for who cannot see them. */
  const nameless = (dialog: Dialog): Promise<string[]> =>
    dialog.tray.locator(CONTROL).evaluateAll((elements) =>
      elements
        .filter((element) => {
          const label = (element as { labels?: { textContent: string }[] }).labels?.[0]?.textContent;
          return !(label ?? element.getAttribute('aria-label') ?? element.textContent)?.trim();
        })
        .map(({ id }) => id),
    );

  async function assertWords(type: string, dialog: Dialog): Promise<void> {
    assert.doesNotMatch(await wordsIn(dialog), NO_TEXT, type);
    assert.deepEqual(await nameless(dialog), [], `${type} has controls without a name`);
    assert.deepEqual(await cutOff(dialog), [], `${type} has words that are cut off`);
  }

  /** Opens each dialog in turn, and that of the connection in all its looks. */
  async function visitAll(visit: (type: string, dialog: Dialog) => Promise<void>): Promise<void> {
    const editor = theEditor();
    for (const [type, id] of Object.entries(NODES)) {
      const dialog = await editor.edit(id);
      await dialog.unfold();
      await visit(type, dialog);
      await dialog.close('cancel');
    }
    const dialog = await editor.editConnection(NODES['pace-bms-analog']);
    for (const look of LOOKS) {
      for (const [property, choice] of Object.entries(look)) await dialog.choose(property, choice);
      await visit('pace-bms-connection', dialog);
    }
    await dialog.close('cancel');
    await editor.dialog.close('cancel');
  }

  /** Goes through the controls with the Tab key: each must come, in the order of the page. */
  async function assertReachable(type: string, dialog: Dialog): Promise<void> {
    const controls = dialog.tray.locator(CONTROL);
    const ids = await controls.evaluateAll((elements) => elements.map(({ id }) => id));
    const { page } = dialog;
    await page.evaluate(`$(document).on('focusin.test', ({ target }) => (window.reached ??= []).push(target.id))`);
    await controls.first().focus();
    // The editor has controls of its own between ours.
    for (let pressed = 0; pressed < ids.length + 5; pressed += 1) await page.keyboard.press('Tab');
    const reached = await page.evaluate<string[]>(`$(document).off('focusin.test') && window.reached.splice(0)`);
    const ofOurs = reached.filter((id) => ids.includes(id)).slice(0, ids.length);
    assert.deepEqual(ofOurs, ids, `${type} has controls that the Tab key does not reach`);
  }

  for (const language of LANGUAGES) {
    it(`have their words in ${language}, and are used with the keyboard`, async () => {
      const editor = theEditor();
      await editor.open({ locale: language, viewport: SMALL_SCREEN });
      const read: Record<string, string> = {};
      await visitAll(async (type, dialog) => {
        await assertWords(type, dialog);
        await assertReachable(type, dialog);
        read[type] = (read[type] ?? '') + (await wordsIn(dialog));
      });
      for (const [type, text] of Object.entries(read)) {
        const words = new Words(type, language);
        for (const label of Object.values(words.group('label')))
          assert.ok(text.includes(label), `${type} lacks ${label}`);
        const help = await editor.page.evaluate<string>(`RED.nodes.getNodeHelp('${type}')`);
        assert.ok(help.includes(words.help()), `${type} has no help in ${language}`);
      }
      const inPalette = editor.page.locator('#red-ui-palette-battery .red-ui-palette-label');
      const names = (await inPalette.allTextContents()).map((name) => name.trim().replace(/\s+/g, ' '));
      assert.deepEqual(names.sort(), Object.values(PALETTE).sort());
    });
  }
});
