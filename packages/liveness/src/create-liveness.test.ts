import { readFileSync } from 'node:fs';
import type { Action } from '@openfrs/core';
import { photo, plainPicture } from '@openfrs/testing/photos';
import { sampled } from '@openfrs/testing/sample';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { createVideoDecoder, type VideoFrame } from '@openfrs/video';
import { decodePicture, encodeJpeg, resized } from '@openfrs/vision/image';
import { createFacePipeline, type FacePipeline, type Frame } from '@openfrs/vision/pipeline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLiveness, type LocalLiveness } from './create-liveness.ts';
import { reportPage } from './report/report-page.ts';
import { attacks } from './testing/attack-presentations.ts';
import { framesOf } from './testing/camera.ts';
import { printOf } from './testing/printed-pai.ts';

let pipeline: FacePipeline;
let liveness: LocalLiveness;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
  // Wall-clock limits are for quiet machines; this one may run other tests beside.
  liveness = await createLiveness({
    pipeline,
    decoder: createVideoDecoder({ ffmpegPath: null, totalMs: 600_000 }),
  });
});
afterAll(() => pipeline.close());

const file = (path: string) => readFileSync(sharedData(path) ?? path);
const judged = (path: string, ...actions: Action[]) =>
  liveness.judgeVideo(file(path), { actions, nodThreshold: 10 });

describeWithData('what people do in videos', () => {
  const active: (readonly [name: string, actions: Action[]])[] = [
    ['cap12_turn_own_left', [1]],
    ['cap12_turn_own_right', [2]],
    ['cap12_turn_own_left_MIRRORED', [2]],
    ['cap12_nod', [3]],
    ['cap12_nod_rotflag', [3]],
    ['cap12_open_mouth', [4]],
    ['cap12_far_small_face_right_left', [2, 1]],
    ['cap12_mouth_right_left_nod', [4, 2, 1, 3]],
    ['lp_d18_open_mouth_twice', [4, 4]],
  ];
  it.each(sampled(active, ([name]) => /turn|mouth_right|nod|mouth|far/.exec(name)?.[0] ?? name))(
    '%s: %j is found and alive',
    async (name, actions) => {
      const verdict = await judged(`videos/derived/${name}.mp4`, ...actions);
      expect(verdict).toMatchObject({ alive: true, warnings: [] });
      for (const { confidence } of verdict.actions) expect(confidence).toBeGreaterThanOrEqual(0.5);
      expect(
        await pipeline.detectFaces(await decodePicture(verdict.picture ?? new Uint8Array())),
      ).not.toEqual([]);
    },
  );

  it('a turn is alive wherever within 1.5 pixels the first box lies', async () => {
    const frames: VideoFrame[] = [];
    const path = 'videos/derived/cap12_turn_own_right.mp4';
    const decoder = createVideoDecoder({ ffmpegPath: null, totalMs: 600_000 });
    const { durationMs } = await decoder.decode(file(path), (frame) => void frames.push(frame));
    for (const by of [-1.5, 1.5]) {
      const faceMesh: FacePipeline['faceMesh'] = (frame, box, options) =>
        pipeline.faceMesh(frame, { ...box, x: box.x + by, y: box.y - by }, options);
      const moved = await createLiveness({ pipeline: { ...pipeline, faceMesh } });
      const request = { actions: [2], nodThreshold: 10 } as const;
      const { judgement } = await moved.reportFrames(frames, request, durationMs);
      expect(judgement.motion?.score).toBeLessThan(-0.3);
      expect(judgement).toMatchObject({ alive: true });
    }
  });

  it('the other direction, another order or another window is not', async () => {
    expect(await judged('videos/derived/cap12_turn_own_left.mp4', 2)).toMatchObject({ alive: false });
    expect(await judged('videos/derived/cap12_far_small_face_right_left.mp4', 1, 2)).toMatchObject({
      alive: false,
      warnings: [6],
    });
    const inWindow = (from: number, to: number) =>
      liveness.judgeVideo(file('videos/derived/cap12_open_mouth.mp4'), {
        actions: [4],
        windows: [{ from, to }],
        nodThreshold: 10,
      });
    expect(await inWindow(0, 1500)).toMatchObject({ alive: true });
    expect(await inWindow(1500, 1800)).toMatchObject({ alive: false });
  });

  const inactive = ['derived/cap12_still', 'lp_d19', 'tp_driving', 'vd_face', 'vr_3'];
  it.each(sampled(inactive, () => 'inactive'))(
    '%s: a face that talks or is still does none of them',
    async (name) => {
      const path = `videos/${name}.mp4`;
      const { judgement } = await liveness.reportVideo(file(path), {
        actions: [1, 2, 3, 4],
        nodThreshold: 10,
      });
      const claimed = judgement.events.filter(({ action, confidence }) => action !== 5 && confidence >= 0.5);
      expect(claimed).toEqual([]);
      expect(judgement).toMatchObject({ alive: false, warnings: [6] });
    },
  );

  const clips = [
    'mp4_hevc.mp4',
    'mov_h264_vfr.mov',
    'flv_flv1.flv',
    'webm_vp8.webm',
    'avi_h263_cif.avi',
    'asf_h264.asf',
  ];
  // What each container decodes to is tested beside the decoder.
  it.each(sampled(clips, () => 'containers'))('%s: the same action in every container', async (name) => {
    expect(await judged(`clips/${name}`, 4)).toMatchObject({ alive: true });
  });
});

