import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { expect, it } from 'vitest';
import { createVideoDecoder } from './create-decoder.ts';

const clip = () => readFileSync(join(sharedData('clips') ?? '', 'mp4_h264_moovend.mp4'));
const u32 = (value: number) =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);

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

/** The clip with an edit list of so many entries, each a frame long. */
function edited(entries: number): Buffer {
  const edit = Buffer.concat([u32(40), u32(0), u32(0x10000)]);
  const edits = box('edts', box('elst', u32(0), u32(entries), Buffer.alloc(12 * entries, edit)));
  return Buffer.concat(
    boxesOf(clip()).map(({ type, bytes }) => {
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

describeWithData('a video that is dear to read', () => {
  it('is refused as damaged, for what its structure costs', async () => {
    // The usual limit for decoding: only the one for reading the structure can end it.
    const decoder = createVideoDecoder({ ffmpegPath: null, probeCpuMs: 400, totalMs: 100_000 });
    await expect(decoder.decode(edited(500_000), () => {})).rejects.toMatchObject({
      code: 'FRS.0701',
      message: expect.stringMatching(/too long/),
    });
  });
});
