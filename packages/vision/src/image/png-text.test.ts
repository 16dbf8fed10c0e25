import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chunk, crowdedExif, repeated, withChunks } from '../../test/hostile-pictures.ts';
import { decodePicture } from './decode.ts';
import { essentialPng } from './essential-png.ts';
import { sharp } from './native-sharp.ts';
import { orientationExif } from './orientation.ts';

const png = () =>
  sharp({ create: { width: 200, height: 100, channels: 3, background: '#88aa44' } })
    .png()
    .toBuffer();

/** As ImageMagick writes a profile: 36 bytes a line. */
function rawProfile(name: string, profile: Uint8Array): Buffer {
  const lines =
    Buffer.from(profile)
      .toString('hex')
      .match(/.{1,72}/g) ?? [];
  return Buffer.from(`\n${name}\n${String(profile.length).padStart(8)}\n${lines.join('\n')}\n`);
}

const named = Buffer.from('Exif\0\0');
const turned = orientationExif(6);
/** The same in the other byte order. */
const little = Buffer.from('49492a000800000001001201030001000000060000000000000000', 'hex');
const keyed = (keyword: string, ...parts: readonly Uint8Array[]) =>
  Buffer.concat([Buffer.from(`${keyword}\0`), ...parts]);
const exifKey = 'Raw profile type exif';
const profile = rawProfile('exif', Buffer.concat([named, turned]));

describe('EXIF in a text of a PNG turns the picture', () => {
  it.each<[string, Buffer]>([
    ['tEXt', chunk('tEXt', keyed(exifKey, profile))],
    ['zTXt', chunk('zTXt', keyed(exifKey, Buffer.from([0]), deflateSync(profile)))],
    ['iTXt', chunk('iTXt', keyed(exifKey, Buffer.from([0, 0, 0, 0]), profile))],
    ['iTXt, compressed', chunk('iTXt', keyed(exifKey, Buffer.from([1, 0, 0, 0]), deflateSync(profile)))],
    ['iTXt with a language', chunk('iTXt', keyed(exifKey, Buffer.from('\0\0en\0Exif\0'), profile))],
    ['without its name', chunk('tEXt', keyed(exifKey, rawProfile('exif', turned)))],
    ['little endian', chunk('tEXt', keyed(exifKey, rawProfile('exif', Buffer.concat([named, little]))))],
    [
      'as APP1',
      chunk(
        'zTXt',
        keyed(
          'Raw profile type APP1',
          Buffer.from([0]),
          deflateSync(rawProfile('app1', Buffer.concat([named, turned]))),
        ),
      ),
    ],
    [
      'under the name that older ImageMagick gives it',
      chunk('tEXt', keyed('Raw profile type APP1', rawProfile('generic', Buffer.concat([named, turned])))),
    ],
    ['capital digits', chunk('tEXt', keyed(exifKey, Buffer.from(profile.toString().toUpperCase())))],
    ['a whole camera’s', chunk('tEXt', keyed(exifKey, rawProfile('exif', crowdedExif(500, 6))))],
    ['eXIf', chunk('eXIf', turned)],
    ['eXIf, little endian', chunk('eXIf', little)],
  ])('%s', async (_, part) => {
    expect(await decodePicture(withChunks(await png(), part))).toMatchObject({ width: 100, height: 200 });
  });

  it('also where the text follows the picture', async () => {
    const file = await png();
    const end = file.subarray(-12);
    const behind = Buffer.concat([file.subarray(0, -12), chunk('tEXt', keyed(exifKey, profile)), end]);
    expect(await decodePicture(behind)).toMatchObject({ width: 100, height: 200 });
  });

  it('unless the chunk for EXIF says otherwise', async () => {
    const both = withChunks(
      await png(),
      chunk('tEXt', keyed(exifKey, profile)),
      chunk('eXIf', orientationExif(1)),
    );
    expect(await decodePicture(both)).toMatchObject({ width: 200, height: 100 });
  });
});

describe('a text that is no EXIF changes nothing', () => {
  it.each<[string, Buffer]>([
    ['another text', chunk('tEXt', keyed('Comment', profile))],
    ['other digits', chunk('tEXt', keyed(exifKey, Buffer.from('\nexif\n 8\nzz zz')))],
    ['no keyword’s end', chunk('tEXt', Buffer.alloc(200, 65))],
    ['damaged', chunk('zTXt', keyed(exifKey, Buffer.from([0, 1, 2, 3])))],
    ['unfolding', chunk('zTXt', keyed(exifKey, Buffer.from([0]), deflateSync(Buffer.alloc(1 << 26))))],
    ['iTXt cut short', chunk('iTXt', keyed(exifKey, Buffer.from([0, 0])))],
    [
      'blanks',
      chunk('tEXt', keyed(exifKey, Buffer.from('exif 1'), Buffer.alloc(900_000, 32), Buffer.from('z'))),
    ],
  ])('%s', async (_, part) => {
    expect(await decodePicture(withChunks(await png(), part))).toMatchObject({ width: 200, height: 100 });
  });

  it('and only one is unfolded', async () => {
    const bomb = chunk('zTXt', keyed(exifKey, Buffer.from([0]), deflateSync(Buffer.alloc(1_000_000, 32))));
    const file = withChunks(await png(), repeated(3000, bomb));
    const before = process.cpuUsage();
    essentialPng(file);
    const { user, system } = process.cpuUsage(before);
    // All of them take over 3,000 ms.
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

describe('a PNG without its end', () => {
  it('is read where all of its picture is there', async () => {
    const file = await png();
    const whole = await decodePicture(file);
    for (const bytes of [1, 4, 11, 12]) {
      expect(Buffer.compare((await decodePicture(file.subarray(0, -bytes))).data, whole.data)).toBe(0);
    }
  });

  it('is refused where a byte of it is missing', async () => {
    const file = await png();
    await expect(decodePicture(file.subarray(0, -13))).rejects.toMatchObject({ code: 'FRS.0016' });
  });
});
