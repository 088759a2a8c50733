import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedHomeAssistant } from './home-assistant.js';
import type { Json, Message } from './message.js';
import { FAULT, MODE, ONLINE, PACK_TOPIC, packConfig, packState, SINGLE_TOPIC, SOC, singleConfig } from './messages.js';

const SOC_ID = 'bank1_p1_soc';
const BMSPACE_ID = 'bmspace_1_pack_1_soc';
const BMSPACE_ONLINE: Message[] = [
  { topic: 'bmspace/availability', payload: 'online' },
  { topic: 'bmspace/pack_1/soc', payload: 87 },
];

function fed(...messages: Message[]): SimulatedHomeAssistant {
  const home = new SimulatedHomeAssistant();
  home.receive(...messages);
  return home;
}

const running = () => fed(packConfig(), ...ONLINE, packState());
const idsOf = (home: SimulatedHomeAssistant) => home.entities().map(({ uniqueId }) => uniqueId);

function statesOf(home: SimulatedHomeAssistant): Record<string, unknown> {
  return Object.fromEntries(home.entities().map(({ uniqueId, state }) => [uniqueId.replace('bank1_p1_', ''), state]));
}

describe('a device that is announced', () => {
  it('has its entities, and their states', () => {
    const home = running();
    assert.deepEqual(statesOf(home), { soc: '87', mode: 'idle', fault: 'off' });
    assert.deepEqual(
      home.devices().map(({ name, identifiers, entities }) => [name, identifiers, entities.length]),
      [['Pack 1', ['pace_1_p1'], 3]],
    );
    assert.equal(home.entities()[0]?.entityId, 'sensor.bank1_pack1_soc');
    assert.deepEqual(home.errors, []);
  });

  it('knows nothing of states before it', () => {
    const home = fed(...ONLINE, packState(), packConfig());
    assert.equal(home.state(SOC_ID), 'unavailable');
    home.receive(...ONLINE, packState());
    assert.equal(home.state(SOC_ID), '87');
  });

  it('gets states before it that are retained', () => {
    const retained = [...ONLINE, packState()].map((message) => ({ ...message, retain: true }));
    assert.equal(fed(...retained, packConfig()).state(SOC_ID), '87');
  });

  it('without expiry is unknown until its first state', () => {
    const home = fed(packConfig({ soc: { ...SOC, exp_aft: undefined } }), ...ONLINE);
    assert.equal(home.state(SOC_ID), 'unknown');
  });

  it('again, unchanged, stays as it is; changed, what expires waits for its next state', () => {
    const home = running();
    home.receive(packConfig());
    assert.equal(home.state(SOC_ID), '87');
    home.receive(packConfig({ soc: { ...SOC, name: 'Charge' }, mode: MODE, fault: FAULT }));
    assert.deepEqual(statesOf(home), { soc: 'unavailable', mode: 'idle', fault: 'off' });
    home.receive(packState({ soc: 88 }));
    assert.equal(home.state(SOC_ID), '88');
    assert.deepEqual(home.errors, []);
  });

  it('disabled entities have no state until the user enables them', () => {
    const disabled = [packConfig({ soc: { ...SOC, en: false } }), ...ONLINE, packState()];
    assert.equal(fed(...disabled).state(SOC_ID), undefined);
    const home = new SimulatedHomeAssistant({ enableAll: true });
    home.receive(...disabled);
    assert.equal(home.state(SOC_ID), '87');
  });

  it('a component that is refused leaves the others alone', () => {
    const home = fed(packConfig({ soc: { ...SOC, unit_of_meas: 'V' }, mode: MODE }));
    assert.deepEqual(idsOf(home), ['bank1_p1_mode']);
    assert.deepEqual(home.errors, ['sensor bank1_pack1 soc: unit_of_measurement is none of %']);
  });

  it('under another prefix', () => {
    const home = new SimulatedHomeAssistant({ prefix: 'ha/discovery' });
    home.receive({ ...packConfig(), topic: 'ha/discovery/device/bank1_pack1/config' }, packConfig());
    assert.equal(home.entities().length, 3);
    assert.deepEqual(home.errors, []);
  });

  it('has to come after the one it is reached through', () => {
    const bank: Message = {
      topic: 'homeassistant/device/bank1/config',
      payload: packConfig(
        { link: { ...SOC, uniq_id: 'bank1', def_ent_id: 'sensor.bank1' } },
        { dev: { ids: ['pace_1'] } },
      ).payload,
    };
    const pack = packConfig({ soc: SOC }, { dev: { ids: ['pace_1_p1'], via_device: 'pace_1' } });
    assert.deepEqual(fed(bank, pack).errors, []);
    assert.deepEqual(fed(bank, pack).devices()[1]?.via_device, 'pace_1');
    assert.match(String(fed(pack, bank).errors), /via_device that does not exist: pace_1/);
  });
});

