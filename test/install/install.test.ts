import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../examples/project-copy.js';
import { ptyMissing } from '../support/pty.js';
import { buttonsIn, type FlowNode, sendersIn, typesIn, withoutBrokers } from './flow.js';
import { NODE_REDS } from './node-reds.js';
import { startProgram, stopProgram } from './programs.js';
import { RunningNodeRed } from './running-node-red.js';
import { Tarball } from './tarball.js';
import { UserDir } from './user-dir.js';

const PACKAGE = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const NAME: string = PACKAGE.name;
const OWN_TYPES = Object.keys(PACKAGE['node-red'].nodes);
const DASHBOARD = '@flowfuse/node-red-dashboard';
const [SIMULATOR = ''] = Object.keys(PACKAGE.bin);
/** The example that is also tried with a serial port. */
const QUICK_START = '01-quick-start';

/** What of the project's folders must be in which of the package's. */
const CARRIED = [
  { from: 'examples', to: 'examples', files: /\.json$/ },
  { from: 'docs', to: 'docs', files: /^[^/\\]+\.md$/ },
  { from: 'nodes', to: 'dist/nodes', files: /pace-bms-\w+\.(html|json)$/ },
  { from: 'icons', to: 'dist/nodes/icons', files: /\.svg$/ },
];

const examples = filesIn(join(root, 'examples'), /\.json$/).map((file) => file.replace(/\.json$/, ''));
const readExample = (name: string): FlowNode[] =>
  JSON.parse(readFileSync(join(root, 'examples', `${name}.json`), 'utf8'));
const needsDashboard = (name: string) => typesIn(readExample(name)).some((type) => type.startsWith('ui-'));

function filesIn(folder: string, fitting: RegExp): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => fitting.test(path) && statSync(join(folder, path)).isFile()).sort();
}

describe('the packed package', { timeout: 600_000 }, () => {
  let tarball: Tarball;

  before(async () => {
    tarball = await Tarball.pack();
  });
  after(() => tarball?.remove());

  for (const version of NODE_REDS) {
    describe(`installed into ${version.title}`, () => {
      let userDir: UserDir;

      before(async () => {
        userDir = await UserDir.make(version);
        await userDir.install(tarball.path);
      });
      after(() => userDir?.remove());

      it('brings its runtime dependencies and nothing else', async () => {
        const { dependencies = {} } = await userDir.tree();
        assert.deepEqual(Object.keys(dependencies), [NAME]);
        const own = Object.keys(dependencies[NAME]?.dependencies ?? {});
        assert.deepEqual(own.sort(), Object.keys(PACKAGE.dependencies).sort());
        const packages = await userDir.packages();
        assert.deepEqual(
          packages.filter((name) => name in PACKAGE.devDependencies),
          [],
        );
      });

      it('holds what is published, and no more', () => {
        const folder = userDir.moduleFolder(NAME);
        const published = PACKAGE.files.map((path: string) => path.split('/')[0]);
        assert.deepEqual(readdirSync(folder).sort(), [...published, 'LICENSE', 'README.md', 'package.json'].sort());
        for (const { from, to, files } of CARRIED) {
          const wanted = filesIn(join(root, from), files);
          assert.ok(wanted.length > 0, from);
          assert.deepEqual(
            wanted.filter((file) => !existsSync(join(folder, to, file))),
            [],
            to,
          );
        }
      });

      describe('as it is', () => {
        const nodeRed = runsIn(() => userDir);

        it('loads every node', async () => {
          const sets = (await nodeRed().nodeSets()).filter(({ module }) => module === NAME);
          assert.deepEqual(
            sets.filter(({ err, enabled }) => err || !enabled),
            [],
          );
          assert.deepEqual(sets.flatMap(({ types }) => types).sort(), OWN_TYPES.toSorted());
          assert.deepEqual(nodeRed().errors, []);
        });

        it('gives the editor dialogs, help, labels and icons', async () => {
          const html = await nodeRed().get('nodes', 'text/html');
          for (const type of OWN_TYPES) {
            assert.ok(html.includes(`data-template-name="${type}"`), `dialog of ${type}`);
            assert.ok(html.includes(`data-help-name="${type}"`), `help of ${type}`);
            const labels = JSON.parse(await nodeRed().get(`locales/${NAME}/${type}?lng=en-US`));
            assert.ok(Object.keys(labels[type].label).length > 0, `labels of ${type}`);
          }
          const icons = JSON.parse(await nodeRed().get('icons'));
          assert.deepEqual(icons[NAME].sort(), filesIn(join(root, 'icons'), /\.svg$/));
        });

        it('lists every example', async () => {
          const listed: { fn: string }[] = JSON.parse(await nodeRed().get(`library/examples/flows/${NAME}/`));
          assert.deepEqual(listed.map(({ fn }) => fn.replace(/\.json$/, '')).sort(), examples);
        });

        for (const example of examples.filter((name) => !needsDashboard(name))) showsMessages(example, nodeRed);

        it('reads a battery on a serial port', { skip: ptyMissing }, async () => {
          const serialPort = join(userDir.folder, 'bms');
          const program = userDir.moduleFolder(join('.bin', SIMULATOR));
          const simulator = startProgram(program, ['--pty', serialPort], { stdio: ['ignore', 'pipe', 'inherit'] });
          try {
            await once(simulator.stdout as NodeJS.ReadableStream, 'data');
            const flow = (await imported(QUICK_START, nodeRed())).map((node) =>
              node.type === 'pace-bms-connection' ? { ...node, transport: 'serial', serialPort } : node,
            );
            await runs(flow, nodeRed());
          } finally {
            await nodeRed().deploy([]);
            await stopProgram(simulator);
          }
        });
      });

      describe('with the dashboard', () => {
        before(() => userDir.install(`${DASHBOARD}@${PACKAGE.devDependencies[DASHBOARD]}`));
        const nodeRed = runsIn(() => userDir);

        it('loads the nodes of both', async () => {
          const sets = (await nodeRed().nodeSets()).filter(({ module }) => [NAME, DASHBOARD].includes(module));
          assert.equal(new Set(sets.map(({ module }) => module)).size, 2);
          assert.deepEqual(
            sets.filter(({ err, enabled }) => err || !enabled),
            [],
          );
        });

        for (const example of examples.filter(needsDashboard)) showsMessages(example, nodeRed);
      });
    });
  }
});

