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

/** The same bytes so many times. */
export function repeated(count: number, part: Uint8Array): Buffer {
  const all = Buffer.alloc(count * part.length);
  all.fill(part);
  return all;
}

/** The largest number of 32 bits: what a header says that claims all there could be. */
export const most = 0xffff_ffff;
