import type { Message } from '../support/node-red.js';

type Report = (why: string, message: Message) => void;

/** Whose alarm an event or an entry of `active` is about. */
const identityOf = (pack: string, { code, cell = '', temperature = '' }: Record<string, string>) =>
  `${pack} ${code} ${cell}${temperature}`;

/** Follows what a warning node of pack shape tells of alarms: by events, and in its messages. */
export class EventWitness {
  /** Events seen. */
  events = 0;
  readonly #report: Report;
  /** When each alarm was raised that is on, epoch ms, as the events have it. */
  readonly #raised = new Map<string, number>();
  /** The last message of each pack, and the alarms that it shows. */
  readonly #shown = new Map<string, { alarms: string; message: Message }>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Takes a message of the second output: raised and cleared follow each other. */
  takeEvent(message: Message): void {
    const { payload } = message;
    this.events += 1;
    const identity = identityOf(payload.name, payload);
    const since = this.#raised.get(identity);
    if (payload.state === 'raised') {
      if (since !== undefined) this.#report(`${identity} is raised twice`, message);
      if (payload.since !== payload.at) this.#report(`${identity} is raised, but not since now`, message);
      this.#raised.set(identity, payload.since);
      return;
    }
    if (since === undefined) this.#report(`${identity} is cleared, but was not raised`, message);
    else if (payload.since !== since) this.#report(`${identity} is cleared with another beginning`, message);
    this.#raised.delete(identity);
  }

  /** Takes a message of the first output; the events that came with the pack's last one have arrived by now. */
  takeReading(message: Message): void {
    const { name, online, active } = message.payload;
    if (!online) return;
    const before = this.#shown.get(name);
    const raised = [...this.#raised.keys()].filter((identity) => identity.startsWith(`${name} `)).sort();
    if (before && before.alarms !== raised.join(', ')) {
      this.#report(`by its events ${name} has the alarms: ${raised.join(', ') || 'none'}`, before.message);
    }
    const alarms = active.map((alarm: Record<string, string>) => identityOf(name, alarm)).sort();
    this.#shown.set(name, { alarms: alarms.join(', '), message });
  }
}
