import { BMS_ENTITIES, bankEntities } from '../../src/messages/home-assistant/bank-entities.js';
import type { Entity } from '../../src/messages/home-assistant/entity.js';
import { packEntities } from '../../src/messages/home-assistant/pack-entities.js';
import { code, table } from './markdown.js';

const NAMING = { padPacks: 0, padCells: 0 };
/** One cell stands for all; six sensors have known places. */
const PACK = { cellCount: 1, sensors: Array<boolean>(6).fill(true) };

type AnyEntity = Pick<Entity<never>, 'key' | 'name' | 'kind' | 'category'>;

function entityTable(entities: Readonly<Record<string, readonly AnyEntity[]>>): string {
  const rows = Object.entries(entities).flatMap(([query, ofQuery]) =>
    ofQuery.map(({ key, name, kind: { platform, deviceClass = '', unit = '' }, category = '' }) => {
      return [name, code(key), platform, deviceClass, unit, category, `**pace ${query}**`];
    }),
  );
  return table(['entity', 'key', 'platform', 'device class', 'unit', 'category', 'read by'], rows);
}

/** The entities of a pack's device. */
export const packEntityTable = () => entityTable({ ...packEntities(PACK, { naming: NAMING, perCellEntities: true }) });
/** The entities of a bank's device. */
export const bankEntityTable = () => entityTable({ ...bankEntities(NAMING), info: BMS_ENTITIES });
