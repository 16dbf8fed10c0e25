import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { expect, it } from 'vitest';
import { type Edit, edited } from '../test/edit-lists.ts';
import { createVideoDecoder } from './create-decoder.ts';

const clip = (name: string) => readFileSync(join(sharedData('clips') ?? '', name));
const decoder = createVideoDecoder({ ffmpegPath: null, totalMs: 600_000 });

async function times(video: Uint8Array): Promise<number[]> {
  const all: number[] = [];
  await decoder.decode(video, ({ timeMs }) => {
    all.push(Math.round(timeMs));
  });
  return all;
}

describeWithData('an edit list', () => {
  // Five seconds of 25 frames a second.
  const file = () => clip('mp4_h264_moovend.mp4');

  it.each<[string, readonly Edit[], number]>([
    ['hides the start', [[3.5, 1.5]], 3.5],
    ['hides the end', [[2, 0]], 2],
    ['hides both', [[2.2, 1.3]], 2.2],
    [
      'hides the middle',
      [
        [1.5, 0],
        [1.5, 3],
      ],
      3,
    ],
    [
      'begins with nothing',
      [
        [1, null],
        [5, 0],
      ],
      5,
    ],
    [
      'begins with nothing, and hides the start',
      [
        [0.5, null],
        [3, 2],
      ],
      3,
    ],
  ])('that %s: what plays is decoded', async (_, edits, seconds) => {
    const seen = await times(edited(file(), edits));
    expect(Math.abs(seen.length - seconds * 10)).toBeLessThanOrEqual(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[0]).toBeGreaterThanOrEqual(0);
  });

  it('that leaves less than a second is FRS.0706', async () => {
    await expect(times(edited(file(), [[0.5, 1]]))).rejects.toMatchObject({ code: 'FRS.0706' });
  });

  it('does not excuse a file that has lost its end', async () => {
    const cut = clip('bad_truncated_faststart.mp4');
    await expect(times(cut)).rejects.toMatchObject({ code: 'FRS.0701' });
  });
});

describeWithData('an AVI written to a pipe', () => {
  /** Frame counts and sizes as a writer leaves them that can't go back, in the headers of the file, its streams and its list. */
  function piped(name: string, frames: number, size: number): Buffer {
    const file = Buffer.from(clip(name));
    file.writeUInt32LE(size, 4);
    file.writeUInt32LE(frames, file.indexOf('avih', 0, 'latin1') + 8 + 16);
    file.writeUInt32LE(frames, file.indexOf('strh', 0, 'latin1') + 8 + 32);
    file.writeUInt32LE(size, file.indexOf('movi', 0, 'latin1') - 4);
    const index = file.lastIndexOf('idx1', undefined, 'latin1');
    return index > 0 ? file.subarray(0, index) : file;
  }

  it.each([
    ['avi_h264.avi', 2 ** 30, 0xffffffff],
    ['avi_h264.avi', 0, 0],
    ['avi_h264.avi', 0xffffffff, 0x7fffffff],
    ['avi_h263_cif.avi', 2 ** 30, 0],
    ['avi_vp8.avi', 2 ** 30, 0xffffffff],
  ])('%s, of %i frames and %i bytes, is decoded', async (name, frames, size) => {
    const seen = await times(piped(name, frames, size));
    expect(seen.length).toBe((await times(clip(name))).length);
  });

  it('with a false count is decoded where its size is right, and refused where its end is missing', async () => {
    const file = Buffer.from(clip('avi_h264.avi'));
    file.writeUInt32LE(900, file.indexOf('strh', 0, 'latin1') + 8 + 32);
    expect((await times(file)).length).toBeGreaterThan(40);
    await expect(times(file.subarray(0, file.length * 0.7))).rejects.toMatchObject({ code: 'FRS.0701' });
    const plain = clip('avi_h264.avi');
    await expect(times(plain.subarray(0, plain.length * 0.9))).rejects.toMatchObject({ code: 'FRS.0701' });
  });
});

describeWithData('files of the field', () => {
  it.each(['el_start_1.5s_12.mp4', 'pipe_4.avi'])('%s is decoded', async (name) => {
    expect((await times(readFileSync(join(sharedData('field') ?? '', name)))).length).toBe(40);
  });

  it('a 4K film of nine seconds is decoded for as long as there is time for', async () => {
    const film = readFileSync(join(sharedData('field') ?? '', 'ip_hevc8_4k30_9s_1.mov'));
    const { durationMs, decodedMs } = await decoder.probe(film);
    expect([Math.round(durationMs), Math.round(decodedMs)]).toEqual([8967, 5800]);
  });
});
