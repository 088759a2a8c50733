/** Runs one section and sends its figures to the process that started this one. */
import { SECTIONS } from './sections.js';

async function main(): Promise<void> {
  const section = SECTIONS[process.argv[2] ?? ''];
  if (!section) throw new Error(`no section ${process.argv[2]}`);
  const figuresOf = await section.load();
  const figures = await figuresOf();
  process.send?.(figures, () => process.exit());
}

void main();
