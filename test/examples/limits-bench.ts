import assert from 'node:assert/strict';
import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import { Limits } from '../../src/limits/limits.js';
import type { LimitsPayload } from '../../src/limits/payload.js';
import { bankMessages } from './bank-messages.js';
import { ControlBench } from './control-bench.js';
import type { FlowNode } from './example-flows.js';
import type { Message } from './flow-bench.js';

/** Until all is allowed that a bank may have: the wait, and 240 A at 5 A/s. */
export const RISE_SECONDS = 30 + 240 / 5;

/** What four packs that are well allow. */
const ALL: LimitsPayload = {
  ...{ chargeVoltage: 55.2, chargeCurrent: 200, dischargeCurrent: 240, lowVoltage: 46.4 },
  ...{ allowCharge: true, allowDischarge: true, chargeRequest: false, mode: 'bulk' },
  reasons: { chargeVoltage: ['as it is'], chargeCurrent: ['as it is'], dischargeCurrent: ['as it is'] },
  ...{ onlineCount: 4, packCount: 4, age: 0 },
};

/** An example with limits: those that its bank has by the code of the node, or any that a test says. */
export class LimitsBench extends ControlBench {
  #limits: Limits | null = null;

  /** The node tells of its own accord, as it does after a deploy. */
  tell(): void {
    this.#tell(this.#found.at(Date.now()));
  }

  /** The node tells what four packs that are well allow, with `changes`. */
  say(changes: Partial<LimitsPayload>): void {
    this.#tell({ ...ALL, ...changes });
  }

  override poll(): void {
    this.send('states', bankMessages.status(this.packs));
    super.poll();
  }

  protected override passOn(node: FlowNode, msg: Message): void {
    if (node.type === 'pace-bms-limits') {
      this.#found.take(msg, Date.now());
      this.tell();
    } else super.passOn(node, msg);
  }

  get #found(): Limits {
    if (!this.#limits) {
      const node = this.node('limits');
      assert.equal(node.type, 'pace-bms-limits');
      this.#limits = new Limits(limitsSettings(node), null);
    }
    return this.#limits;
  }

  #tell(payload: LimitsPayload): void {
    this.send('limits', { topic: 'pace/bank/limits', payload, pace: { connection: 'c', query: 'limits' } });
  }
}
