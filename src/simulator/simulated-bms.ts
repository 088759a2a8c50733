import type { Duplex } from 'node:stream';
import { encodeReply } from '../dialects/pace25/encode.js';
import type { PaceError } from '../errors.js';
import type { Frame } from '../wire/frame.js';
import type { BankModel } from './bank-model.js';
import { type AskedBms, COMMANDS, type RecordFormat } from './commands.js';
import { Conversation } from './conversation.js';
import { INVALID_VALUE, refusalOf, refusalOfDamaged } from './refusals.js';

/** How the simulated BMS appears on its line. */
export interface SimulatedBmsOptions extends Partial<RecordFormat> {
  /** Its address, 0-255; in `addressed` mode the first pack's, the others follow. Default 1. */
  address?: number;
  /**
   * `master` (default): one BMS answers for all packs, whatever address is asked, as over RS232.
   * `addressed`: each pack is a BMS of its own and answers at its own address only, as on RS485 (`pace-v25.md` 2.6).
   */
  addressing?: 'master' | 'addressed';
  /** ms from the end of a request to the start of its reply. Default 20. */
  answerDelayMs?: number;
  /** Bytes leave at this rate, and a request takes its time too; 0 (default) sends at once. */
  baudRate?: number;
  /** Changes the answer to a request, for tests: the bytes to send instead; null stays silent. */
  behaviour?: (request: Frame, answer: Buffer) => Buffer | null;
  /** ms of a clock that only moves forward. Default `performance.now`; a fake one must move with the timers. */
  now?: () => number;
}

/** A BMS of the virtual bank: answers PACE 2.5 requests over any stream (`pace-v25.md` 6.5). */
export class SimulatedBms {
  readonly #bank: BankModel;
  readonly #options: SimulatedBmsOptions;
  readonly #format: RecordFormat;
  readonly #now: () => number;
  /** When the bank was last brought up to date. */
  #advancedAt: number;

  constructor(bank: BankModel, options: SimulatedBmsOptions = {}) {
    const { tailBytes = 14, alarmTailBytes = 1, userItemCount = 3, now = () => performance.now() } = options;
    this.#bank = bank;
    this.#options = options;
    this.#format = { tailBytes, alarmTailBytes, userItemCount };
    this.#now = now;
    this.#advancedAt = now();
  }

  /** Answers what comes in on `stream` until it ends; any number of streams may be attached. */
  attach(stream: Duplex): void {
    const { answerDelayMs = 20, baudRate = 0 } = this.#options;
    new Conversation(stream, this, { answerDelayMs, baudRate, now: this.#now });
  }

  /** The characters that answer a request; null when it stays silent. */
  answer(request: Frame): Buffer | null {
    const bms = this.#bmsAt(request.address);
    if (bms === null) return null;
    this.#catchUp();
    const refusal = refusalOf(request);
    const answer = refusal === null ? carryOut(bms, request) : refuse(bms, refusal);
    return this.#options.behaviour ? this.#options.behaviour(request, answer) : answer;
  }

  /** The characters that answer a frame that came in damaged; null when it stays silent. */
  answerDamaged(error: PaceError, characters: Uint8Array): Buffer | null {
    const refusal = refusalOfDamaged({ error, characters });
    const bms = refusal && this.#bmsAt(refusal.address);
    return refusal && bms && refuse(bms, refusal.rtn);
  }

  #catchUp(): void {
    const now = this.#now();
    this.#bank.advance(now - this.#advancedAt);
    this.#advancedAt = now;
  }

  #bmsAt(asked: number): AskedBms | null {
    const { address = 1, addressing = 'master' } = this.#options;
    const bank = this.#bank;
    if (addressing === 'master') {
      const slots = bank.slots.map((_, slot) => slot);
      return { bank, address, slots, knowsPackByAddress: false, format: this.#format };
    }
    const slot = asked - address;
    if (!bank.slots[slot]) return null;
    return { bank, address: asked, slots: [slot], knowsPackByAddress: true, format: this.#format };
  }
}

function carryOut(bms: AskedBms, { code, info }: Frame): Buffer {
  const content = COMMANDS.get(code)?.answer(bms, info[0] ?? 0);
  return content ? encodeReply(bms.address, content) : refuse(bms, INVALID_VALUE);
}

function refuse({ address }: AskedBms, rtn: number): Buffer {
  return encodeReply(address, new Uint8Array(), rtn);
}
