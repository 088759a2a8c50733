/** Stands for a character that is no hex digit. */
export const NO_DIGIT = 255;
/** Value of an ASCII hex digit, upper or lower case; `NO_DIGIT` for any other character. */
export const HEX_VALUE: Uint8Array = new Uint8Array(256).fill(NO_DIGIT);

const DIGITS = '0123456789ABCDEF';
for (let value = 0; value < 16; value++) {
  HEX_VALUE[DIGITS.charCodeAt(value)] = value;
  HEX_VALUE[DIGITS.toLowerCase().charCodeAt(value)] = value;
}

/** The number that `digits` hex characters of `characters` spell, from `offset` on; they must be hex digits. */
export function readHex(characters: Uint8Array, offset: number, digits: number): number {
  let value = 0;
  for (let i = offset; i < offset + digits; i++) value = value * 16 + (HEX_VALUE[characters[i] as number] as number);
  return value;
}

/** `value` as upper-case hex, zero-padded to `digits`; it must fit them. */
export function toHex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
