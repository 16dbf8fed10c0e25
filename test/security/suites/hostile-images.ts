import type { FrsOperationName } from '@openfrs/contract';
import { amount, sampled, seedOf } from '@openfrs/testing/sample';
import { decodePicture, encodeJpeg, resized } from '@openfrs/vision/image';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, done } from '../../contract/support/client.ts';
import { photo } from '../../support/photos.ts';
import { cheaply } from '../support/effort.ts';
import { bmp, bombs, png } from '../support/files.ts';
import { fixture, set } from '../support/fixture.ts';
import { mutated } from '../support/mutate.ts';
import { parallel } from '../support/parallel.ts';

// FRS_FIRE=1 was its name.
const many = Number(
  process.env.FRS_TEST_PICTURES ?? (process.env.FRS_FIRE === '1' ? 10_000 : amount(45, 300)),
);
const mebibyte = 1024 * 1024;

/** Every operation that reads a picture or video, with the file in each of its places. */
const places: readonly (readonly [FrsOperationName, (file: Buffer) => Record<string, string | Buffer>])[] = [
  ['face-detect', (image_file) => ({ image_file })],
  ['live-detect-face', (image_file) => ({ image_file })],
  ['face-compare', (image1_file) => ({ image1_file, image2_file: small })],
  ['face-compare', (image2_file) => ({ image1_file: small, image2_file })],
  ['face-search', (image_file) => ({ image_file })],
  ['face-add', (image_file) => ({ image_file })],
  ['live-detect', (video_file) => ({ video_file, actions: '1' })],
];

/** A photo of one face, small so that it is quickly read. */
let small: Buffer;

async function send([name, form]: (typeof places)[number], what: string, file: Buffer): Promise<void> {
  const { status, text } = await call(name, { set, account: fixture.attacker, form: form(file) });
  expect([name, what, status, status >= 500 ? text : '']).toEqual([
    name,
    what,
    status < 500 ? status : 400,
    '',
  ]);
}

describe('hostile files', () => {
  beforeAll(async () => {
    const frame = await decodePicture(photo(4));
    small = Buffer.from(
      await encodeJpeg(await resized(frame, 320, Math.round((320 * frame.height) / frame.width))),
    );
  });

  it('bombs, loops and files of other kinds break no operation, and the memory comes back', async () => {
    for (const place of places) await send(place, 'the photo', small);
    const before = process.memoryUsage().rss;
    const files = bombs(`http://127.0.0.1:${fixture.canary.port}/photo.jpg`);
    const sent = files.flatMap(([what, file]) => places.map((place) => ({ what, file, place })));
    // Pictures are read by one code, videos by another: a run sends each file to both, of the first at a place that it draws.
    const reader = ([name]: (typeof places)[number]) => (name === 'live-detect' ? 'video' : 'picture');
    for (const { what, file, place } of sampled(sent, ({ what, place }) => `${what} ${reader(place)}`)) {
      await cheaply(() => send(place, what, file));
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * mebibyte);
    expect(fixture.canary.visits()).toBe(0);
    expect(
      (await done('face-detect', { account: fixture.attacker, form: { image_file: small } })).faces,
    ).not.toEqual([]);
  }, 600_000);

  it(`${many} changed pictures break no operation`, async () => {
    const { data, width, height } = await decodePicture(small);
    const bitmap = bmp(width, -height, 24, 0, data);
    const files = [small, small, bitmap, png(100, 100)];
    const first = seedOf('changed pictures');
    const round = (from: number, to: number) =>
      parallel(
        Array.from({ length: to - from }, (_, at) => first + from + at),
        4,
        async (seed) => {
          const place = places[seed % places.length] as (typeof places)[number];
          await send(place, `seed ${seed}`, mutated(files[seed % files.length] as Buffer, seed));
        },
      );
    // As many threads as there will be, with their models.
    const third = Math.floor(many / 3);
    await round(0, third);
    const before = process.memoryUsage().rss;
    await round(third, many);
    const grown = Math.round((process.memoryUsage().rss - before) / mebibyte);
    process.stdout.write(
      `pictures: ${many} changed ones, ${grown} MB more after the last two thirds of them\n`,
    );
    expect(grown).toBeLessThan(500);
  }, 7_200_000);
});
