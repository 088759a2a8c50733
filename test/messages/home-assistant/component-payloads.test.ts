import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ComponentPayloads } from '../../../src/messages/home-assistant/component-payloads.js';

/** Components whose text has `bytes` more than least. */
const some = (count: number, bytes: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, { p: 'sensor', name: 'x'.repeat(bytes) }]));
const ROOT = { dev: { ids: ['pace'] } };
const keysOf = (payloads: readonly object[]) => payloads.map((payload) => Object.keys(payload));

describe('the components of a device', () => {
  it('are in one payload where that holds them, below 16 kB', () => {
    const [only, ...others] = new ComponentPayloads().arrange(some(50, 200), ROOT);
    assert.equal(Object.keys(only ?? {}).length, 50);
    assert.deepEqual(others, []);
  });

  it('are in as many as it takes, each once', () => {
    const payloads = new ComponentPayloads().arrange(some(200, 300), ROOT);
    assert.ok(payloads.length > 3);
    assert.equal(new Set(keysOf(payloads).flat()).size, 200);
    for (const payload of payloads) {
      assert.ok(Buffer.byteLength(JSON.stringify({ ...ROOT, cmps: payload })) <= 15_700);
    }
  });

  it('stay where they are when they become shorter, longer or fewer', () => {
    const places = new ComponentPayloads();
    const before = keysOf(places.arrange(some(70, 300), ROOT));
    assert.equal(before.length, 2);
    assert.deepEqual(keysOf(places.arrange(some(70, 20), ROOT)), before);
    assert.deepEqual(keysOf(places.arrange(some(70, 303), ROOT)), before);
    const [first, second] = places.arrange(some(3, 20), ROOT);
    assert.deepEqual(Object.keys(first ?? {}), ['c0', 'c1', 'c2']);
    assert.deepEqual(second, {});
  });

  it('that are new go where there is room', () => {
    const places = new ComponentPayloads();
    places.arrange(some(70, 300), ROOT);
    const [, second] = places.arrange({ ...some(70, 300), new: { p: 'sensor' } }, ROOT);
    assert.ok(Object.keys(second ?? {}).length > 0);
    const [first] = places.arrange({ new: { p: 'sensor' }, newer: { p: 'sensor' } }, ROOT);
    assert.ok(first && 'newer' in first);
  });
});
