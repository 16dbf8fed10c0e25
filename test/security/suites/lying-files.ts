import { sampled } from '@openfrs/testing/sample';
import { describe, expect, it } from 'vitest';
import { call, done } from '../../contract/support/client.ts';
import { photo } from '../../support/photos.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { fixture } from '../support/fixture.ts';
import { expectIdle } from '../support/idle.ts';
import { isGreedy, lyingPictures, lyingVideos } from '../support/lying/files.ts';
import type { Lie } from '../support/lying/lie.ts';
import { workersMemory } from '../support/worker-memory.ts';

/** A request's own deadline, and what a busy machine adds to it, ms. */
const deadlineMs = 60_000 + 30_000;
/** What FFmpeg may take (`limits.ts` of packages/video), and what is made of its answer; MB. */
const [videoMemory, pictureMemory] = [512 + 250, 400];
/** What may stay, MB. */
const back = 250;

/** Sends each while another client's photo is looked at; sees that each is answered in time, and that nothing is left of it. */
async function sendAll(lies: readonly Lie[], send: (file: Buffer) => ReturnType<typeof call>): Promise<void> {
  const look = async () => {
    const form = { image_file: smallPhoto(4) };
    const { faces } = await done<{ faces: unknown[] }>('face-detect', { account: fixture.victim, form });
    return faces.length;
  };
  const expected = await look();
  expect(expected).toBeGreaterThan(0);
  for (const [what, make] of lies) {
    const file = make();
    const begun = performance.now();
    const sent = send(file);
    const seen = await look();
    const { status } = await sent;
    const isInTime = performance.now() - begun < deadlineMs;
    expect([what, seen, status < 500, isInTime]).toEqual([what, expected, true, true]);
  }
  await expectIdle();
}

describe('files that say they hold more than they do', () => {
  it('as videos end in time, take bounded memory, and leave none of it', async () => {
    const lies = sampled(lyingVideos(), ([what]) => `${what.split(':')[0]} ${isGreedy(what)}`);
    const { before, peak, after } = await workersMemory(
      () =>
        sendAll(lies, (video_file) =>
          call('live-detect', { account: fixture.attacker, form: { video_file, actions: '1' } }),
        ),
      back,
    );
    expect(peak - before).toBeLessThan(videoMemory);
    expect(after - before).toBeLessThan(back);
  }, 900_000);

  it('as pictures end in time, take bounded memory, and leave none of it', async () => {
    const lies = sampled(lyingPictures(photo(4)), ([what]) => what.split(' ', 2).join(' '));
    const { before, peak, after } = await workersMemory(
      () =>
        sendAll(lies, (image_file) =>
          call('face-detect', { account: fixture.attacker, form: { image_file } }),
        ),
      back,
    );
    expect(peak - before).toBeLessThan(pictureMemory);
    expect(after - before).toBeLessThan(back);
  }, 900_000);
});
