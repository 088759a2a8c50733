import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { definitionsIn, dialogOf } from './definitions.js';
import { filesIn, LOCK, MANIFEST, NODE_RED_5_LOCK, NODES, ROOT, semver } from './package.js';

/** A rule of the Flow Library's scorecard. P02 and P08 need the network, and so does N01 in full. */
export interface Rule {
  id: string;
  wants: string;
  /** What breaks it fails the test, or is told: what only the owner can decide. */
  judged: 'fails' | 'reported';
  /** Why the package does not hold to it. */
  problems(): string[];
}

const MOST_DEPENDENCIES = 6;
const OLDEST_NODE = '22.9.0';
/** Packages that Node-RED does not get on with, and in which versions. */
const KNOWN_BAD: Record<string, string> = { 'agent-base': '<6.0.0' };

const versionOf = (lock: typeof LOCK, name: string) => lock.packages[`node_modules/${name}`]?.version ?? 'none';
const NODE_RED_4 = versionOf(LOCK, 'node-red');
const NODE_RED_5 = versionOf(NODE_RED_5_LOCK, 'node-red');

const problemIf = (isProblem: boolean, text: string) => (isProblem ? [text] : []);
const moduleOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** All that is known of the versions of a package. */
const versionsOf = (name: string) =>
  [LOCK, NODE_RED_5_LOCK].flatMap(({ packages }) =>
    Object.entries(packages).flatMap(([path, { version }]) => (moduleOf(path) === name && version ? [version] : [])),
  );

const exampleTypes = () =>
  new Set(
    filesIn('examples')
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => JSON.parse(readFileSync(join(ROOT, 'examples', file), 'utf8')) as { type: string }[])
      .map(({ type }) => type),
  );

function typesOfNodeRed(): Set<string> {
  const core = join(dirname(require.resolve('@node-red/nodes/package.json')), 'core');
  const dialogs = filesIn(core).filter((file) => /^(?!.*locales).*\.html$/.test(file));
  const texts = dialogs.map((file) => readFileSync(join(core, file), 'utf8'));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/registerType\(['"]([^'"]+)/g)].map(([, type]) => `${type}`)),
  );
}

export const RULES: readonly Rule[] = [
  {
    id: 'P01',
    wants: 'a license',
    judged: 'fails',
    problems: () => problemIf(!MANIFEST.license, 'package.json names no license'),
  },
  {
    id: 'P03',
    wants: 'a repository, or where to report bugs',
    judged: 'reported',
    problems: () => problemIf(!MANIFEST.repository && !MANIFEST.bugs, 'package.json has neither repository nor bugs'),
  },
  {
    id: 'P04',
    wants: 'a scoped name, as new packages have',
    judged: 'reported',
    problems: () =>
      problemIf(!/^@[a-z\d][\w-.]+\/[a-z\d][\w-.]*$/.test(MANIFEST.name), `${MANIFEST.name} has no scope`),
  },
  {
    id: 'P04',
    wants: 'node-red-contrib- where a name begins with node-red',
    judged: 'fails',
    problems: () => problemIf(/^(node-red|nodered)(?!-contrib-)/i.test(MANIFEST.name), MANIFEST.name),
  },
  {
    id: 'P05',
    wants: 'the keyword node-red',
    judged: 'fails',
    problems: () => problemIf(!MANIFEST.keywords.includes('node-red'), 'it is not among the keywords'),
  },
  {
    id: 'P06',
    wants: 'a range of Node-RED versions that has both present ones',
    judged: 'fails',
    problems: () =>
      [NODE_RED_4, NODE_RED_5].filter((version) => !semver.satisfies(version, MANIFEST['node-red'].version)),
  },
  {
    id: 'P07',
    wants: `a range of Node.js versions that has ${OLDEST_NODE}, the oldest that Node-RED 5 takes`,
    judged: 'fails',
    problems() {
      const wanted = NODE_RED_5_LOCK.packages['node_modules/node-red']?.engines?.node ?? '';
      const oldest = semver.minVersion(wanted)?.version ?? 'none';
      return [
        ...problemIf(oldest !== OLDEST_NODE, `Node-RED ${NODE_RED_5} takes Node.js ${wanted}: change the rule`),
        ...problemIf(!semver.satisfies(OLDEST_NODE, MANIFEST.engines.node), `engines.node is ${MANIFEST.engines.node}`),
      ];
    },
  },
  {
    id: 'N01',
    wants: 'node types that Node-RED itself does not have',
    judged: 'fails',
    problems() {
      const taken = typesOfNodeRed();
      return [
        ...problemIf(taken.size < 30, 'no types found'),
        ...NODES.flatMap(([type]) => problemIf(taken.has(type), type)),
      ];
    },
  },
  {
    id: 'N02',
    wants: 'every node type in an example; also those of configuration nodes',
    judged: 'fails',
    problems() {
      const shown = exampleTypes();
      const types = NODES.flatMap(([, path]) => definitionsIn(dialogOf(path)).map(({ type }) => type));
      return types.filter((type) => !shown.has(type));
    },
  },
  {
    id: 'D01',
    wants: `at most ${MOST_DEPENDENCIES} dependencies`,
    judged: 'fails',
    problems() {
      const names = Object.keys(MANIFEST.dependencies);
      return names.length > MOST_DEPENDENCIES ? names : [];
    },
  },
  {
    id: 'D02',
    wants: 'no package among the dependencies, or theirs, that Node-RED does not get on with',
    judged: 'fails',
    problems: () =>
      Object.entries(LOCK.packages).flatMap(([path, { version = '', dev }]) => {
        const bad = dev ? undefined : KNOWN_BAD[moduleOf(path)];
        return problemIf(bad !== undefined && semver.satisfies(version, bad), `${path} ${version}`);
      }),
  },
  {
    id: 'D03',
    wants: 'dependencies at their latest major version, as far as the lock files know',
    judged: 'fails',
    problems: () =>
      Object.entries(MANIFEST.dependencies).flatMap(([name, range]) => {
        const versions = versionsOf(name);
        const latest = Math.max(...versions.map(semver.major));
        const isIncluded = versions.some(
          (version) => semver.major(version) === latest && semver.satisfies(version, range),
        );
        return problemIf(!isIncluded, `${name} ${range}, but there is ${versions.join(', ') || 'none'}`);
      }),
  },
];
