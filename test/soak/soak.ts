/** Runs the soak that the command line asks for: exit code 0 when it passes, 1 when it fails, 2 when it was asked wrongly. */
import { parseOptions, type SoakOptions } from './options.js';
import { reportText } from './report.js';
import { failuresOf } from './result.js';
import { runSoak } from './run.js';

function optionsOrExit(): SoakOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (thrown) {
    process.stderr.write(`${(thrown as Error).message}\n`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const result = await runSoak(optionsOrExit());
  const exitCode = failuresOf(result).length === 0 ? 0 : 1;
  process.stdout.write(reportText(result), () => process.exit(exitCode)); // a leaked handle must not keep it running
}

main().catch((thrown: Error) => {
  process.stderr.write(`the soak broke off: ${thrown.stack}\n`);
  process.exit(1);
});
