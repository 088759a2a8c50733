/** Runs the simulation that the command line asks for: exit code 0 without excursions, 1 with some, 2 when asked wrongly. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, type SimulationOptions } from './options.js';
import { plotOf } from './plot.js';
import { reportText } from './report.js';
import { runSimulation } from './run.js';

const PLOT = join(__dirname, '..', '..', 'docs', 'images', 'limits-day.svg');

function optionsOrExit(): SimulationOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exit(2);
  }
}

const result = runSimulation(optionsOrExit());
if (result.options.plotDay !== null) {
  writeFileSync(PLOT, plotOf(result.samples));
  console.log(`written: ${PLOT}`);
}
console.log(reportText(result));
process.exitCode = result.excursions.length === 0 ? 0 : 1;
