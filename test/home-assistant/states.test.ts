import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedHomeAssistant } from './home-assistant.js';
import type { Json, Message } from './message.js';
import { FAULT, MODE, ONLINE, packConfig, packState, SOC, singleConfig } from './messages.js';

const SOC_ID = 'bank1_p1_soc';
const BMSPACE_ID = 'bmspace_1_pack_1_soc';

function fed(...messages: Message[]): SimulatedHomeAssistant {
  const home = new SimulatedHomeAssistant();
  home.receive(...messages);
  return home;
}

const running = () => fed(packConfig(), ...ONLINE, packState());

describe('availability', () => {
  const [LINK, PACK] = ONLINE.map(({ topic }) => topic) as [string, string];
  const cases: [mode: string, heard: [topic: string, payload: string][], available: boolean][] = [
    ['all', [], false],
    ['all', [[LINK, 'online']], false],
    [
      'all',
      [
        [LINK, 'online'],
        [PACK, 'online'],
      ],
      true,
    ],
    [
      'all',
      [
        [LINK, 'online'],
        [PACK, 'online'],
        [LINK, 'offline'],
      ],
      false,
    ],
    [
      'any',
      [
        [LINK, 'offline'],
        [PACK, 'online'],
      ],
      true,
    ],
    [
      'any',
      [
        [LINK, 'offline'],
        [PACK, 'offline'],
      ],
      false,
    ],
    [
      'latest',
      [
        [LINK, 'offline'],
        [PACK, 'online'],
      ],
      true,
    ],
    [
      'latest',
      [
        [LINK, 'online'],
        [PACK, 'offline'],
      ],
      false,
    ],
  ];
  for (const [mode, heard, available] of cases) {
    const said = heard.map(([topic, payload]) => `${topic} ${payload}`).join(', ') || 'nothing';
    it(`${mode} of the topics: after ${said}`, () => {
      const messages = heard.map(([topic, payload]) => ({ topic, payload }));
      const home = fed(packConfig({ soc: SOC }, { avty_mode: mode }), ...messages, packState());
      assert.equal(home.state(SOC_ID), available ? '87' : 'unavailable');
    });
  }

  it('a payload that is neither is an error', () => {
    const home = fed(packConfig({ soc: SOC }), { topic: LINK, payload: 'up' });
    assert.deepEqual(home.errors, [`${SOC_ID}: ${LINK}: 'up' is neither online nor offline`]);
  });

  it('of a single topic, with payloads of its own', () => {
    const home = fed(singleConfig({ payload_available: '1', payload_not_available: '0' }));
    assert.equal(home.state(BMSPACE_ID), 'unavailable');
    home.receive({ topic: 'bmspace/availability', payload: 1 });
    assert.equal(home.state(BMSPACE_ID), 'unknown');
    home.receive({ topic: 'bmspace/availability', payload: 0 });
    assert.equal(home.state(BMSPACE_ID), 'unavailable');
  });
});

describe('expiry', () => {
  it('comes when no state came for so long', () => {
    const home = running();
    home.advance(44_999);
    assert.equal(home.state(SOC_ID), '87');
    home.advance(1);
    assert.equal(home.state(SOC_ID), 'unavailable');
  });

  it('is put off by every state, the same or one that is refused', () => {
    const home = running();
    for (const soc of [87, 'n/a']) {
      home.advance(30_000);
      home.receive(packState({ soc }));
    }
    home.advance(30_000);
    assert.equal(home.state(SOC_ID), '87');
  });

  it('is not put off by availability', () => {
    const home = running();
    home.advance(45_000);
    home.receive(...ONLINE);
    assert.equal(home.state(SOC_ID), 'unavailable');
  });
});