describeWithData('attacks', () => {
  it.each([
    'derived/still_photo',
    'derived/photo_moved_about',
    'derived/photo_bent_as_turn',
    'le_fake_phone',
  ])('%s is refused for every action', async (name) => {
    const { judgement } = await liveness.reportVideo(file(`spoof/${name}.mp4`), {
      actions: [1, 2, 3, 4, 5],
      nodThreshold: 10,
    });
    expect(judgement.alive).toBe(false);
    const claimed = judgement.events.filter(({ confidence }) => confidence >= 0.5);
    expect(claimed).toEqual([]);
  });

  it('a replay on a phone’s screen is told by the anti-spoof model', async () => {
    const { judgement } = await liveness.reportVideo(file('spoof/mk_fake_phone.mp4'), {
      actions: [3],
      nodThreshold: 10,
    });
    expect(judgement.live).toBeLessThan(0.5);
    expect(judgement).toMatchObject({ alive: false });
    expect(judgement.warnings).toContain(7);
  });

  it('a video without a face is judged too', async () => {
    expect(await judged('clips/asf_vc1.wmv', 1)).toEqual({
      alive: false,
      actions: [{ action: 1, confidence: 0 }],
      warnings: [5, 8],
      advice: { 5: expect.stringMatching(/your face/) },
    });
  });
});

describeWithData('a photo whose mouth was edited', () => {
  /** Frames of lp_d18 with the mouth shut and open; the head is still between them. */
  async function shutAndOpen(): Promise<readonly [Frame, Frame]> {
    const frames = new Map<number, Frame>();
    const decoder = createVideoDecoder({ ffmpegPath: null, totalMs: 600_000 });
    await decoder.decode(file('videos/lp_d18.mp4'), (frame) => {
      frames.set(Math.round(frame.timeMs / 100), frame);
    });
    const [shut, open] = [frames.get(18), frames.get(26)];
    if (shut === undefined || open === undefined) throw new Error('frames are missing');
    return [shut, open];
  }

  it('and is shown in between does not open its mouth', async () => {
    const [shut, open] = await shutAndOpen();
    const mesh = await pipeline.faceMesh(
      shut,
      (await pipeline.detectFaces(shut))[0] ?? { x: 0, y: 0, width: 1, height: 1 },
    );
    const at = (point: number, axis: number) => mesh.points[point * 3 + axis] ?? 0;
    const [left, right] = [at(61, 0) - 4, at(291, 0) + 4];
    const [top, bottom] = [at(0, 1) - 4, at(152, 1) - 2];
    const data = Uint8Array.from(shut.data, (value, i) => {
      const pixel = Math.floor(i / 3);
      const [x, y] = [pixel % shut.width, Math.floor(pixel / shut.width)];
      return x > left && x < right && y > top && y < bottom ? (open.data[i] ?? 0) : value;
    });
    const frames = Array.from({ length: 35 }, (_, i) => ({
      ...shut,
      data: i >= 14 && i < 21 ? data : shut.data,
      timeMs: i * 100,
    }));
    const { judgement } = await liveness.reportFrames(frames, { actions: [4], nodThreshold: 10 }, 3500);
    const opening = judgement.events.find(({ action, peak }) => action === 4 && peak >= 1400 && peak <= 2000);
    expect(opening?.confidence).toBeLessThan(0.5);
    expect(judgement.alive).toBe(false);
  });
});

