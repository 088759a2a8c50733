import type { OutgoingMessage } from '../messages/outgoing.js';
import type { ChangeFilter } from './change-filter.js';
import type { Delivery } from './poller-types.js';

/** Hands deliveries to the node, where only changes are wanted without what says the same as before. */
export class Outlet {
  readonly #deliver: (delivery: Delivery) => void;
  /** null where all is wanted. */
  readonly #changes: ChangeFilter | null;

  constructor(deliver: (delivery: Delivery) => void, changes: ChangeFilter | null) {
    this.#deliver = deliver;
    this.#changes = changes;
  }

  /** Delivers what is news. */
  deliverNews(delivery: Delivery): void {
    const changes = this.#changes;
    this.deliver(changes ? { ...delivery, messages: delivery.messages.filter((m) => changes.isNews(m)) } : delivery);
  }

  /** Delivers all, if there is anything. */
  deliver(delivery: Delivery): void {
    this.note(delivery.messages);
    if (delivery.messages.length + delivery.events.length > 0) this.#deliver(delivery);
  }

  /** Notes messages that are sent in another way. */
  note(messages: readonly OutgoingMessage[]): void {
    for (const message of messages) this.#changes?.note(message);
  }

  /** Forgets what was sent: of one pack, or all. The next is news. */
  forget(pack?: number): void {
    if (pack === undefined) this.#changes?.clear();
    else this.#changes?.forgetPack(pack);
  }
}
