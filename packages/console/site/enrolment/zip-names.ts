import { textOf } from './text-of.ts';

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
/** The end of the directory with the longest comment. */
const longestEnd = 22 + 0xffff;
const utf8Flag = 0x800;

/**
 * The names of a ZIP whose archiver doesn't say that they are UTF-8, by what they are in Latin-1: on Chinese Windows they are
 * GBK, on macOS UTF-8. All of them are read in one encoding, since short names fit several.
 * (APPNOTE.TXT 4.3.12, 4.3.16, 4.4.4: the central directory and bit 11.) Empty where the directory can't be read.
 */
export async function zipNames(archive: Blob): Promise<ReadonlyMap<string, string>> {
  const tail = new DataView(await archive.slice(-longestEnd).arrayBuffer());
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== endMark) end -= 1;
  if (end < 0) return new Map();
  const from = tail.getUint32(end + 16, true);
  const directory = new Uint8Array(
    await archive.slice(from, from + tail.getUint32(end + 12, true)).arrayBuffer(),
  );
  const names = [...unflaggedNames(directory)];
  const read = textOf(joined(names)).split('\n');
  return new Map(names.map((name, index) => [latin1(name), read[index] ?? latin1(name)]));
}

function* unflaggedNames(directory: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  let at = 0;
  while (at + 46 <= view.byteLength && view.getUint32(at, true) === entryMark) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    if ((view.getUint16(at + 8, true) & utf8Flag) === 0) yield directory.subarray(at + 46, at + 46 + name);
    at += 46 + name + extra + comment;
  }
}

/** With a line feed between each two: no name has one. */
function joined(names: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(names.flatMap((name, index) => (index === 0 ? [...name] : [0x0a, ...name])));
}

const latin1 = (bytes: Uint8Array): string => [...bytes].map((byte) => String.fromCharCode(byte)).join('');