/** Lets a Node-RED run for the tests of a suite. */
function runsIn(userDir: () => UserDir): () => RunningNodeRed {
  let nodeRed: RunningNodeRed;
  before(async () => {
    nodeRed = await RunningNodeRed.start(userDir());
  });
  after(() => nodeRed?.stop());
  return () => nodeRed;
}

function showsMessages(example: string, nodeRed: () => RunningNodeRed): void {
  it(`shows the messages of ${example}`, async (test) => {
    const flow = await imported(example, nodeRed());
    const types = (await nodeRed().nodeSets()).flatMap(({ types }) => types);
    const foreign = typesIn(flow).filter((type) => !types.includes(type) && !OWN_TYPES.includes(type));
    if (foreign.length > 0) test.skip(`needs ${foreign.join(', ')}`);
    else await runs(flow, nodeRed());
  });
}

/** An example as the editor's import menu gives it. */
async function imported(example: string, nodeRed: RunningNodeRed): Promise<FlowNode[]> {
  return JSON.parse(await nodeRed.get(`library/examples/flows/${NAME}/${encodeURIComponent(example)}`));
}

/** Deploys a flow and waits until something has come from each of our nodes in it. */
async function runs(flow: FlowNode[], nodeRed: RunningNodeRed): Promise<void> {
  const senders = sendersIn(flow);
  assert.ok(senders.length > 0);
  await nodeRed.deploy(withoutBrokers(flow));
  for (const id of buttonsIn(flow)) await nodeRed.press(id);
  const silent = () => senders.filter(({ id }) => !nodeRed.hasHeardFrom(id));
  await nodeRed.until(
    () => silent().length === 0,
    () => `no message from ${silent().map(({ type, id }) => `${type} ${id}`)}`,
  );
  assert.deepEqual(nodeRed.errors, []);
}
