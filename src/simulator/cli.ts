#!/usr/bin/env node
import { BankModel } from './bank-model.js';
import { type CliOptions, parseCommandLine, USAGE } from './cli-options.js';
import { openPtyLink } from './pty-link.js';
import { SCENARIOS } from './scenarios.js';
import { SimulatedBms } from './simulated-bms.js';
import { type OpenDoor, openTcpServer } from './tcp-server.js';

const WRONG_USE = 2;
const FAILED = 1;

/** Opens every door that `options` ask for; those already open are closed again when one cannot be. */
export async function openDoors(options: CliOptions, report: (line: string) => void): Promise<OpenDoor[]> {
  const bms = new SimulatedBms(new BankModel(options), options);
  const { tcpPort, host, ptyLink } = options;
  const doors: OpenDoor[] = [];
  try {
    if (tcpPort !== null) doors.push(await openTcpServer(bms, { host, port: tcpPort }, report));
    if (ptyLink !== null) doors.push(await openPtyLink(bms, ptyLink));
  } catch (thrown) {
    await Promise.all(doors.map((door) => door.close()));
    throw thrown;
  }
  return doors;
}

/** The program: runs until it is told to stop. @returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let options: CliOptions | 'help';
  try {
    options = parseCommandLine(argv);
  } catch (thrown) {
    return complain(thrown, WRONG_USE);
  }
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const stopped = stopSignal();
  let doors: OpenDoor[];
  try {
    doors = await openDoors(options, console.log);
  } catch (thrown) {
    return complain(thrown, FAILED);
  }
  const { packs, cells, scenario } = options;
  console.log(`${packs} x ${cells} cells, ${scenario}: ${SCENARIOS[scenario].description}`);
  for (const { place } of doors) console.log(`listening on ${place}`);
  const failure = await Promise.race([stopped, ...doors.map(({ failed }) => failed)]);
  await Promise.all(doors.map((door) => door.close()));
  return failure === null ? 0 : complain(new Error(failure), FAILED);
}

/** Resolves with null at Ctrl-C or when the system ends the program. */
function stopSignal(): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(null));
  });
}

function complain(thrown: unknown, exitCode: number): number {
  console.error(`pace-bms-simulator: ${thrown instanceof Error ? thrown.message : thrown}`);
  return exitCode;
}

if (require.main === module) {
  main(process.argv.slice(2)).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