describeWithData('silent liveness of a photo', () => {
  it('a person passes, a photo of a screen does not', async () => {
    const live = await liveness.judgePhoto(file('spoof/minivision_T1.jpg'));
    expect(live).toMatchObject({ alive: true });
    expect(live.confidence).toBeGreaterThan(0.5);
    const fake = await liveness.judgePhoto(file('spoof/minivision_F1.jpg'));
    expect(fake).toMatchObject({ alive: false });
    expect(fake.confidence).toBeLessThan(0.5);
  });
});

const prints = ['shifted', 'tilted sideways', 'tight column, turned', 'tight roof, nodded'];
it.each(sampled(prints, (name) => /turned|nodded/.exec(name)?.[0] ?? 'flat'))(
  'a photo %s does nothing that a person does',
  async (name) => {
    const print = await printOf(pipeline, await decodePicture(photo(4)));
    const attack = attacks.find((known) => known.name === name);
    if (print === undefined || attack === undefined) throw new Error('no such attack');
    const frames = framesOf([print], attack, 3);
    const request = { actions: [1, 2, 3, 4, 5], nodThreshold: 10 } as const;
    const { judgement } = await liveness.reportFrames(frames, request, 3000);
    expect(judgement.continuity.seen).toBeGreaterThan(0.6);
    expect(judgement.events.filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
  },
);

describeWithData('what is wrong with a photo is warned of', () => {
  it.each<[number, string]>([
    [101, 'derived/blur_sigma5'],
    [102, 'derived/blur_sigma5'],
    [103, 'azure_Thailand_small_face'],
    [104, 'ifr_medical_mask'],
    [105, 'derived/dark'],
  ])('%i: %s', async (warning, name) => {
    expect((await liveness.judgePhoto(file(`hard/${name}.jpg`))).warnings).toContain(warning);
  });
});

it('a photo of several people is warned of, and comes back upright', async () => {
  const verdict = await liveness.judgePhoto(photo(1));
  expect(verdict.warnings).toContain(106);
  expect(await pipeline.detectFaces(await decodePicture(verdict.picture))).not.toEqual([]);
});

it('a photo without a face is FRS.0707', async () => {
  await expect(liveness.judgePhoto(plainPicture(200, 200))).rejects.toMatchObject({ code: 'FRS.0707' });
  await expect(liveness.judgePhoto(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'FRS.0016' });
});

it('frames of a still photo from anywhere are no live person, and the report says why', async () => {
  const picture = await decodePicture(photo(4));
  const small = await resized(picture, 480, Math.round((480 * picture.height) / picture.width));
  const frames = Array.from({ length: 20 }, (_, i) => ({ ...small, timeMs: i * 100 }));
  const report = await liveness.reportFrames(frames, { actions: [1, 4], nodThreshold: 10 }, 2000);
  expect(report.judgement.alive).toBe(false);
  expect(report.frames).toHaveLength(20);
  expect(JSON.stringify(report)).not.toContain('vector');
  const page = reportPage(report);
  expect(page).toContain('Not alive');
  expect(page).toContain('<svg');
  expect(page).not.toContain('<script');
});

it('a dark and a blurred photo are warned of', async () => {
  const picture = await decodePicture(photo(2));
  const dark = { ...picture, data: picture.data.map((value) => value / 6) };
  expect((await liveness.judgePhoto(await encodeJpeg(dark))).warnings).toContain(105);
  const tiny = await resized(picture, Math.round(picture.width / 9), Math.round(picture.height / 9));
  const blurred = await resized(tiny, picture.width, picture.height);
  const { warnings } = await liveness.judgePhoto(await encodeJpeg(blurred));
  expect(warnings).toContain(102);
});
