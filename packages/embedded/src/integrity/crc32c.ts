/** Castagnoli's polynomial, reversed. */
const polynomial = 0x82f63b78;

/** Eight tables, so that eight bytes are taken at a time ("slicing by 8"): some ten times as fast as one. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  t0[byte] = value;
}
for (let byte = 0; byte < 256; byte++) {
  for (let at = 1; at < 8; at++) {
    const before = tables[at - 1]?.[byte] ?? 0;
    (tables[at] as Int32Array)[byte] = (before >>> 8) ^ at0(before);
  }
}
function at0(value: number): number {
  return t0[value & 255] as number;
}

/** CRC-32C of `bytes[from, to)`, from 0 to 2³² − 1. */
function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const b = bytes as unknown as readonly number[] & Uint8Array;
  let crc = -1;
  let at = from;
  const n = (table: Int32Array, index: number) => table[index] as number;
  for (; at + 8 <= to; at += 8) {
    crc ^=
      (b[at] as number) |
      ((b[at + 1] as number) << 8) |
      ((b[at + 2] as number) << 16) |
      ((b[at + 3] as number) << 24);
    crc =
      n(t7, crc & 255) ^
      n(t6, (crc >>> 8) & 255) ^
      n(t5, (crc >>> 16) & 255) ^
      n(t4, crc >>> 24) ^
      n(t3, b[at + 4] as number) ^
      n(t2, b[at + 5] as number) ^
      n(t1, b[at + 6] as number) ^
      n(t0, b[at + 7] as number);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ at0(crc ^ (b[at] as number));
  return ~crc >>> 0;
}

/** As LevelDB stores it beside its data: rotated and with a constant added ("masked"). */
export function maskedCrc32c(bytes: Uint8Array, from?: number, to?: number): number {
  const crc = crc32c(bytes, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
