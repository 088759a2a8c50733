/** Who tells Home Assistant; the version is that of package.json. */
export const ORIGIN = { name: 'node-red-contrib-pace-bms', version: '0.1.0' } as const;
