import { settingError } from './properties.js';

interface Claim {
  connection: string;
}

/** By base topic, those who want to tell of their bank there; the first has it, and all of the same bank. */
const claims = new Map<string, Claim[]>();

/** A place among those who want a base topic. */
export interface TopicClaim {
  /** @throws PaceError `CONFIG` while another bank's states are told there: Home Assistant would mix them up. */
  check(): void;
  giveBack(): void;
}

/** Claims a base topic for the bank behind a connection. */
export function claimTopic(topic: string, connection: string): TopicClaim {
  const claim = { connection };
  claims.set(topic, [...(claims.get(topic) ?? []), claim]);
  return {
    check() {
      if (claims.get(topic)?.[0]?.connection === connection) return;
      throw settingError('topic', `"${topic}" is that of another bank already: give each bank a topic of its own`);
    },
    giveBack() {
      claims.set(topic, claims.get(topic)?.filter((other) => other !== claim) ?? []);
    },
  };
}
