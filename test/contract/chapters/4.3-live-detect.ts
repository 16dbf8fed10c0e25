import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { photo, plainPicture } from '../../support/photos.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';
import { call, done, refused } from '../support/client.ts';
import { takesLargeBodies } from '../support/large-bodies.ts';

const nothing = { video_base64: 'AAAA' };

describe('4.3 live-detect', () => {
  it('needs a video and actions', async () => {
    await refused('FRS.0011', 'live-detect', { json: { actions: '1' } });
    await refused('FRS.0011', 'live-detect', { json: nothing });
    await refused('FRS.0012', 'live-detect', { json: { ...nothing, video_url: '/a/b', actions: '1' } });
    await refused('FRS.0012', 'live-detect', { json: { ...nothing, actions: 1 } });
  });

  it.each(['', '0', '6', '1,', '1;2', 'left', '1, 2', '11'])('refuses the actions %j', (actions) =>
    refused('FRS.0702', 'live-detect', { json: { ...nothing, actions } }),
  );

  it('refuses more than ten actions', () =>
    refused('FRS.0704', 'live-detect', { json: { ...nothing, actions: '1,1,1,1,1,1,1,1,1,1,1' } }));

  it.each([
    '',
    '1000',
    '1000-',
    '1000-3000',
    '1000-3000,2000-4000',
    '3000-1000,4000-5000',
    '4000-5000,1000-3000',
    '1000-3000,4000-7000,9000-12000',
    '1.5-2,3-4',
    '-1-2,3-4',
    '1000-3000 4000-7000',
  ])('refuses the windows %j of two actions', (action_time) =>
    refused('FRS.0703', 'live-detect', { json: { ...nothing, actions: '1,3', action_time } }),
  );

  it.each([0, 0.9, 90.1, '10d', '', 'NaN', true])('refuses the nod threshold %j', (nod_threshold) =>
    refused('FRS.0012', 'live-detect', { json: { ...nothing, actions: '3', nod_threshold } }),
  );

  it('refuses what is no video, and takes numeric texts', async () => {
    const json = { ...nothing, actions: '3,5', action_time: '0-1000,1000-2000', nod_threshold: '12.5' };
    await refused('FRS.0701', 'live-detect', { json });
    await refused('FRS.0701', 'live-detect', { json, path: 1 });
    await refused('FRS.0015', 'live-detect', { json: { ...json, video_base64: 'AA A' } });
  });

  it.runIf(takesLargeBodies)('refuses a video that is too large', async () => {
    const video_base64 = 'A'.repeat(8 * 1024 * 1024 + 4);
    await refused('FRS.0017', 'live-detect', { json: { video_base64, actions: '1' } });
  });

  describeWithData('with real videos', () => {
    const clip = (name: string) => readFileSync(sharedData(name) ?? '');

    it('judges one, and answers the picture of its face', async () => {
      const reply = await done<{
        'video-result': { alive: boolean; actions: object[]; picture: string };
        'warning-list': object[];
      }>('live-detect', { form: { video_file: clip('clips/lim_1s.mp4'), actions: '1,3' } });
      // Table 5-14's message to the letter: what to do is told beside it, to who asks.
      const warning = { warningCode: 6, warningMsg: 'The movement of the action is too small.' };
      expect(reply['warning-list']).toContainEqual(warning);
      const advised = await done<typeof reply>('live-detect', {
        form: { video_file: clip('clips/lim_1s.mp4'), actions: '1,3', advice: 'true' },
      });
      expect(advised['warning-list']).toContainEqual({
        ...warning,
        advice: expect.stringMatching(/further to your left/),
      });
      expect(reply['video-result'].actions).toMatchObject([{ action: 1 }, { action: 3 }]);
      const picture = await done<{ faces: object[] }>('face-detect', {
        json: { image_base64: reply['video-result'].picture },
      });
      expect(picture.faces.length).toBeGreaterThan(0);
    });

    it('refuses one that is too short or too long', async () => {
      for (const name of ['clips/lim_0.5s.mp4', 'clips/lim_16s.mp4']) {
        await refused('FRS.0706', 'live-detect', { form: { video_file: clip(name), actions: '1' } });
      }
    });
  });
});

describe('live-detect-face', () => {
  it('judges the largest face of one photo', async () => {
    const reply = await done<{ result: { confidence: number; picture: string } }>('live-detect-face', {
      json: { image_base64: photo(3).toString('base64') },
    });
    expect(Buffer.from(reply.result.picture, 'base64').subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('refuses a photo without a face, or of more than 2 MB', async () => {
    await refused('FRS.0707', 'live-detect-face', { form: { image_file: plainPicture(100, 100) } });
    await refused('FRS.0017', 'live-detect-face', {
      form: { image_file: Buffer.alloc(2 * 1024 * 1024 + 1) },
    });
    expect((await call('live-detect-face', { json: {} })).body).toMatchObject({ error_code: 'FRS.0011' });
  });
});
