import { join } from 'node:path';

const DIST = join(__dirname, '..', '..', 'dist');

/** A module as it is published: TypeScript that is run as it stands is slower. */
export const built = <Module>(path: string): Module => require(join(DIST, path)) as Module;
