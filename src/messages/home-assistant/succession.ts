import type { Naming } from '../names.js';
import type { BankMemory } from './bank-memory.js';
import { BMSPACE_BMS_ENTITIES, type BmspaceEntity, bmspacePackEntities } from './bmspace-entities.js';
import { bmspaceObjectId, bmspaceTopic, bmspaceUniqueId } from './bmspace-layout.js';
import type { FindPredecessors } from './device-discovery.js';
import { type MqttMessage, reliable } from './mqtt-message.js';
import { type PackStructure, withUsualCells } from './pack-entities.js';
import type { HomeAssistantSettings } from './settings.js';

/** Which of bmspace's entities go on in the device layout, for good: Home Assistant knows them by their unique ids. */
export interface Carried {
  /** As bmspace cut it. */
  serial: string;
  /** The digits that bmspace was set to. */
  naming: Naming;
  packs: readonly number[];
}

/** Hands bmspace's entities over to the device layout (`home-assistant.md`, migration). */
export class Succession {
  readonly #memory: BankMemory;
  readonly #settings: HomeAssistantSettings;
  #carried: Carried | null;

  constructor(memory: BankMemory, settings: HomeAssistantSettings, carried: Carried | null) {
    this.#memory = memory;
    this.#settings = settings;
    this.#carried = carried;
  }

  get carried(): Carried | null {
    return this.#carried;
  }

  /** Whether it is known of every pack what there is to carry over. */
  get isReady(): boolean {
    const { packs } = this.#memory;
    return packs.length > 0 && packs.every((pack) => this.#memory.structure(pack) !== null);
  }

  /** The old entities as which those of a device go on. */
  readonly predecessorsOf: FindPredecessors = ({ pack }) => {
    if (!this.#carried || (pack !== null && !this.#carried.packs.includes(pack))) return new Map();
    const { serial, naming } = this.#carried;
    return new Map(
      this.#entitiesOf(pack, naming, withUsualCells).flatMap((entity) => {
        const { successor } = entity;
        const predecessor = { key: bmspaceObjectId(entity), uniqueId: bmspaceUniqueId(entity, serial) };
        return successor === null ? [] : [[successor, predecessor] as const];
      }),
    );
  };

  /**
   * Carries over the packs known now.
   * @returns what makes Home Assistant let go of the old entities, and what clears their topics once the new are told.
   */
  carryOver(serial: string): { letGo: MqttMessage[]; clear: MqttMessage[] } {
    const { packs } = this.#memory;
    const before = this.#carried?.serial === serial ? this.#carried : null;
    const naming = before?.naming ?? this.#settings.naming; // ids that were carried over stay
    const old = [null, ...packs].flatMap((pack) => this.#entitiesOf(pack, naming));
    const topicOf = (entity: BmspaceEntity) => bmspaceTopic(entity, serial, this.#settings);
    this.#carried = { serial, naming, packs: [...new Set([...(before?.packs ?? []), ...packs])] };
    return {
      letGo: old
        .filter(({ successor }) => successor !== null)
        .map((entity) => reliable(topicOf(entity), { migrate_discovery: true }, false)),
      clear: old.map((entity) => reliable(topicOf(entity), '', true)),
    };
  }

  #entitiesOf(
    pack: number | null,
    naming: Naming,
    extend = (structure: PackStructure) => structure,
  ): readonly BmspaceEntity[] {
    if (pack === null) return BMSPACE_BMS_ENTITIES;
    const structure = this.#memory.structure(pack);
    return bmspacePackEntities(pack, structure && extend(structure), naming);
  }
}
