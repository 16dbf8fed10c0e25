import { crc32 } from 'node:zlib';
import { Malformed } from '../integrity/byte-cursor.ts';

/**
 * A value as it is stored: this byte, the CRC-32 of key and text (4 bytes, little-endian), the text in UTF-8. LevelDB compares no
 * checksum as it reads or compacts; with the key in it a value can't turn up under another one either. No text of older versions
 * (JSON, hex) begins with that byte.
 */
const mark = 1;
const headBytes = 5;

export function checkedValue(key: Buffer, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + Buffer.byteLength(text));
  bytes[0] = mark;
  bytes.write(text, headBytes);
  bytes.writeUInt32LE(checksum(key, bytes), 1);
  return bytes;
}

/** Whether a value was written with a checksum; those of data folders of format 1 were not. */
export const hasChecksum = (stored: Buffer): boolean => stored[0] === mark;

/** @throws Malformed it is not as it was written */
export function checkValue(key: Buffer, stored: Buffer): void {
  if (!hasChecksum(stored) || stored.length < headBytes) throw new Malformed('its checksum is missing');
  if (stored.readUInt32LE(1) !== checksum(key, stored)) throw new Malformed('its checksum is wrong');
}

/** @throws Malformed it is not as it was written */
export function textOf(key: Buffer, stored: Buffer): string {
  checkValue(key, stored);
  return stored.toString('utf8', headBytes);
}

const checksum = (key: Buffer, stored: Buffer): number => crc32(stored.subarray(headBytes), crc32(key));
