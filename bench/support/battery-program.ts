/** The program of `Batteries`: opens the lines it is told to, and tells what went over them. */
import { BankModel } from '../../src/simulator/bank-model.js';
import { openPtyLink } from '../../src/simulator/pty-link.js';
import { type OpenDoor, openTcpServer } from '../../src/simulator/tcp-server.js';
import type { BatteryCommand, BatteryLine } from './batteries.js';
import { PacedBms } from './paced-bms.js';

const batteries: PacedBms[] = [];
const doors: OpenDoor[] = [];

async function open({ packs, tailBytes, baudRate, link }: BatteryLine): Promise<string> {
  const bms = new PacedBms(
    new BankModel({ packs, cells: 16, scenario: 'solar-day' }),
    tailBytes === undefined ? {} : { tailBytes },
  );
  bms.baudRate = baudRate;
  batteries.push(bms);
  const door = link ? openPtyLink(bms, link) : openTcpServer(bms, { host: '127.0.0.1', port: 0 }, () => {});
  doors.push(await door);
  return link ?? (await door).place.replace(/^.*:/, '');
}

async function openAll(lines: readonly BatteryLine[]): Promise<string[]> {
  const places: string[] = [];
  for (const line of lines) places.push(await open(line));
  return places;
}

async function closeAll(): Promise<void> {
  await Promise.all(doors.splice(0).map((door) => door.close()));
  setImmediate(() => process.exit());
}

process.on('message', async (command: BatteryCommand) => {
  if (command.is === 'open') process.send?.(await openAll(command.lines));
  else if (command.is === 'count') process.send?.(batteries.map(({ counts }) => counts));
  else await closeAll();
});
process.on('disconnect', () => void closeAll());
