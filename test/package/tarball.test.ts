import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DIST, filesIn, LANGUAGES, MANIFEST, NODES, ROOT } from './package.js';

/** A file as it would be published. */
interface PackedFile {
  path: string;
  mode: number;
}

const EXECUTABLE = 0o111;

function packed(): PackedFile[] {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  assert.equal(status, 0, stderr);
  return (JSON.parse(stdout) as [{ files: PackedFile[] }])[0].files;
}

const compiled = (folder: string) =>
  filesIn(folder)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `dist/${folder}/${path.replace(/\.ts$/, '.js')}`);
const inFolder = (folder: string, ending: string) =>
  filesIn(folder)
    .filter((path) => path.endsWith(ending))
    .map((path) => `${folder}/${path}`);

/** All that users get: the code built, what the editor needs of it, examples and docs. */
const WANTED = [
  ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'],
  ...compiled('src'),
  ...compiled('nodes'),
  ...NODES.map(([type]) => `dist/nodes/${type}.html`),
  ...filesIn('icons').map((path) => `dist/nodes/icons/${path}`),
  ...LANGUAGES.flatMap((language) =>
    NODES.flatMap(([type]) => ['html', 'json'].map((ending) => `dist/nodes/locales/${language}/${type}.${ending}`)),
  ),
  ...inFolder('examples', '.json'),
  ...inFolder('docs', '.md').filter((path) => !/^docs\/.*\//.test(path)),
];

describe('what is published', () => {
  const files = packed();
  const paths = files.map(({ path }) => path);

  it('is what users need, all of it and nothing else', () => {
    assert.deepEqual(paths.sort(), [...WANTED].sort());
  });

  it('has the program that package.json names, and lets it be run', () => {
    for (const program of Object.values(MANIFEST.bin)) {
      const mode = files.find(({ path }) => path === program)?.mode ?? 0;
      assert.equal(mode & EXECUTABLE, EXECUTABLE, `${program} is missing, or no program`);
      assert.match(readFileSync(join(ROOT, program), 'utf8'), /^#!\/usr\/bin\/env node\n/);
    }
  });

  it('has all that package.json refers to', () => {
    for (const [, path] of NODES) assert.ok(paths.includes(path), path);
    for (const entry of MANIFEST.files.filter((listed) => !listed.includes('*'))) {
      assert.ok(existsSync(join(ROOT, entry)), entry);
    }
    for (const entry of MANIFEST.files) {
      const start = entry.replace(/\*.*/, '');
      assert.ok(
        paths.some((path) => path.startsWith(start)),
        `${entry} is nothing`,
      );
    }
  });

  it('points at nothing that is not in it', () => {
    for (const { path, source, loads } of sources()) {
      assert.doesNotMatch(source, /sourceMappingURL/, path);
      for (const module of loads.filter((name) => name.startsWith('.'))) {
        const target = join(path, '..', module).replaceAll('\\', '/');
        assert.ok(paths.includes(target), `${path} loads ${module}`);
      }
    }
  });

  it('loads no package but its dependencies', () => {
    const loaded = sources().flatMap(({ loads }) => loads.filter((name) => !/^\.|^node:/.test(name)));
    assert.deepEqual([...new Set(loaded)].sort(), Object.keys(MANIFEST.dependencies).sort());
  });
});

/** The code as it is built, with the modules that it loads. */
const sources = () =>
  filesIn('dist')
    .filter((path) => path.endsWith('.js'))
    .map((path) => {
      const source = readFileSync(join(DIST, path), 'utf8');
      const loads = [...source.matchAll(/\b(?:require|import)\(["']([^"']+)["']\)/g)].map(([, module]) =>
        String(module),
      );
      return { path: `dist/${path}`, source, loads };
    });
