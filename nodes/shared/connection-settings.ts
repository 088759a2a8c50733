import { DIALECTS } from '../../src/dialects/registry.js';
import type { Addressing, BankOptions } from '../../src/link/bank-reading.js';
import type { DebugLevel } from '../../src/link/line-options.js';
import type { Transport } from '../../src/link/transport.js';
import { duplexTransport } from '../../src/link/transports/duplex.js';
import { serialTransport } from '../../src/link/transports/serial.js';
import { tcpTransport } from '../../src/link/transports/tcp.js';
import { parseSelection } from '../../src/polling/selection.js';
import { openSimulatedPort } from '../../src/simulator/port.js';
import { CELL_COUNTS, SCENARIO_NAMES } from '../../src/simulator/scenarios.js';
import { choice, number, type Parsed, parseProperties, type RawProperties, settingError, text } from './properties.js';

const PROPERTIES = {
  transport: choice(['serial', 'tcp', 'simulator'], 'serial'),
  serialPort: text(''),
  baudRate: number({ from: 50, to: 4_000_000, default: 9600 }),
  host: text(''),
  port: number({ from: 1, to: 65535, default: 5000 }),
  dialect: choice([...DIALECTS.keys()], 'pace25'),
  addressing: choice(['master', 'addressed', 'relay'], 'master'),
  address: number({ from: 0, to: 255, default: 1 }),
  addresses: text(''),
  timeout: number({ from: 10, to: 60_000, default: 1000 }),
  spacing: number({ from: 0, to: 60_000, default: 200 }),
  retries: number({ from: 0, to: 10, default: 2 }),
  debugLevel: choice([0, 1, 2, 3], 0),
  simPacks: number({ from: 1, to: 16, default: 2 }),
  simCells: choice(CELL_COUNTS, 16),
  simScenario: choice(SCENARIO_NAMES, 'solar-day'),
};

type Properties = Parsed<typeof PROPERTIES>;

/** The properties that only some choices need, by what makes them count: the others may hold anything. */
const NEEDED_BY_TRANSPORT: Record<Properties['transport'], readonly (keyof Properties)[]> = {
  serial: ['serialPort', 'baudRate'],
  tcp: ['host', 'port'],
  simulator: ['simPacks', 'simCells', 'simScenario'],
};
const NEEDED_BY_ADDRESSING: Record<Properties['addressing'], readonly (keyof Properties)[]> = {
  master: ['address'],
  relay: ['address', 'addresses'],
  addressed: ['addresses'],
};
const CONDITIONAL = new Set([...Object.values(NEEDED_BY_TRANSPORT), ...Object.values(NEEDED_BY_ADDRESSING)].flat());

/** A connection's settings, ready to be used. */
export type ConnectionSettings = Omit<BankOptions, 'log'> & { debugLevel: DebugLevel };

/**
 * What a connection node's properties say.
 * @param owner names the connection to others that want its serial port.
 * @param isTrial whether the port is only to be tried.
 * @throws PaceError `CONFIG`
 */
export function connectionSettings(raw: RawProperties, owner: string, isTrial = false): ConnectionSettings {
  const { transport, addressing } = parseProperties(raw, {
    transport: PROPERTIES.transport,
    addressing: PROPERTIES.addressing,
  });
  const needed = new Set([...NEEDED_BY_TRANSPORT[transport], ...NEEDED_BY_ADDRESSING[addressing]]);
  const relevant = Object.entries(raw).filter(([name]) => {
    return !CONDITIONAL.has(name as keyof Properties) || needed.has(name as keyof Properties);
  });
  const properties = parseProperties({ addresses: '1', ...Object.fromEntries(relevant) }, PROPERTIES);
  const dialect = DIALECTS.get(properties.dialect);
  if (!dialect) throw settingError('dialect', `${properties.dialect} is not known`);
  const addressedAs = addressingOf(properties);
  return {
    transport: transportOf(properties, addressedAs, { owner, isTrial }),
    dialect,
    addressing: addressedAs,
    timeoutMs: properties.timeout,
    spacingMs: properties.spacing,
    retries: properties.retries,
    debugLevel: properties.debugLevel,
  };
}

function transportOf(
  properties: Properties,
  addressing: Addressing,
  holder: { owner: string; isTrial: boolean },
): Transport {
  const {
    serialPort: path,
    baudRate,
    host,
    port,
    simPacks: packs,
    simCells: cells,
    simScenario: scenario,
  } = properties;
  switch (properties.transport) {
    case 'serial':
      if (path === '') throw settingError('serialPort', 'choose the serial port of the adapter');
      return serialTransport({ path, baudRate, ...holder });
    case 'tcp':
      if (host === '') throw settingError('host', 'give the host name or IP address of the serial server');
      return tcpTransport({ host, port });
    case 'simulator':
      return duplexTransport({
        name: `simulated bank of ${packs}`,
        open: () => openSimulatedPort({ packs, cells, scenario, ...simulatedAddress(addressing) }),
      });
  }
}

/** Where the simulated bank answers: where the connection asks. */
function simulatedAddress(addressing: Addressing): { addressing: 'master' | 'addressed'; address: number } {
  if (addressing.mode === 'addressed') return { addressing: 'addressed', address: Math.min(...addressing.packs) };
  return { addressing: 'master', address: addressing.address };
}

function addressingOf({ addressing, address, addresses }: Properties): Addressing {
  if (addressing === 'master') return { mode: 'master', address };
  const packs = parseSelection(addresses, 'addresses');
  if (packs === null || packs.includes(255)) {
    throw settingError('addresses', 'give the addresses of the packs, such as 1-4,7 (0 to 254)');
  }
  return addressing === 'relay' ? { mode: 'relay', address, packs } : { mode: 'addressed', packs };
}
