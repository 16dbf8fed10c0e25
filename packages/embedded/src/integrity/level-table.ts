import { ByteCursor, Malformed } from './byte-cursor.ts';
import { maskedCrc32c } from './crc32c.ts';
import { entriesOfBlock, type LevelEntry } from './level-values.ts';
import { unpackSnappy } from './snappy.ts';

/** LevelDB's table format (its documentation's "table format"). */
const footerBytes = 48;
const magic = Buffer.from('57fb808b247547db', 'hex');
/** Behind a block: its compression and the checksum of both. */
const trailerBytes = 5;
const snappy = 1;

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** Compares the checksum of every block of a table. @throws Malformed */
export function checkTable(bytes: Buffer): void {
  const { metaIndex, index } = placesOf(bytes);
  for (const each of [metaIndex, index]) {
    for (const block of placesIn(contentOf(bytes, each))) checkedBlock(bytes, block);
  }
}

/** Every entry of a table. @throws Malformed */
export function* entriesOfTable(bytes: Buffer): Generator<LevelEntry> {
  for (const block of placesIn(contentOf(bytes, placesOf(bytes).index)))
    yield* entriesOfBlock(contentOf(bytes, block));
}

function placesOf(bytes: Buffer): { readonly metaIndex: Place; readonly index: Place } {
  const footer = bytes.subarray(Math.max(0, bytes.length - footerBytes));
  if (footer.length < footerBytes || !footer.subarray(-magic.length).equals(magic)) {
    throw new Malformed('its end is missing');
  }
  const cursor = new ByteCursor(footer);
  const metaIndex = place(cursor);
  return { metaIndex, index: place(cursor) };
}

function place(cursor: ByteCursor): Place {
  return { offset: cursor.varint(), size: cursor.varint() };
}

/** A block with its trailer. @throws Malformed */
function checkedBlock(bytes: Buffer, { offset, size }: Place): Buffer {
  const end = offset + size + trailerBytes;
  if (end > bytes.length) throw new Malformed(`its block at ${offset} ends too late`);
  if (maskedCrc32c(bytes, offset, end - 4) !== bytes.readUInt32LE(end - 4)) {
    throw new Malformed(`the checksum of its block at ${offset} is wrong`);
  }
  return bytes.subarray(offset, end);
}

function contentOf(bytes: Buffer, at: Place): Buffer {
  const block = checkedBlock(bytes, at);
  const content = block.subarray(0, at.size);
  return block[at.size] === snappy ? unpackSnappy(content) : content;
}

/** The places that the values of a block's entries name. @throws Malformed */
function placesIn(block: Buffer): Place[] {
  if (block.length < 4) throw new Malformed('its index is too short');
  const restarts = block.readUInt32LE(block.length - 4);
  const cursor = new ByteCursor(block, 0, block.length - 4 - 4 * restarts);
  const places: Place[] = [];
  while (!cursor.done) {
    cursor.varint();
    const keyBytes = cursor.varint();
    const valueBytes = cursor.varint();
    cursor.take(keyBytes);
    places.push(place(new ByteCursor(cursor.take(valueBytes))));
  }
  return places;
}
