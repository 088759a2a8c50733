import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { analog } from '../../battery/readings.js';
import { Bench, info, isDiscovery } from './bench.js';

/** 16 kB. */
const LARGEST_PAYLOAD_BYTES = 16_000;

const packOf = (cells: number) =>
  analog({
    cellMillivolts: Array(cells).fill(3300),
    packMillivolts: cells * 3300,
    temperatureTenths: Array(6).fill(211),
  });

const MANNERS: [what: string, settings: Partial<HomeAssistantSettings>][] = [
  ['device layout', {}],
  ['device layout, padded, with long names', { naming: { padPacks: 9, padCells: 9 }, deviceName: 'x'.repeat(300) }],
  ['device layout, never expiring', { expireAfter: 0, topic: 'energy/house/cellar/battery/of/my/solar/system' }],
  ['bmspace layout', { layout: 'bmspace' }],
  ['bmspace layout, padded', { layout: 'bmspace', naming: { padPacks: 2, padCells: 2 } }],
];

/** Tells of a bank until all is known. @returns the unique ids, each of which has a state. */
function tell(settings: Partial<HomeAssistantSettings>, packCount: number, cells: number): string[] {
  const bench = new Bench(settings);
  try {
    bench.take(info({ bmsSerial: 'GPSR7PC733YW79370036' }));
    bench.poll(1, { packs: Array(packCount).fill(packOf(cells)), shape: 'bank' });
    bench.take(info({ bmsSerial: 'GPSR7PC733YW79370036' }));
    bench.poll(2, { packs: Array(packCount).fill(packOf(cells)), shape: 'bank' });
    assert.deepEqual(bench.homeAssistant.errors, []);
    for (const { payload, topic } of bench.sent.filter(isDiscovery)) {
      const bytes = Buffer.byteLength(JSON.stringify(payload));
      assert.ok(bytes < LARGEST_PAYLOAD_BYTES, `${topic} has ${bytes} bytes`);
    }
    const entities = bench.homeAssistant.entities();
    for (const { uniqueId, state } of entities)
      assert.ok(state !== undefined && !['unavailable', 'unknown'].includes(state), uniqueId);
    return entities.map(({ uniqueId }) => uniqueId);
  } finally {
    bench.close();
  }
}

for (const [what, settings] of MANNERS) {
  describe(`a bank that Home Assistant takes: ${what}`, () => {
    const isBmspace = settings.layout === 'bmspace';
    /** Without cells: of a pack, and of the bank. */
    const [ofPack, ofBank] = isBmspace ? [22 + 6, 5] : [36, 30];

    for (let packs = 1; packs <= 16; packs++) {
      it(`${packs} packs of 16 cells`, () => {
        assert.equal(new Set(tell(settings, packs, 16)).size, packs * (ofPack + 16) + ofBank);
      });
    }
    for (const cells of [8, 9, 10, 11, 12, 13, 14, 15, 32]) {
      it(`2 packs of ${cells} cells`, () => {
        assert.equal(new Set(tell(settings, 2, cells)).size, 2 * (ofPack + cells) + ofBank);
      });
    }
  });
}