describe('a state', () => {
  const text = { ...SOC, dev_cla: undefined, unit_of_meas: undefined, stat_cla: undefined };
  const moment = { ...text, dev_cla: 'timestamp' };
  const nested = { ...SOC, val_tpl: "{{ value_json.packs[0]['soc'] }}" };
  const options = { ...MODE, uniq_id: SOC_ID, val_tpl: SOC.val_tpl };
  const binary = { ...FAULT, uniq_id: SOC_ID, val_tpl: SOC.val_tpl };
  const UNKNOWN = 'unknown';
  const cases: [what: string, component: Json, payload: unknown, state: string, error?: RegExp][] = [
    ['number', SOC, { soc: 87.5 }, '87.5'],
    ['number in text', SOC, { soc: '87.5' }, '87.5'],
    ['null', SOC, { soc: null }, UNKNOWN],
    ['nothing for a number', SOC, { soc: '' }, UNKNOWN],
    ['no number', SOC, { soc: 'n/a' }, UNKNOWN, /'n\/a' is none/],
    ['NaN', { ...SOC, val_tpl: undefined }, Number.NaN, UNKNOWN, /'NaN' is none/],
    ['infinity', { ...SOC, val_tpl: undefined }, Number.POSITIVE_INFINITY, UNKNOWN, /'Infinity' is none/],
    ['a comma', SOC, { soc: '87,5' }, UNKNOWN, /'87,5' is none/],
    ['a number too large', SOC, { soc: '1e999' }, UNKNOWN, /'1e999' is none/],
    ['a hexadecimal number', SOC, { soc: '0x57' }, UNKNOWN, /'0x57' is none/],
    ['deep inside', nested, { packs: [{ soc: 12 }] }, '12'],
    ['nothing deep inside', nested, { packs: [] }, UNKNOWN, /there is no 0/],
    ['missing', SOC, { other: 1 }, UNKNOWN, /there is no soc/],
    ['no JSON', SOC, '87', UNKNOWN, /there is no soc/],
    ['broken JSON', SOC, '{', UNKNOWN, /value_json is undefined/],
    ['a mapping', SOC, { soc: {} }, UNKNOWN, /a list or a mapping/],
    ['bytes that are no text', SOC, Buffer.from([0xff]), 'unavailable', /no UTF-8/],
    ['a filter', { ...SOC, val_tpl: '{{ value_json.soc | int }}' }, { soc: 1 }, UNKNOWN, /cannot tell/],
    ['text', text, { soc: 'good' }, 'good'],
    ['text, of a blank unit', { ...text, unit_of_meas: ' ' }, { soc: 'good' }, 'good'],
    ['text of 255 characters', text, { soc: 'x'.repeat(255) }, 'x'.repeat(255)],
    ['text of 256 characters', text, { soc: 'x'.repeat(256) }, UNKNOWN, /256 characters is too long/],
    ['an option', options, { soc: 'idle' }, 'idle'],
    ['no option', options, { soc: 'asleep' }, UNKNOWN, /'asleep' is none of charge, discharge, idle/],
    ['a moment', moment, { soc: '2026-01-01T12:00:00.123+01:00' }, '2026-01-01T11:00:00+00:00'],
    ['a moment anywhere', moment, { soc: '2026-01-01T12:00:00' }, UNKNOWN, /time zone/],
    ['a day', { ...text, dev_cla: 'date' }, { soc: '2026-01-01' }, '2026-01-01'],
    ['on', binary, { soc: 'ON' }, 'on'],
    ['off', binary, { soc: 'OFF' }, 'off'],
    ['true, which Home Assistant writes True', binary, { soc: true }, UNKNOWN, /'True' is neither ON nor OFF/],
    ['0 and 1', { ...binary, pl_on: '1', pl_off: '0' }, { soc: 0 }, 'off'],
    ['blank for on or off', binary, { soc: ' ' }, UNKNOWN],
    ['null for on or off', binary, { soc: null }, UNKNOWN],
  ];
  for (const [what, component, payload, state, error] of cases) {
    it(what, () => {
      const home = fed(packConfig({ it: component }), ...ONLINE, { topic: 'pace/pack_1/state', payload });
      assert.equal(home.state(SOC_ID), state);
      if (error) assert.match(String(home.errors), error);
      else assert.deepEqual(home.errors, []);
    });
  }

  it('that is refused leaves the one before', () => {
    const home = running();
    home.receive(packState({ soc: '', mode: 'asleep', fault: '' }));
    assert.deepEqual(
      home.entities().map(({ state }) => state),
      ['87', 'idle', 'off'],
    );
  });

  it('attributes are a JSON object', () => {
    const home = fed(packConfig({ soc: { ...SOC, json_attr_t: 'pace/attributes' } }));
    home.receive({ topic: 'pace/attributes', payload: { a: 1 } }, { topic: 'pace/attributes', payload: [1] });
    assert.deepEqual(home.errors, [`${SOC_ID}: the attributes are no JSON object`]);
  });
});
