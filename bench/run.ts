/** Measures, section by section; without names all of them, into `bench/results.json`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, loadAverage, print, type SectionResult, surroundings } from './results.js';
import { SECTIONS } from './sections.js';

const FILE = join(__dirname, 'results.json');

async function run(name: string): Promise<SectionResult> {
  const { about, flags = [] } = SECTIONS[name] as (typeof SECTIONS)[string];
  const busy = loadAverage();
  const startedAt = performance.now();
  const child = fork(join(__dirname, 'run-section.ts'), [name], { execArgv: ['--import', 'tsx', ...flags] });
  const figures = await Promise.race([
    once(child, 'message').then(([message]) => message as Figure[]),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`section ${name} ended with ${code}`))),
  ]);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { about, loadAverage: busy, seconds, figures };
}

async function main(): Promise<void> {
  const all = Object.keys(SECTIONS);
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`no section ${unknown.join(', ')}: there are ${all.join(', ')}`);
  const conditions = surroundings();
  console.log(JSON.stringify(conditions, null, 2));
  const sections: Record<string, SectionResult> = {};
  for (const name of named.length > 0 ? named : all) {
    const result = await run(name);
    print(name, result);
    sections[name] = result;
  }
  if (named.length > 0) return;
  writeFileSync(FILE, `${JSON.stringify({ ...conditions, sections }, null, 2)}\n`);
  console.log(`\nwritten to ${FILE}`);
}

main().catch((thrown) => {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
});
