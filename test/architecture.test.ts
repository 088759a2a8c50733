import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { describe, it } from 'node:test';
import { COMMANDS } from '../src/dialects/pace25/frames.js';
import { IDENTITY, type IdentityKind } from '../src/dialects/pace25/identity.js';
import { encodeIdentityRequest, pace25 } from '../src/dialects/pace25/index.js';

const ROOT = join(__dirname, '..');

/** What each folder may import of ours besides itself (design, section 2). */
const ALLOWED: Record<string, readonly string[]> = {
  'src/errors.ts': [],
  'src/wire': ['src/errors.ts'],
  'src/battery': ['src/errors.ts'],
  'src/dialects': ['src/errors.ts', 'src/wire', 'src/battery'],
  'src/link': ['src/errors.ts', 'src/wire', 'src/battery', 'src/dialects'],
  'src/messages': ['src/errors.ts', 'src/battery'],
  'src/polling': ['src/errors.ts', 'src/link', 'src/battery', 'src/messages'],
  'src/limits': ['src/errors.ts', 'src/battery', 'src/messages'],
  'src/simulator': ['src/errors.ts', 'src/wire', 'src/battery', 'src/dialects'],
  nodes: [
    'src/errors.ts',
    ...['src/battery', 'src/dialects', 'src/link', 'src/limits', 'src/messages', 'src/polling', 'src/simulator'],
  ],
};

interface SourceFile {
  /** From the root, with slashes. */
  path: string;
  text: string;
  /** The modules it imports, ours as paths from the root. */
  imports: string[];
}

const slashes = (path: string) => path.split(sep).join('/');

/** Static, dynamic, type-only and `require` imports, and re-exports. */
const IMPORTED = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g;

function sourcesIn(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = join(ROOT, folder, name);
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(IMPORTED)].map(([, module = '']) =>
        module.startsWith('.') ? slashes(relative(ROOT, resolve(file, '..', module))).replace(/\.js$/, '.ts') : module,
      );
      return { path: slashes(join(folder, name)), text, imports };
    });
}

const sources = [...sourcesIn('src'), ...sourcesIn('nodes')];
const isIn = (path: string, place: string) => path === place || path.startsWith(`${place}/`);
const homeOf = (path: string) => Object.keys(ALLOWED).find((place) => isIn(path, place));

describe('imports run one way', () => {
  it('every file has a home in the table', () => {
    assert.deepEqual(
      sources.map(({ path }) => path).filter((path) => !homeOf(path)),
      [],
    );
  });

  for (const [place, allowed] of Object.entries(ALLOWED)) {
    it(`${place} imports only ${[...allowed, 'itself'].join(', ')}`, () => {
      const files = sources.filter(({ path }) => isIn(path, place));
      assert.ok(files.length > 0, 'no file');
      const others = files.flatMap(({ path, imports }) =>
        imports
          .filter((module) => homeOf(module) && ![place, ...allowed].some((other) => isIn(module, other)))
          .map((module) => `${path} -> ${module}`),
      );
      assert.deepEqual(others, []);
    });
  }

  it('src imports packages only where the outside is met', () => {
    const packages = sources
      .filter(({ path }) => isIn(path, 'src'))
      .flatMap(({ path, imports }) =>
        imports.filter((module) => /^[a-z@]/.test(module) && !homeOf(module)).map((module) => ({ path, module })),
      )
      .filter(({ module }) => !module.startsWith('node:'));
    assert.deepEqual(packages, [{ path: 'src/link/transports/serial.ts', module: 'serialport' }]);
  });

  it('nothing in src knows Node-RED', () => {
    const knowing = sources.filter(
      ({ path, imports }) => isIn(path, 'src') && imports.some((module) => /node-red/.test(module)),
    );
    assert.deepEqual(knowing, []);
  });
});

describe('nothing is ever written to a battery', () => {
  it('the only commands there are read', () => {
    const commands = [...Object.values(COMMANDS), ...Object.values(IDENTITY).map(({ command }) => command)];
    assert.deepEqual(new Set(commands), new Set([0x42, 0x44, 0x90, 0xa6, 0xb1, 0xc1, 0xc2]));
  });

  it('requests carry only these, whatever is asked of whom', () => {
    const commands = new Set<string>();
    for (let address = 0; address < 256; address++) {
      for (const pack of ['all', 0, 1, 154, 255] as const) {
        for (const kind of ['analog', 'alarms'] as const) {
          commands.add(pace25.encodeRead(kind, { address, pack }).toString('latin1', 7, 9));
        }
      }
      for (const kind of Object.keys(IDENTITY) as IdentityKind[]) {
        commands.add(encodeIdentityRequest(kind, address).toString('latin1', 7, 9));
      }
    }
    assert.deepEqual([...commands].sort(), ['42', '44', '90', 'A6', 'B1', 'C1', 'C2']);
  });

  it('frames are made only by the dialect’s request and reply sides', () => {
    const makers = sources.filter(({ text }) => /\bencodeFrame\(/.test(text)).map(({ path }) => path);
    assert.deepEqual(makers.sort(), [
      'src/dialects/pace25/encode.ts',
      'src/dialects/pace25/index.ts',
      'src/wire/frame.ts',
    ]);
  });

  it('replies are made only by the simulator', () => {
    const users = sources.filter(({ imports }) => imports.some((module) => /pace25\/encode\.ts$/.test(module)));
    assert.deepEqual(
      users.filter(({ path }) => !isIn(path, 'src/simulator')).map(({ path }) => path),
      [],
    );
  });
});
