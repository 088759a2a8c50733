import type { NodeAPI } from 'node-red';
import { summariseAnalog } from '../../src/battery/bank-summary.js';
import { asPaceError, PaceError } from '../../src/errors.js';
import { type BankFound, lookAt, tryBank } from '../../src/link/trial.js';
import { stateOfCharge } from '../../src/messages/analog.js';
import { amps, volts } from '../../src/messages/numbers.js';
import type { ConnectionNode } from './connection-node.js';
import { type ConnectionSettings, connectionSettings } from './connection-settings.js';
import { withEnvironment } from './environment.js';
import type { RawProperties } from './properties.js';
import { holderOf } from './running-connections.js';

/** The places that are being tried. */
const beingTried = new Set<string>();

/** An answer to the editor. */
interface Answer {
  status: number;
  body: object;
}

/** Lets those who may write see whether a connection would work: `POST pace-bms/connections/try`. */
export function serveTrial(RED: NodeAPI): void {
  const mayWrite = RED.auth.needsPermission('pace-bms.write');
  RED.httpAdmin.post('/pace-bms/connections/try', mayWrite, (request, response) => {
    const trial = new AbortController();
    const onLeft = () => trial.abort(new PaceError('CLOSED', 'the editor waits no more'));
    const onStop = () => trial.abort(new PaceError('CLOSED', 'the flow was stopped or deployed meanwhile: try again'));
    response.once('close', onLeft);
    RED.events.once('flows:stopping', onStop);
    answerTo(RED, request.body, trial.signal)
      .catch((thrown): Answer => ({ status: 500, body: { error: asPaceError(thrown, 'CLOSED').message } }))
      .then(({ status, body }) => {
        RED.events.removeListener('flows:stopping', onStop);
        if (!response.destroyed) response.status(status).json(body);
      });
  });
}

async function answerTo(RED: NodeAPI, values: unknown, signal: AbortSignal): Promise<Answer> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return { status: 400, body: { error: 'the body is not an object with the values of the dialog' } };
  }
  let settings: ConnectionSettings;
  try {
    settings = settingsOf(withEnvironment(RED, values as RawProperties));
  } catch (thrown) {
    return { status: 200, body: nothingFound(thrown, undefined) };
  }
  const place = await settings.transport.place?.();
  if (place === undefined) return { status: 200, body: await resultOf(settings, place, signal) };
  if (beingTried.has(place)) {
    return {
      status: 409,
      body: { error: `${settings.transport.name} is being tried already: wait until that is done` },
    };
  }
  beingTried.add(place);
  try {
    return { status: 200, body: await resultOf(settings, place, signal) };
  } finally {
    beingTried.delete(place);
  }
}

/** @throws PaceError `CONFIG` */
function settingsOf(values: RawProperties): ConnectionSettings {
  const owner = [values.name, values.id].find((text) => typeof text === 'string' && text !== '') ?? '';
  return connectionSettings(values, String(owner), true);
}

/** What is found on a line: through the running connection that holds it, where one does. */
async function resultOf(settings: ConnectionSettings, place: string | undefined, signal: AbortSignal): Promise<object> {
  const holder = place === undefined ? undefined : await holderOf(place);
  try {
    signal.throwIfAborted();
    const found = holder?.bank ? await lookAt(holder.bank.client, signal) : await tryBank(settings, signal);
    return somethingFound(found, holder);
  } catch (thrown) {
    return nothingFound(thrown, holder);
  }
}

const throughOf = (holder: ConnectionNode | undefined) =>
  holder ? { id: holder.id, name: holder.name || holder.id } : null;

function nothingFound(thrown: unknown, holder: ConnectionNode | undefined): object {
  const { code, message, likelyCause } = asPaceError(thrown, 'CONFIG');
  return { found: false, through: throughOf(holder), error: { code, message }, cause: likelyCause };
}

function somethingFound(found: BankFound, holder: ConnectionNode | undefined): object {
  const { packs, missing, unreached, identity, roundTripMs } = found;
  const bank = summariseAnalog(packs);
  return {
    found: true,
    through: throughOf(holder),
    packCount: identity.packCount,
    packs: packs.map(({ pack, reading }) => ({
      pack,
      cells: reading.cellMillivolts.length,
      voltage: volts(reading.packMillivolts),
      current: amps(reading.currentMilliamps),
      soc: stateOfCharge(reading),
    })),
    voltage: volts(bank.millivolts),
    soc: stateOfCharge(bank),
    softwareVersion: identity.softwareVersion,
    bmsSerial: identity.bmsSerial,
    packSerial: identity.packSerial,
    roundTripMs,
    missing,
    unreached,
  };
}
