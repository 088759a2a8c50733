import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../examples/project-copy.js';
import { NO_BROWSER } from './kit/chromium.js';
import { contrastsIn } from './kit/contrast.js';
import type { Dialog } from './kit/dialog.js';
import { editorForTests } from './kit/editor.js';
import { flowWith, NODES } from './kit/flow.js';
import { HOST, type ServedBank, serveBank } from './kit/simulated-bank.js';
import { EDITOR } from './kit/versions.js';

const THEMES = EDITOR.hasDarkTheme ? (['light', 'dark'] as const) : (['light'] as const);
/** Of text against what is behind it, for eyes that are not the best (WCAG 2, level AA). */
const LEAST_CONTRAST = 4.5;

describe('the dialogs can be read', { skip: NO_BROWSER }, () => {
  let served: ServedBank;
  before(async () => {
    served = await serveBank();
  });
  after(() => served?.close());
  const theEditor = editorForTests(() => flowWith({ transport: 'tcp', host: HOST, port: served.port }));

  async function assertReadable(dialog: Dialog): Promise<void> {
    const texts = await contrastsIn(dialog);
    assert.ok(texts.length > 5);
    assert.deepEqual(
      texts.filter(([, contrast]) => contrast < LEAST_CONTRAST),
      [],
    );
  }

  for (const theme of THEMES) {
    it(`in the ${theme} theme`, async () => {
      const editor = theEditor();
      await editor.open({ theme });
      for (const id of [NODES['pace-bms-analog'], NODES['pace-bms-homeassistant'], NODES['pace-bms-limits']]) {
        const dialog = await editor.edit(id);
        await dialog.unfold();
        await assertReadable(dialog);
        await dialog.close('cancel');
      }
      const connection = await editor.editConnection(NODES['pace-bms-analog'], 'edit');
      await connection.tryIt();
      await assertReadable(connection);
      await connection.write('port', String(await freePort()));
      await connection.tryIt();
      await assertReadable(connection);
      await connection.close('cancel');
      await editor.dialog.close('cancel');
    });
  }
});
