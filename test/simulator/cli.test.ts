import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { PaceError } from '../../src/errors.js';
import { openDoors } from '../../src/simulator/cli.js';
import { type CliOptions, parseCommandLine, USAGE } from '../../src/simulator/cli-options.js';
import { CELL_COUNTS, SCENARIO_NAMES } from '../../src/simulator/scenarios.js';
import { FrameReader, request } from './bms-client.js';

function parse(...argv: string[]): CliOptions {
  const options = parseCommandLine(argv);
  assert.ok(options !== 'help');
  return options;
}

async function connectTo(place: string): Promise<Socket> {
  const [, host, port] = /^tcp (.+):(\d+)$/.exec(place) ?? [];
  const socket = connect(Number(port), host as string);
  await once(socket, 'connect');
  return socket;
}

describe('the command line', () => {
  it('has defaults for everything', () => {
    assert.deepEqual(parse(), {
      packs: 2,
      cells: 16,
      scenario: 'solar-day',
      seed: 1,
      address: 1,
      addressing: 'master',
      baudRate: 0,
      host: '127.0.0.1',
      tcpPort: 5000,
      ptyLink: null,
    });
  });

  it('takes every option', () => {
    const options = parse(
      ...'--tcp 0 --host 0.0.0.0 --pty /tmp/bms --packs 16 --cells 8 --scenario alarms --seed 7'.split(' '),
      ...'--address 3 --addressing addressed --baud 9600'.split(' '),
    );
    assert.deepEqual(options, {
      packs: 16,
      cells: 8,
      scenario: 'alarms',
      seed: 7,
      address: 3,
      addressing: 'addressed',
      baudRate: 9600,
      host: '0.0.0.0',
      tcpPort: 0,
      ptyLink: '/tmp/bms',
    });
  });

  it('listens on no TCP port where only a serial port is asked for', () => {
    assert.equal(parse('--pty', '/tmp/bms').tcpPort, null);
  });

  for (const argv of [
    '--packs 0',
    '--packs 17',
    '--packs two',
    '--packs 1.5',
    '--cells 12',
    '--scenario night',
    '--scenario toString',
    '--tcp 70000',
    '--tcp',
    '--address 256',
    '--addressing relay',
    '--baud -1',
    '--bank 2',
    'extra',
  ]) {
    it(`refuses "${argv}" in one line`, () => {
      assert.throws(
        () => parseCommandLine(argv.split(' ')),
        (error: PaceError) => error.code === 'CONFIG' && !error.message.includes('\n'),
      );
    });
  }

  it('explains itself', () => {
    assert.equal(parseCommandLine(['--help']), 'help');
    for (const name of SCENARIO_NAMES) assert.ok(USAGE.includes(name));
    assert.ok(USAGE.includes(CELL_COUNTS.join(', ')));
  });
});

describe('over TCP', () => {
  it('several clients ask the same bank at once', async () => {
    const lines: string[] = [];
    const [door] = await openDoors(parse('--tcp', '0', '--packs', '4', '--scenario', 'idle'), (line) =>
      lines.push(line),
    );
    assert.ok(door);
    const sockets = await Promise.all([connectTo(door.place), connectTo(door.place)]);
    const replies = await Promise.all(sockets.map((socket) => new FrameReader(socket).ask(request())));
    for (const { info } of replies) {
      assert.equal(pace25.decode('analog', info, { address: 1, pack: 'all' }).slots.length, 4);
    }
    const closed = sockets.map((socket) => once(socket, 'close'));
    await door.close();
    await Promise.all(closed);
    assert.equal(lines.filter((line) => line.startsWith('client connected: 127.0.0.1 port ')).length, 2);
    assert.equal(lines.filter((line) => line.startsWith('client gone: ')).length, 2);
  });

  it('survives a client that breaks off in the middle', async () => {
    const [door] = await openDoors(parse('--tcp', '0'), () => {});
    assert.ok(door);
    const rude = await connectTo(door.place);
    rude.write(request().subarray(0, 9));
    rude.resetAndDestroy();
    const polite = await connectTo(door.place);
    assert.equal((await new FrameReader(polite).ask(request())).code, 0);
    polite.destroy();
    await door.close();
  });

  it('says when the port is in use', async () => {
    const [door] = await openDoors(parse('--tcp', '0'), () => {});
    assert.ok(door);
    const port = door.place.split(':').at(-1) as string;
    await assert.rejects(
      openDoors(parse('--tcp', port), () => {}),
      { code: 'CONFIG', message: `cannot listen on 127.0.0.1:${port}: the port is already in use, choose another` },
    );
    await door.close();
  });
});

describe('the program', () => {
  interface Run {
    child: ChildProcessWithoutNullStreams;
    output: { out: string; error: string };
    /** Resolves when the output matches. */
    says(pattern: RegExp): Promise<string>;
    ended: Promise<number | null>;
  }

  function run(...argv: string[]): Run {
    const program = `${__dirname}/../../src/simulator/cli.ts`;
    const child = spawn(process.execPath, ['--import', 'tsx', program, ...argv]);
    const output = { out: '', error: '' };
    child.stdout.on('data', (chunk) => {
      output.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.error += chunk;
    });
    const says = async (pattern: RegExp) => {
      for (;;) {
        const found = pattern.exec(output.out);
        if (found) return found[1] as string;
        await once(child.stdout, 'data');
      }
    };
    return { child, output, says, ended: once(child, 'close').then(([code]) => code) };
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints where it listens, answers, and ends cleanly on ${signal}`, {
      skip: process.platform === 'win32',
    }, async () => {
      const { child, says, ended, output } = run('--tcp', '0', '--packs', '3', '--scenario', 'full');
      const socket = await connectTo(await says(/listening on (tcp .*)\n/));
      const { info } = await new FrameReader(socket).ask(request());
      assert.equal(info[1], 3);
      assert.ok(await says(/client connected: (.*)\n/));
      child.kill(signal);
      assert.equal(await ended, 0);
      assert.equal(output.error, '');
    });
  }

  it('ends with 2 and one line when it is asked for the impossible', async () => {
    const { ended, output } = run('--packs', '99');
    assert.equal(await ended, 2);
    assert.equal(output.out, '');
    assert.equal(output.error, 'pace-bms-simulator: --packs must be a whole number from 1 to 16, not "99"\n');
  });

  it('helps', async () => {
    const { ended, output } = run('--help');
    assert.equal(await ended, 0);
    assert.equal(output.out.trim(), USAGE.trim());
  });
});