describe('removal', () => {
  it('of a component: only its platform is left of it, then nothing', () => {
    const home = running();
    home.receive(packConfig({ soc: SOC, mode: { p: 'sensor' }, fault: FAULT }), packConfig({ soc: SOC, fault: FAULT }));
    assert.deepEqual(idsOf(home), [SOC_ID, 'bank1_p1_fault']);
    assert.equal(home.state(SOC_ID), '87');
    assert.deepEqual(home.errors, []);
  });

  it('of a component that was just left out does not happen', () => {
    const home = running();
    home.receive(packConfig({ soc: SOC, fault: FAULT }));
    assert.equal(home.entities().length, 3);
    assert.deepEqual(home.errors, [`sensor bank1_pack1 mode: left out of ${PACK_TOPIC}, and never removed`]);
  });

  it('of a device: an empty payload', () => {
    const home = running();
    home.receive({ topic: PACK_TOPIC, payload: '' });
    assert.deepEqual([home.entities(), home.devices(), home.errors], [[], [], []]);
    home.receive({ topic: PACK_TOPIC, payload: '' });
    assert.match(String(home.errors), /no components to clean up/);
  });

  it('of a single component: an empty payload, which may come twice', () => {
    const home = fed(singleConfig());
    for (let count = 0; count < 2; count++) home.receive({ topic: SINGLE_TOPIC, payload: '' });
    assert.deepEqual([home.entities(), home.errors], [[], []]);
  });
});

describe('a unique id there is already', () => {
  const again = (platform: string, component: Json): Message => ({
    topic: `homeassistant/${platform}/other/config`,
    payload: { ...(singleConfig().payload as Json), ...component },
  });
  it('is refused, and its entity stays as it was', () => {
    const home = fed(singleConfig(), ...BMSPACE_ONLINE, again('sensor', { name: 'Other' }));
    assert.deepEqual(home.errors, [`sensor other: unique id ${BMSPACE_ID} already exists`]);
    assert.deepEqual([home.entities().length, home.state(BMSPACE_ID)], [1, '87']);
  });

  it('is refused on another platform too', () => {
    const home = fed(singleConfig(), again('binary_sensor', { unit_of_measurement: undefined }));
    assert.deepEqual(home.errors, [`binary_sensor other: unique id ${BMSPACE_ID} already exists`]);
  });

  it('is refused on another platform even when its entity is only remembered', () => {
    const home = fed(singleConfig());
    home.restart();
    home.receive(again('binary_sensor', { unit_of_measurement: undefined }));
    assert.equal(home.errors.length, 1);
  });

  it('cannot become another', () => {
    const home = fed(singleConfig(), singleConfig({ unique_id: 'new' }));
    assert.deepEqual(home.errors, [`sensor BMS-1 soc: unique id ${BMSPACE_ID} cannot become new`]);
  });

  it('an entity id there is already gets a number', () => {
    const home = fed(singleConfig(), again('sensor', { unique_id: 'new' }));
    assert.deepEqual(
      home.entities().map(({ entityId }) => entityId),
      ['sensor.generic_lithium_pack_1_state_of_charge', 'sensor.generic_lithium_pack_1_state_of_charge_2'],
    );
  });
});

