export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;
export const DAYS_OF_YEAR = 365;

/** When it is in the simulation. */
export interface Moment {
  /** Since the first day began. */
  seconds: number;
  /** 1 is the 1st of January; whole. */
  dayOfYear: number;
  /** Time of day, 0-24. */
  hour: number;
}

/** The moment `seconds` after the beginning of the first day. */
export function momentOf(seconds: number, firstDay: number): Moment {
  const days = Math.floor(seconds / DAY_SECONDS);
  return {
    seconds,
    dayOfYear: ((firstDay - 1 + days) % DAYS_OF_YEAR) + 1,
    hour: (seconds - days * DAY_SECONDS) / HOUR_SECONDS,
  };
}

const MONTHS: readonly (readonly [name: string, days: number])[] = [
  ['Jan', 31],
  ['Feb', 28],
  ['Mar', 31],
  ['Apr', 30],
  ['May', 31],
  ['Jun', 30],
  ['Jul', 31],
  ['Aug', 31],
  ['Sep', 30],
  ['Oct', 31],
  ['Nov', 30],
  ['Dec', 31],
];

/** A day of the year as it is said, such as `14 Apr`. */
export function dateOf(dayOfYear: number): string {
  let day = dayOfYear;
  for (const [name, days] of MONTHS) {
    if (day <= days) return `${day} ${name}`;
    day -= days;
  }
  return `day ${dayOfYear}`;
}

/** A moment as it is said, such as `14 Apr 09:05:10`. */
export function timeOf({ dayOfYear, hour }: Moment): string {
  const seconds = Math.round(hour * HOUR_SECONDS);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  return `${dateOf(dayOfYear)} ${parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')}`;
}
