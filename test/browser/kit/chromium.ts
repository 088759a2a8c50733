import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium is on common systems; CHROMIUM names another place. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = ['background-networking', 'component-update', 'gpu', 'quic', 'sync'].map((what) => `--disable-${what}`);

const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES;
const place = places.find((path) => existsSync(path));

/** Why tests that need a browser are skipped; false where there is one, and in CI, which must not do without. */
export const NO_BROWSER: string | false =
  place || process.env.CI ? false : `no Chromium at ${places.join(' or ')}; CHROMIUM=/path/to/it names another place`;

/** @throws Error when there is no Chromium. */
export async function startChromium(): Promise<Browser> {
  if (!place) throw new Error(`there is no Chromium at ${places.join(' or ')}`);
  return chromium.launch({ executablePath: place, args: ['--no-sandbox', '--no-first-run', ...QUIET] });
}