describe('migration from a single component to a device', () => {
  const migrate: Message = { topic: SINGLE_TOPIC, payload: { migrate_discovery: true } };
  const moved = packConfig({ soc: { ...SOC, uniq_id: BMSPACE_ID } });
  const clear: Message = { topic: SINGLE_TOPIC, payload: '', retain: true };
  const before = () => fed({ ...singleConfig(), retain: true }, ...BMSPACE_ONLINE);

  it('keeps the entity and its id', () => {
    const home = before();
    const [{ entityId } = { entityId: '' }] = home.entities();
    home.receive({ ...migrate, retain: true });
    assert.deepEqual([home.state(BMSPACE_ID), home.entities()[0]?.loaded], ['unavailable', false]);
    home.receive(moved, clear, clear, ...ONLINE, packState());
    assert.deepEqual(home.errors, []);
    assert.deepEqual(
      home.entities().map((entity) => [entity.uniqueId, entity.entityId, entity.state]),
      [[BMSPACE_ID, entityId, '87']],
    );
    assert.deepEqual(
      home.devices().map(({ name }) => name),
      ['Pack 1'],
    );
  });

  it('without the message that starts it is refused', () => {
    const home = before();
    home.receive(moved);
    assert.deepEqual(home.errors, [`sensor bank1_pack1 soc: unique id ${BMSPACE_ID} already exists`]);
  });

  it('under the same discovery id without it is a conflict', () => {
    const home = before();
    home.receive({ ...moved, topic: 'homeassistant/device/BMS-1/config' });
    assert.match(String(home.errors), /sensor BMS-1 soc: conflicting message/);
    assert.equal(home.state(BMSPACE_ID), '87');
  });

  it('under the same discovery id with it keeps the entity, even when the old topic is cleared', () => {
    const home = before();
    home.receive(migrate, { ...moved, topic: 'homeassistant/device/BMS-1/config' }, clear, ...ONLINE, packState());
    assert.deepEqual([home.state(BMSPACE_ID), home.errors], ['87', []]);
  });

  it('clearing first forgets the entity', () => {
    const home = before();
    home.receive(clear);
    assert.deepEqual(home.entities(), []);
  });
});

describe('a restart of Home Assistant', () => {
  it('forgets what is not retained, but not the entities', () => {
    const home = running();
    home.restart();
    assert.deepEqual(
      home.entities().map(({ loaded, state }) => [loaded, state]),
      Array(3).fill([false, 'unavailable']),
    );
    home.receive(packConfig(), ...ONLINE, packState({ soc: 50 }));
    assert.deepEqual(statesOf(home), { soc: '50', mode: 'idle', fault: 'off' });
    assert.deepEqual(home.errors, []);
  });

  it('hears again what is retained', () => {
    const home = fed(...[packConfig(), ...ONLINE, packState()].map((message) => ({ ...message, retain: true })));
    home.restart();
    assert.deepEqual(statesOf(home), { soc: '87', mode: 'idle', fault: 'off' });
  });

  it('a retained announcement alone has no states', () => {
    const home = fed({ ...packConfig(), retain: true }, ...ONLINE, packState());
    home.restart();
    assert.deepEqual(
      home.entities().map(({ loaded, state }) => [loaded, state]),
      Array(3).fill([true, 'unavailable']),
    );
  });

  it('what was retained and cleared is gone', () => {
    const home = fed({ ...packConfig(), retain: true }, { topic: PACK_TOPIC, payload: '', retain: true });
    home.restart();
    assert.deepEqual([home.entities(), home.errors], [[], []]);
  });
});
