/** Pieces of files, for those that lie about what they hold. */
export const ascii = (text: string) => Buffer.from(text, 'latin1');
export const zeros = (count: number) => Buffer.alloc(count);

const filled = (length: number, fill: (bytes: Buffer) => void) => {
  const bytes = Buffer.alloc(length);
  fill(bytes);
  return bytes;
};
export const u16 = (value: number) => filled(2, (bytes) => bytes.writeUInt16BE(value));
export const u32 = (value: number) => filled(4, (bytes) => bytes.writeUInt32BE(value >>> 0));
export const u64 = (value: bigint) => filled(8, (bytes) => bytes.writeBigUInt64BE(value));
export const f64 = (value: number) => filled(8, (bytes) => bytes.writeDoubleBE(value));
export const le16 = (value: number) => filled(2, (bytes) => bytes.writeUInt16LE(value));
export const le32 = (value: number) => filled(4, (bytes) => bytes.writeUInt32LE(value >>> 0));
export const le64 = (value: bigint) => filled(8, (bytes) => bytes.writeBigUInt64LE(value));

/** The same bytes so many times. */
export function repeated(count: number, part: Uint8Array): Buffer {
  const all = Buffer.alloc(count * part.length);
  all.fill(part);
  return all;
}

/** What `make` gives for 0, 1, … */
export const each = (count: number, make: (index: number) => Uint8Array) =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));

/** The largest number of 32 bits: what a header says that claims all there could be. */
export const most = 0xffff_ffff;
