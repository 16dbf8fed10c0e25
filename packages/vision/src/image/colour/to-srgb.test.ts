import { describe, expect, it } from 'vitest';
import { decodePicture } from '../decode.ts';
import { essentialJpeg } from '../essential-jpeg.ts';
import { sharp } from '../native-sharp.ts';
import { matrixProfile } from './matrix-profile.ts';
import { convertToSrgb, isSrgb } from './to-srgb.ts';

const side = 96;
/** All hues, from black to full colours. */
const pixels = Uint8Array.from({ length: side * side * 3 }, (_, index) => {
  const [x, y] = [Math.floor(index / 3) % side, Math.floor(index / 3 / side)];
  return [(255 * x) / side, (255 * y) / side, (255 * ((x + 2 * y) % side)) / side][index % 3]!;
});
const picture = () => sharp(pixels, { raw: { width: side, height: side, channels: 3 } });

/** What the colour engine makes of a file, as libvips calls it. */
const byEngine = (file: Buffer) => sharp(file).toColourspace('srgb').raw().toBuffer();

/** The largest difference of two pictures, in levels. */
function difference(one: Uint8Array, other: Uint8Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
}

interface Tags {
  readonly [name: string]: Buffer;
}

const fixed = (...values: readonly number[]) => {
  const data = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) data.writeInt32BE(Math.round(value * 65_536), 4 * index);
  return data;
};
const typed = (type: string, ...data: readonly Buffer[]) =>
  Buffer.concat([Buffer.from(type, 'latin1'), Buffer.alloc(4), ...data]);
const words = (...values: readonly number[]) =>
  Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
const samples = (...values: readonly number[]) => typed('curv', words(0, values.length), words(...values));
const parametric = (form: number, ...parameters: readonly number[]) =>
  typed('para', words(form, 0), fixed(...parameters));

/** Adobe RGB's primaries. */
const colourants: Tags = {
  rXYZ: typed('XYZ ', fixed(0.60974, 0.31111, 0.01947)),
  gXYZ: typed('XYZ ', fixed(0.20528, 0.62567, 0.06087)),
  bXYZ: typed('XYZ ', fixed(0.14919, 0.06322, 0.74457)),
};

/** A display's profile of version 2.4 or 4.3 (ICC.1:2022, 7.2) with these tags and what else each must have. */
function profileOf(tags: Tags, version = 4): Buffer {
  const text =
    version === 4 ? typed('mluc', words(0, 0, 0, 12)) : typed('desc', words(0, 1, 0), Buffer.alloc(87));
  const all = {
    desc: text,
    cprt: version === 4 ? text : typed('text', Buffer.from('none\0')),
    wtpt: typed('XYZ ', fixed(0.9642, 1, 0.8249)),
    ...tags,
  };
  const entries = Object.entries(all).map(([name, data]) => ({
    name,
    data: Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]),
  }));
  let at = 132 + 12 * entries.length;
  const table = entries.map(({ name, data }) => {
    const entry = Buffer.concat([Buffer.from(name, 'latin1'), fixed(at / 65_536, data.length / 65_536)]);
    at += data.length;
    return entry;
  });
  const head = Buffer.alloc(132);
  head.writeUInt32BE(at);
  head.writeUInt32BE(version === 4 ? 0x04300000 : 0x02400000, 8);
  head.write('mntrRGB XYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  fixed(0.9642, 1, 0.8249).copy(head, 68);
  head.writeUInt32BE(entries.length, 128);
  return Buffer.concat([head, ...table, ...entries.map(({ data }) => data)]);
}

const withCurve = (curve: Buffer, version?: number) =>
  profileOf({ ...colourants, rTRC: curve, gTRC: curve, bTRC: curve }, version);

