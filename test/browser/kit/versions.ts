/** Where the editors of the supported versions of Node-RED differ for who uses them. */
interface Differences {
  /** What shows the debug sidebar; null where that is there from the start. */
  debugTab: string | null;
  /** Whether the editor has a dark theme of its own. */
  hasDarkTheme: boolean;
}

const DIFFERENCES: Record<string, Differences> = {
  4: { debugTab: '#red-ui-tab-debug-link-button', hasDarkTheme: false },
  5: { debugTab: null, hasDarkTheme: true },
};

const { version } = require(
  `${(process.env.NODE_RED ?? 'node-red').replace(/[\\/]lib[\\/]red\.js$/, '')}/package.json`,
);

/** How the editor of the Node-RED under test differs. */
export const EDITOR = DIFFERENCES[version.split('.')[0]] as Differences;
