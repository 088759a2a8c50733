/** What a BMS tells about itself and the pack it is attached to, never about its bank; null where it tells nothing. */
export interface BmsIdentity {
  softwareVersion: string | null;
  bmsSerial: string | null;
  packSerial: string | null;
  /** The packs it knows, absent ones among them. */
  packCount: number | null;
  remainingMilliampHours: number | null;
  fullMilliampHours: number | null;
  designMilliampHours: number | null;
  /** `YYYY-MM-DDTHH:mm:ss`, in whatever time zone it was set to. */
  clock: string | null;
}

/** Of a BMS that tells nothing. */
export const NOTHING_TOLD: BmsIdentity = {
  softwareVersion: null,
  bmsSerial: null,
  packSerial: null,
  packCount: null,
  remainingMilliampHours: null,
  fullMilliampHours: null,
  designMilliampHours: null,
  clock: null,
};
