/** Boxes of ISO media files (ISO/IEC 14496-12), for tests. */
export const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts);
  return Buffer.concat([u32(data.length + 8), Buffer.from(type, 'latin1'), data]);
}

/** The boxes between two offsets, by type. */
function boxesOf(file: Buffer, from = 0, to = file.length): { type: string; bytes: Buffer }[] {
  const boxes: { type: string; bytes: Buffer }[] = [];
  for (let at = from; at + 8 <= to; at += file.readUInt32BE(at)) {
    const bytes = file.subarray(at, at + file.readUInt32BE(at));
    boxes.push({ type: bytes.toString('latin1', 4, 8), bytes });
  }
  return boxes;
}

/** An MP4 whose movie box stands behind its data, with this edit list (the content of `elst`) in every track. */
export function withEditList(file: Buffer, elst: Uint8Array): Buffer {
  const edits = box('edts', box('elst', elst));
  return Buffer.concat(
    boxesOf(file).map(({ type, bytes }) => {
      if (type !== 'moov') return bytes;
      const tracks = boxesOf(bytes, 8).map((inner) => {
        if (inner.type !== 'trak') return inner.bytes;
        const [header, ...rest] = boxesOf(inner.bytes, 8).filter((part) => part.type !== 'edts');
        return box('trak', header?.bytes ?? Buffer.alloc(0), edits, ...rest.map((part) => part.bytes));
      });
      return box('moov', ...tracks);
    }),
  );
}

/** Seconds of the presentation, and where in the media they begin; `null`: nothing is shown meanwhile. */
export type Edit = readonly [seconds: number, from: number | null];

/** The same by edits in seconds. */
export function edited(file: Buffer, edits: readonly Edit[]): Buffer {
  const movie = timescale(file, 'mvhd');
  const media = timescale(file, 'mdhd');
  const entries = edits.map(([seconds, from]) =>
    Buffer.concat([
      u32(Math.round(seconds * movie)),
      u32(from === null ? -1 : Math.round(from * media)),
      u32(0x10000),
    ]),
  );
  return withEditList(file, Buffer.concat([u32(0), u32(edits.length), ...entries]));
}

/** Units a second, in a header of version 0. */
function timescale(file: Buffer, type: 'mvhd' | 'mdhd'): number {
  return file.readUInt32BE(file.indexOf(type, 0, 'latin1') + 16);
}
