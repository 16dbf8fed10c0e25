import { ByteCursor, Malformed } from './byte-cursor.ts';

/** Unpacks Snappy's raw format (format_description.txt of google/snappy). @throws Malformed */
export function unpackSnappy(packed: Buffer): Buffer {
  const cursor = new ByteCursor(packed);
  const out = Buffer.alloc(checkedLength(cursor.varint(), packed.length));
  let at = 0;
  const copy = (offset: number, length: number) => {
    if (offset === 0 || offset > at || at + length > out.length) throw new Malformed('a copy leads outside');
    // Byte by byte: a copy may run into what it writes.
    for (const end = at + length; at < end; at++) out[at] = out[at - offset] as number;
  };
  while (!cursor.done) {
    const tag = cursor.take(1)[0] as number;
    const upper = tag >>> 2;
    switch (tag & 3) {
      case 0: {
        const length = (upper < 60 ? upper : cursor.take(upper - 59).readUIntLE(0, upper - 59)) + 1;
        const literal = cursor.take(length);
        if (at + length > out.length) throw new Malformed('it is longer than it says');
        at += literal.copy(out, at);
        break;
      }
      case 1:
        copy((upper >>> 3) * 256 + (cursor.take(1)[0] as number), (upper & 7) + 4);
        break;
      case 2:
        copy(cursor.take(2).readUInt16LE(), upper + 1);
        break;
      default:
        copy(cursor.take(4).readUInt32LE(), upper + 1);
    }
  }
  if (at !== out.length) throw new Malformed('it is shorter than it says');
  return out;
}

/** A three-byte copy makes 64 bytes at most. */
function checkedLength(length: number, packed: number): number {
  if (length > packed * 64) throw new Malformed('it says that it is longer than it can be');
  return length;
}
