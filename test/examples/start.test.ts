import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { freePort, ProjectCopy } from './project-copy.js';

/** `npm start` without npm, in a project copy. */
class Demo {
  output = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<[code: number | null]>;
  /** Emits `news` at every output and at the end. */
  readonly #events = new EventEmitter();

  constructor(project: ProjectCopy, port: string) {
    this.#child = spawn(process.execPath, [join(project.folder, 'scripts', 'start.mjs')], {
      env: { ...process.env, PORT: port, TMPDIR: project.temporary, TEMP: project.temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close') as Promise<[number | null]>;
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#events.emit('news');
      });
    }
    this.#child.once('close', () => this.#events.emit('news'));
  }

  /** Waits until it has printed all of `texts`. */
  async prints(...texts: readonly RegExp[]): Promise<void> {
    while (!texts.every((text) => text.test(this.output))) {
      assert.equal(this.#child.exitCode, null, `it has ended: ${this.output}`);
      await once(this.#events, 'news');
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for its end. @returns its exit code. */
  async code(): Promise<number | null> {
    const [code] = await this.#ended;
    return code;
  }

  /** Ends it, whatever it does. */
  async end(): Promise<void> {
    if (this.#child.exitCode === null) this.signal('SIGTERM');
    await this.#ended;
  }
}

describe('npm start', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
  });
  after(() => project.remove());

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`shows a bank at once and leaves nothing behind at ${signal}`, async () => {
      const port = await freePort();
      const demo = new Demo(project, String(port));
      try {
        await demo.prints(/ {2}analog .* %, .* V, .* A, 4 packs/, / {2}warning no alarms/, / {2}status .*charg/);
        const dashboard = `http://127.0.0.1:${port}/dashboard`;
        assert.match(demo.output, new RegExp(`Editor +http://127.0.0.1:${port}/\n`));
        assert.match(demo.output, new RegExp(`Dashboard +${dashboard}\n`));
        assert.equal((await fetch(dashboard)).status, 200);
        assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
        assert.equal((await readdir(project.temporary)).filter((name) => name.startsWith('pace-bms-demo-')).length, 1);
        demo.signal(signal);
        assert.equal(await demo.code(), 0);
        assert.deepEqual(await readdir(project.temporary), []);
      } finally {
        await demo.end();
      }
    });
  }

  it('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      const demo = new Demo(project, String(port));
      assert.equal(await demo.code(), 1);
      assert.match(demo.output, new RegExp(`^Port ${port} is taken by another program\\. .*PORT=.*\n$`));
    } finally {
      server.close();
    }
  });

  for (const port of ['abc', '0', '65536', '1880.5', '-1']) {
    it(`refuses PORT=${port}`, async () => {
      const demo = new Demo(project, port);
      assert.equal(await demo.code(), 1);
      assert.equal(demo.output, `PORT must be a whole number from 1 to 65535, not "${port}".\n`);
    });
  }
});
