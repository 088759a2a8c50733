const FONT = 'Helvetica, Arial, sans-serif';
const INK = '#1f2933';
const GRID = '#d5dbe1';

interface TextStyle {
  size?: number;
  weight?: 'normal' | 'bold';
  anchor?: 'start' | 'middle' | 'end';
}

/** Words at a place. */
export function text(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { size = 13, weight = 'normal', anchor = 'start' } = style;
  const font = `font-family="${FONT}" font-size="${size}" font-weight="${weight}"`;
  return `<text x="${round(x)}" y="${y}" ${font} text-anchor="${anchor}" fill="${INK}">${words}</text>`;
}

/** A filled box. */
export const band = (x: number, y: number, width: number, height: number, colour: string) =>
  `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${height}" fill="${colour}"/>`;

export const lines = {
  path: (d: string, colour: string, width = 1.8) =>
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"/>`,
  /** What the lines of a panel are, side by side. */
  key: (x: number, y: number, entries: readonly (readonly [words: string, colour: string])[]) =>
    entries.flatMap(([words, colour], i) => {
      const left = x + i * 190;
      return [lines.path(`M${left} ${y - 4}h22`, colour, 3), text(left + 28, y, words)];
    }),
};

interface PanelOptions {
  left: number;
  right: number;
  xOf: (hour: number) => number;
  top: number;
  bottom: number;
  /** The values at the bottom and at the top, and from one line of the grid to the next. */
  from: number;
  to: number;
  step: number;
  unit: string;
}

/** A place for lines over a day. */
export interface Panel {
  grid: string;
  yOf: (value: number) => number;
}

/** A panel with its grid. */
export function panel({ left, right, xOf, top, bottom, from, to, step, unit }: PanelOptions): Panel {
  const yOf = (value: number) => {
    const share = (Math.min(to, Math.max(from, value)) - from) / (to - from);
    return bottom - share * (bottom - top);
  };
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  const values = Array.from({ length: count }, (_, i) => (first + i) * step);
  const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24];
  const grid = [
    ...hours.map((hour) => lines.path(`M${round(xOf(hour))} ${top}V${bottom}`, GRID, 1)),
    ...values.flatMap((value) => {
      const y = round(yOf(value));
      const colour = Math.abs(value) < step / 10 ? '#8a949e' : GRID;
      const label = `${step < 1 ? value.toFixed(1) : Math.round(value)} ${unit}`;
      return [lines.path(`M${left} ${y}H${right}`, colour, 1), text(left - 8, Number(y) + 4, label, { anchor: 'end' })];
    }),
  ].join('\n');
  return { grid, yOf };
}

const round = (value: number) => String(Number(value.toFixed(1)));
