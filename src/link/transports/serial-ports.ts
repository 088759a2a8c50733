import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { devicePath, listSystemPorts, portOwner, type SystemPort } from './serial.js';

/** A serial port that can be chosen. */
export interface SerialPortChoice {
  path: string;
  /** The name that stays with the adapter wherever it is plugged in; null where it has none. */
  byId: string | null;
  manufacturer: string | null;
  /** The connection that holds it open; null where none does. */
  usedBy: string | null;
}

interface Sources {
  /** What the system knows. */
  list?: () => Promise<SystemPort[]>;
  /** Where devices have their files. */
  devices?: string;
}

/** Files that stand for adapters, for where the system has no list, as in small containers. */
const ADAPTER = /^tty(USB|ACM|AMA|XRUSB)\d+$/;

/** The ports of this machine, USB adapters first. @throws Error where nothing can be told. */
export async function serialPorts({
  list = listSystemPorts,
  devices = '/dev',
}: Sources = {}): Promise<SerialPortChoice[]> {
  const ports = await list().catch((thrown) => adaptersIn(devices, thrown));
  const links = await linksById(join(devices, 'serial', 'by-id'));
  const choices = ports.map(({ path, manufacturer }) => ({
    path,
    byId: links.get(devicePath(path)) ?? null,
    manufacturer: manufacturer?.trim() || null,
    usedBy: portOwner(path),
  }));
  return choices.sort(isBefore);
}

/** @throws what kept the system from telling, where there are no adapters. */
async function adaptersIn(devices: string, thrown: unknown): Promise<SystemPort[]> {
  const names = (await namesIn(devices)).filter((name) => ADAPTER.test(name));
  if (names.length === 0) throw thrown;
  return names.map((name) => ({ path: join(devices, name) }));
}

/** The links of a folder, by the devices they lead to; the first of several to one. */
async function linksById(folder: string): Promise<Map<string, string>> {
  const links = (await namesIn(folder)).sort().map((name) => join(folder, name));
  return new Map(links.reverse().map((link) => [devicePath(link), link]));
}

/** Nothing for a folder that is not there. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const byNumber = new Intl.Collator('en', { numeric: true });

function isBefore(a: SerialPortChoice, b: SerialPortChoice): number {
  const rank = ({ byId, manufacturer }: SerialPortChoice) => (byId || manufacturer ? 0 : 1);
  return rank(a) - rank(b) || byNumber.compare(a.path, b.path);
}