/** The picture as a JPEG that says that its values are of this profile. */
async function jpegWith(profile: Buffer): Promise<Buffer> {
  const jpeg = await picture().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  const data = Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.of(1, 1), profile]);
  const segment = Buffer.concat([Buffer.of(0xff, 0xe2), words(data.length + 2), data]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

describe('a picture whose profile is sRGB', () => {
  it('has the pixels that it has without, and the decoder isn’t told of it', async () => {
    const [plain, named] = await Promise.all([
      picture().jpeg().toBuffer(),
      picture().withIccProfile('srgb').jpeg().toBuffer(),
    ]);
    expect(named.length).toBeGreaterThan(plain.length + 300);
    expect(essentialJpeg(named).file.length).toBeLessThanOrEqual(plain.length);
    expect(essentialJpeg(named).colours).toBeUndefined();
    const decoded = await decodePicture(named);
    expect(difference(decoded.data, (await decodePicture(plain)).data)).toBe(0);
    expect(difference(decoded.data, await byEngine(named))).toBe(0);
  });

  it('so with PNG', async () => {
    const [plain, named] = await Promise.all([
      picture().png().toBuffer(),
      picture().withIccProfile('srgb').png().toBuffer(),
    ]);
    const decoded = await decodePicture(named);
    expect(difference(decoded.data, (await decodePicture(plain)).data)).toBe(0);
  });
});

describe('a JPEG whose profile is a matrix and curves', () => {
  const forms: readonly (readonly [string, () => Buffer])[] = [
    ['a gamma', () => withCurve(samples(563))],
    ['the identity', () => withCurve(samples())],
    [
      'samples',
      () =>
        withCurve(
          samples(...Array.from({ length: 1024 }, (_, at) => Math.round(65_535 * (at / 1023) ** 1.8))),
        ),
    ],
    ['function 0', () => withCurve(parametric(0, 1.8))],
    ['function 1', () => withCurve(parametric(1, 2.2, 1.1, -0.1))],
    ['function 2', () => withCurve(parametric(2, 2.2, 1, 0, 0))],
    ['function 3', () => withCurve(parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))],
    ['function 4', () => withCurve(parametric(4, 2.2, 0.9, 0.05, 0.1, 0.1, 0.02, 0))],
    ['version 2', () => withCurve(samples(563), 2)],
  ];
  it.each(forms)('is converted as by the colour engine, to a level: %s', async (_, profile) => {
    const file = await jpegWith(profile());
    expect(essentialJpeg(file).colours).toBeDefined();
    expect(difference((await decodePicture(file)).data, await byEngine(file))).toBeLessThanOrEqual(1);
  });

  it('so with Display P3, in which phones write their photos', async () => {
    const file = await picture().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
    expect(essentialJpeg(file).colours).toBeDefined();
    expect(difference((await decodePicture(file)).data, await byEngine(file))).toBeLessThanOrEqual(1);
  });

  it('changes colours: the test would see a profile that is passed over', async () => {
    const file = await jpegWith(withCurve(samples(563)));
    const plain = await decodePicture(
      await picture().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
    expect(difference((await decodePicture(file)).data, plain.data)).toBeGreaterThan(20);
  });

  it('of more pixels than are converted at a time', () => {
    const profile = matrixProfile(withCurve(samples(563)))!;
    const many = Uint8Array.from({ length: 3 * 150_001 }, (_, at) => (at * 31) & 255);
    const apart = many.slice();
    convertToSrgb(many, profile);
    for (let at = 0; at < apart.length; at += 29_997) convertToSrgb(apart.subarray(at, at + 29_997), profile);
    expect(Buffer.compare(many, apart)).toBe(0);
  });
});

describe('other profiles are left to the colour engine', () => {
  const whole = withCurve(samples(563));
  const changed = (change: (profile: Buffer) => void) => {
    const profile = Buffer.from(whole);
    change(profile);
    return profile;
  };
  const tagAt = (name: string) => whole.indexOf(name, 132, 'latin1');
  it.each([
    [
      'with a table beside the matrix',
      profileOf({
        A2B0: typed('mft1', Buffer.alloc(40)),
        ...colourants,
        rTRC: samples(563),
        gTRC: samples(563),
        bTRC: samples(563),
      }),
    ],
    ['of grey', changed((profile) => profile.write('GRAY', 16, 'latin1'))],
    ['over Lab', changed((profile) => profile.write('Lab ', 20, 'latin1'))],
    ['without its signature', changed((profile) => profile.write('none', 36, 'latin1'))],
    ['without a curve', changed((profile) => profile.write('rXXX', tagAt('rTRC'), 'latin1'))],
    ['with a tag behind its end', changed((profile) => profile.writeUInt32BE(1 << 30, tagAt('gXYZ') + 4))],
    ['with more tags than it has room for', changed((profile) => profile.writeUInt32BE(99, 128))],
    ['with billions of tags', changed((profile) => profile.writeUInt32BE(0xffffffff, 128))],
    [
      'with more samples than it has',
      withCurve(samples(563)).fill(
        0xff,
        whole.indexOf('curv', 'latin1') + 8,
        whole.indexOf('curv', 'latin1') + 12,
      ),
    ],
    ['with an unknown function', withCurve(parametric(9, 1, 1, 1, 1, 1, 1, 1))],
    ['with a black that has light', withCurve(parametric(2, 2.2, 0.9, 0, 0.05))],
    ['with a black below none', withCurve(parametric(2, 2.2, 1, 0, -0.02))],
    ['cut off', whole.subarray(0, 140)],
    ['empty', Buffer.alloc(0)],
  ])('%s', (_, profile) => {
    expect(matrixProfile(profile)).toBeUndefined();
  });

  it('sRGB’s primaries with another curve aren’t sRGB', () => {
    const linear = profileOf({
      rXYZ: typed('XYZ ', fixed(0.436066, 0.222488, 0.013916)),
      gXYZ: typed('XYZ ', fixed(0.385147, 0.716873, 0.097076)),
      bXYZ: typed('XYZ ', fixed(0.143066, 0.060608, 0.714096)),
      rTRC: samples(563),
      gTRC: samples(563),
      bTRC: samples(563),
    });
    expect(isSrgb(matrixProfile(linear)!)).toBe(false);
  });
});
