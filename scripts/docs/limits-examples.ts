import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import { edgesBetween } from '../../src/limits/edges.js';
import { Limits } from '../../src/limits/limits.js';
import { AT, bankMessagesAt } from './examples.js';
import { jsonBlock } from './markdown.js';

const INTERVAL_MS = 5000;
/** Until nothing rises any more. */
const SETTLED_MS = 30 * 60_000;
/** Until readings are stale. */
const SILENT_MS = 30_000;

/** The limits of the captured bank at the defaults, after half an hour of the same readings, and when those stay away. */
function found() {
  const limits = new Limits(limitsSettings({}), null);
  for (let ms = 0; ms <= SETTLED_MS; ms += INTERVAL_MS) {
    for (const { topic, payload } of bankMessagesAt(ms)) limits.take({ topic, payload }, ms);
    limits.at(ms);
  }
  const known = limits.at(SETTLED_MS);
  return { known, edges: edgesBetween(known, limits.at(SETTLED_MS + SILENT_MS)) };
}

/** The examples of limits on the page. */
export const LIMITS_EXAMPLES: Readonly<Record<string, () => string>> = {
  'limits example': () => jsonBlock(found().known),
  'limits event example': () => {
    const edge = found().edges.find(({ event }) => event === 'charge');
    if (!edge) throw new Error('charging is not blocked');
    return jsonBlock({ ...edge, at: AT });
  },
};
