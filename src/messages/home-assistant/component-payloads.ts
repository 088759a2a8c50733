/** Components of a device by key, as Home Assistant is told of them. */
export type Components = Record<string, { p: string }>;

/** A payload stays below 16,000 bytes: what does not fit goes into another. Room is left for what grows later. */
const FULL_PAYLOAD_BYTES = 15_700;
/** What stands around the components. */
const AROUND_BYTES = Buffer.byteLength(',"cmps":{}');

/** Puts a device's components into as few payloads as hold them. */
export class ComponentPayloads {
  /** In which payload a component is: it stays there, since in another it would be another entity. */
  readonly #places = new Map<string, number>();

  /** @param root what stands beside the components in each payload. */
  arrange(components: Components, root: object): Components[] {
    const rootBytes = Buffer.byteLength(JSON.stringify(root)) + AROUND_BYTES;
    const payloads: { components: Components; bytes: number }[] = [];
    const payloadAt = (place: number) => {
      while (payloads.length <= place) payloads.push({ components: {}, bytes: rootBytes });
      return payloads[place] as (typeof payloads)[number];
    };
    for (const place of this.#places.values()) payloadAt(place);
    const isNew = ([key]: [string, unknown]) => Number(!this.#places.has(key));
    for (const [key, component] of Object.entries(components).sort((a, b) => isNew(a) - isNew(b))) {
      const bytes = Buffer.byteLength(JSON.stringify({ [key]: component }));
      const room = payloads.findIndex((payload) => payload.bytes + bytes <= FULL_PAYLOAD_BYTES);
      const place = this.#places.get(key) ?? (room < 0 ? payloads.length : room);
      const payload = payloadAt(place);
      this.#places.set(key, place);
      payload.components[key] = component;
      payload.bytes += bytes;
    }
    return payloads.map((payload) => payload.components);
  }
}
