import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { expect, it } from 'vitest';
import { u32, withEditList } from '../test/edit-lists.ts';
import { createVideoDecoder } from './create-decoder.ts';

const clip = () => readFileSync(join(sharedData('clips') ?? '', 'mp4_h264_moovend.mp4'));
/** The clip with an edit list of so many entries, each a frame long. */
function edited(entries: number): Buffer {
  const edit = Buffer.concat([u32(40), u32(0), u32(0x10000)]);
  const list = [u32(0), u32(entries), Buffer.alloc(12 * entries, edit)];
  return withEditList(clip(), Buffer.concat(list));
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
