import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { describe, expect, it } from 'vitest';
import { segment } from '../../test/hostile-pictures.ts';
import { type OddJpeg, oddJpeg } from '../../test/odd-jpegs.ts';
import { decodePicture } from './decode.ts';
import { sharp } from './native-sharp.ts';

const plain: OddJpeg = { across: 20, down: 15 };
const restarting: OddJpeg = { ...plain, restartInterval: 7 };
const zeros = (count: number) => Buffer.alloc(count);
const jfif = (...version: [number, number]) =>
  segment(0xe0, Buffer.from([...Buffer.from('JFIF\0'), ...version, 0, 0, 1, 0, 1, 0, 0]));
const adobe = (transform: number) =>
  segment(0xee, Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]));

/** A photo's worth of detail: every kind of code occurs. */
function detailed(width = 163, height = 121) {
  let state = 7;
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < data.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = 128 + 60 * Math.sin(i / 97) + ((state >>> 24) % 60) * (i % 5 === 0 ? 1 : 0);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}
/** The last end of the image is left out. */
const endless = (jpeg: Buffer, ...behind: Uint8Array[]) => Buffer.concat([jpeg.subarray(0, -2), ...behind]);

describe('a JPEG whose pixels are all there is read as its regular form', () => {
  it.each<[string, Partial<OddJpeg>, OddJpeg]>([
    ['zero bytes before restart markers', { beforeRestart: (i) => zeros(i % 3) }, restarting],
    ['many bytes before restart markers', { beforeRestart: () => Buffer.alloc(40, 0x5a) }, restarting],
    ['fill bytes before restart markers', { beforeRestart: () => Buffer.alloc(3, 0xff) }, restarting],
    ['stuffed bytes before restart markers', { beforeRestart: () => Buffer.from([0xff, 0]) }, restarting],
    ['restart markers numbered from 1', { restartNumber: (i) => (i + 1) % 8 }, restarting],
    ['restart markers all of one number', { restartNumber: () => 0 }, restarting],
    ['restart markers numbered backwards', { restartNumber: (i) => 7 - (i % 8) }, restarting],
    ['a restart interval of one block', { beforeRestart: () => zeros(1) }, { ...plain, restartInterval: 1 }],
    ['no end', { end: zeros(0) }, plain],
    ['no end, in intervals', { end: zeros(0) }, restarting],
    ['half an end', { end: Buffer.from([0xff]) }, plain],
    ['zero bytes for an end', { end: zeros(500) }, plain],
    ['bytes before its end', { end: Buffer.from([1, 2, 3, 0xff, 0xd9]) }, plain],
    ['fill bytes before its end', { end: Buffer.from([0xff, 0xff, 0xff, 0xd9]) }, plain],
    ['bytes behind its end', { end: Buffer.concat([Buffer.from([0xff, 0xd9]), Buffer.alloc(99, 7)]) }, plain],
    ['bytes between segments', { between: Buffer.from([0, 0, 0x41]) }, plain],
    ['fill bytes between segments', { between: Buffer.from([0xff, 0xff]) }, plain],
    ['Samsung’s scan header, of no coefficients', { selection: [0, 0, 0] }, plain],
    ['a scan header that ends early', { selection: [0, 5, 0] }, plain],
    ['a scan header that starts late', { selection: [1, 63, 0] }, plain],
    ['a scan header of other bits', { selection: [0, 63, 0x21] }, plain],
    ['JFIF 2.1', { application: [jfif(2, 1)] }, plain],
    ['JFIF cut short', { application: [segment(0xe0, Buffer.from('JFIF\0'))] }, plain],
  ])('%s', async (_, odd, regular) => {
    const expected = await decodePicture(oddJpeg(regular));
    const seen = await decodePicture(oddJpeg({ ...regular, ...odd }));
    expect([seen.width, seen.height]).toEqual([160, 120]);
    expect(Buffer.compare(seen.data, expected.data)).toBe(0);
  });

  it.each([
    ['baseline', { quality: 85 }],
    ['without subsampling', { chromaSubsampling: '4:4:4' }],
    ['progressive', { progressive: true }],
    ['mozjpeg’s', { mozjpeg: true }],
    ['very fine', { quality: 100 }],
    ['progressive and very fine', { quality: 100, progressive: true }],
  ])('a photo without its end: %s', async (_, options) => {
    const jpeg = await detailed().jpeg(options).toBuffer();
    const expected = await decodePicture(jpeg);
    for (const odd of [endless(jpeg), endless(jpeg, zeros(64)), endless(jpeg, zeros(3), jpeg.subarray(-2))]) {
      expect(Buffer.compare((await decodePicture(odd)).data, expected.data)).toBe(0);
    }
  });

  it.each([7, 255])('of an unknown Adobe transform, %i: for three components YCbCr', async (transform) => {
    const jpeg = await detailed().jpeg().toBuffer();
    const odd = Buffer.concat([jpeg.subarray(0, 2), adobe(transform), jpeg.subarray(2)]);
    expect(Buffer.compare((await decodePicture(odd)).data, (await decodePicture(jpeg)).data)).toBe(0);
  });
});

describe('a JPEG of which a part is missing is refused', () => {
  it.each<[string, OddJpeg]>([
    ['the last row of its data', { ...plain, missing: () => 40 }],
    ['the last byte and the end', { ...plain, missing: () => 1, end: zeros(0) }],
    ['a byte before a restart marker', { ...restarting, missing: (i) => (i === 4 ? 1 : 0) }],
    [
      'the same, and its markers are odd',
      { ...restarting, missing: (i) => (i === 4 ? 1 : 0), restartNumber: () => 0 },
    ],
    ['a byte of the last interval', { ...restarting, missing: (i) => (i === 42 ? 1 : 0), end: zeros(0) }],
  ])('%s', async (_, odd) => {
    await expect(decodePicture(oddJpeg(odd))).rejects.toMatchObject({ code: 'FRS.0016' });
  });

  it('a restart marker is missing with its interval', async () => {
    const file = oddJpeg(restarting);
    const [from, to] = [file.indexOf(Buffer.from([0xff, 0xd1])), file.indexOf(Buffer.from([0xff, 0xd2]))];
    const cut = Buffer.concat([file.subarray(0, from), file.subarray(to)]);
    await expect(decodePicture(cut)).rejects.toMatchObject({ code: 'FRS.0016' });
  });

  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['mozjpeg’s', { mozjpeg: true }],
  ])('a photo that is cut off anywhere, with or without an end put behind it: %s', async (_, options) => {
    const jpeg = await detailed().jpeg(options).toBuffer();
    const scans = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    for (let part = 0; part < 40; part += 1) {
      const at = Math.round(scans + ((jpeg.length - 4 - scans) * part) / 40);
      for (const cut of [jpeg.subarray(0, at), Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(-2)])]) {
        await expect(decodePicture(cut)).rejects.toMatchObject({ code: 'FRS.0016' });
      }
    }
  });

  it('a progressive one that is cut between two scans', async () => {
    const jpeg = await detailed().jpeg({ progressive: true }).toBuffer();
    const scans = [];
    for (let at = 0; at >= 0; at = jpeg.indexOf(Buffer.from([0xff, 0xda]), at + 1)) scans.push(at);
    for (const at of scans.slice(2)) {
      await expect(decodePicture(jpeg.subarray(0, at))).rejects.toMatchObject({ code: 'FRS.0016' });
    }
  });
});

describeWithData('files of the field', () => {
  it.each(['jpeg_samsung_sos.jpg', 'jpeg_extraneous_before_rst.jpg'])('%s is read', async (name) => {
    const file = readFileSync(join(sharedData('field') ?? '', name));
    expect(await decodePicture(file)).toMatchObject({ width: 960, height: 640 });
  });
});
