import { deflateSync } from 'node:zlib';
import { ascii, each, f64, repeated, u16, u32, u64, zeros } from './bytes.ts';
import type { Lie } from './lie.ts';

/** WebM (RFC 8794, RFC 9559) whose elements say other things than the file holds. */

/** A size in eight bytes. */
const size = (bytes: number | bigint) => u64(0x0100_0000_0000_0000n | BigInt(bytes));
const unknown = Buffer.from('01ffffffffffffff', 'hex');
const id = (hex: string) => Buffer.from(hex, 'hex');
const element = (hex: string, ...parts: readonly Uint8Array[]) => {
  const data = Buffer.concat(parts);
  return Buffer.concat([id(hex), size(data.length), data]);
};
/** Small: a size of one byte. */
const small = (hex: string, data: Uint8Array) =>
  Buffer.concat([id(hex), Buffer.from([0x80 | data.length]), data]);

const head = element(
  '1a45dfa3',
  small('4286', Buffer.from([1])),
  small('4282', ascii('webm')),
  small('4287', Buffer.from([4])),
  small('4285', Buffer.from([2])),
);
const info = (scale = 1_000_000n, duration = 2000) =>
  element(
    '1549a966',
    element('2ad7b1', u64(scale)),
    element('4489', f64(duration)),
    element('4d80', ascii('a')),
    element('5741', ascii('a')),
  );
const video = (number: number, width: number, height: number, more: readonly Uint8Array[] = []) =>
  element(
    'ae',
    element('d7', u16(number)),
    element('73c5', u16(number)),
    element('83', Buffer.from([1])),
    element('86', ascii('V_VP8')),
    element('e0', element('b0', u32(width)), element('ba', u32(height))),
    ...more,
  );
const tracks = (...entries: readonly Uint8Array[]) => element('1654ae6b', ...entries);

/** A key frame of VP8 (RFC 6386, 9.1) that claims a size, and noise. */
const vp8 = (width: number, height: number, noise = 200) =>
  Buffer.concat([
    Buffer.from([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8]),
    Buffer.alloc(noise, 0x5a),
  ]);
const block = (time: number, ...data: readonly Uint8Array[]) =>
  element('a3', Buffer.from([0x81]), u16(time), Buffer.from([0x80]), ...data);
const cluster = (...blocks: readonly Uint8Array[]) => element('1f43b675', element('e7', u32(0)), ...blocks);
const frames = each(20, (index) => block(index * 100, vp8(64, 64)));
const segment = (...parts: readonly Uint8Array[]) => element('18538067', ...parts);
const usual = tracks(video(1, 64, 64));
const webm = (...parts: readonly Uint8Array[]) => Buffer.concat([head, segment(info(), usual, ...parts)]);
const encoded = (algorithm: number, settings: Uint8Array) =>
  element(
    '6d80',
    element(
      '6240',
      element('5032', Buffer.from([1])),
      element('5034', element('4254', Buffer.from([algorithm])), element('4255', settings)),
    ),
  );

/** A block of 256 frames of no bytes, in `lacing` (2 Xiph, 4 of one size, 6 EBML). */
const laced = (lacing: number) => {
  const sizes =
    lacing === 4
      ? zeros(0)
      : lacing === 2
        ? zeros(255)
        : Buffer.concat([Buffer.from([0x80]), Buffer.alloc(254, 0xbf)]);
  const data = Buffer.concat([Buffer.from([0x81]), u16(0), Buffer.from([0x80 | lacing, 255]), sizes]);
  return element('a3', data);
};

function nested(depth: number, hex: string): Buffer {
  const head_ = id(hex);
  const step = head_.length + 8;
  return each(depth, (index) => Buffer.concat([head_, size(step * (depth - index - 1))]));
}

/** Videos in this container, by what is wrong about them. */
export function lyingWebms(): readonly Lie[] {
  return [
    [
      'a segment and clusters of unknown size',
      () =>
        Buffer.concat([
          head,
          id('18538067'),
          unknown,
          info(),
          usual,
          repeated(400_000, Buffer.concat([id('1f43b675'), unknown, small('e7', Buffer.from([0]))])),
        ]),
    ],
    [
      'clusters within clusters',
      () => Buffer.concat([head, id('18538067'), unknown, info(), usual, nested(300_000, '1f43b675')]),
    ],
    ['one frame in lacings of 256, of one size', () => webm(cluster(repeated(400_000, laced(4))))],
    ['frames of no bytes in Xiph lacing', () => webm(cluster(repeated(25_000, laced(2))))],
    ['frames of no bytes in EBML lacing', () => webm(cluster(repeated(25_000, laced(6))))],
    [
      'a million empty blocks',
      () => webm(cluster(repeated(900_000, small('a3', Buffer.from([0x81, 0, 0, 0x80]))))),
    ],
    ['voids by the million', () => webm(repeated(3_500_000, Buffer.from([0xec, 0x80])))],
    ['a void of 2⁵⁶ bytes', () => webm(id('ec'), size(0xff_ffff_ffff_fffen))],
    [
      'a million cues to nowhere',
      () =>
        webm(
          element(
            '1c53bb6b',
            repeated(
              250_000,
              small(
                'bb',
                Buffer.concat([
                  small('b3', u32(1)),
                  small(
                    'b7',
                    Buffer.concat([small('f7', Buffer.from([1])), small('f1', u64(0x7fff_ffff_ffff_ffffn))]),
                  ),
                ]),
              ),
            ),
          ),
          cluster(frames),
        ),
    ],
    [
      'a seek head that points at itself',
      () =>
        Buffer.concat([
          head,
          segment(
            repeated(
              1000,
              element('114d9b74', element('4dbb', element('53ab', id('114d9b74')), element('53ac', u32(0)))),
            ),
            info(),
            usual,
            cluster(frames),
          ),
        ]),
    ],
    [
      '20,000 tracks',
      () =>
        Buffer.concat([
          head,
          segment(info(), tracks(each(20_000, (index) => video(index + 1, 64, 64))), cluster(frames)),
        ]),
    ],
    [
      'a duration that is no number',
      () => Buffer.concat([head, segment(info(1_000_000n, Number.NaN), usual, cluster(frames))]),
    ],
    [
      'a duration without end',
      () =>
        Buffer.concat([head, segment(info(1_000_000n, Number.POSITIVE_INFINITY), usual, cluster(frames))]),
    ],
    ['no time between frames', () => Buffer.concat([head, segment(info(0n), usual, cluster(frames))])],
    [
      '2⁶³ nanoseconds between frames',
      () => Buffer.concat([head, segment(info(0x7fff_ffff_ffff_ffffn), usual, cluster(frames))]),
    ],
    [
      'a picture of 2³² × 2³²',
      () =>
        Buffer.concat([head, segment(info(), tracks(video(1, 0xffff_ffff, 0xffff_ffff)), cluster(frames))]),
    ],
    [
      'pictures that grow to 16,383 × 16,383',
      () =>
        webm(
          cluster(
            block(0, vp8(64, 64)),
            each(20, (index) => block(100 * index + 100, vp8(16_383, 16_383))),
          ),
        ),
    ],
    [
      'pictures that grow to 4096 × 2160',
      () =>
        webm(
          cluster(
            block(0, vp8(64, 64)),
            each(150, (index) => block(99 * index + 99, vp8(4096, 2160, 20_000))),
          ),
        ),
    ],
    [
      'pictures that change their size each time',
      () =>
        webm(
          cluster(
            each(150, (index) => block(99 * index, vp8(16 + 16 * (index % 200), 4096 - 16 * (index % 200)))),
          ),
        ),
    ],
    [
      'blocks that unfold to gigabytes',
      () =>
        Buffer.concat([
          head,
          segment(
            info(),
            tracks(video(1, 64, 64, [encoded(0, zeros(0))])),
            cluster(each(150, (index) => block(99 * index, deflateSync(zeros(30_000_000))))),
          ),
        ]),
    ],
    [
      '4 MB put before each of 100,000 blocks',
      () =>
        Buffer.concat([
          head,
          segment(
            info(),
            tracks(video(1, 64, 64, [encoded(3, Buffer.alloc(4_000_000, 1))])),
            cluster(repeated(100_000, small('a3', Buffer.from([0x81, 0, 0, 0x80])))),
          ),
        ]),
    ],
    [
      'tags within tags',
      () => webm(element('1254c367', element('7373', nested(200_000, '67c8'))), cluster(frames)),
    ],
    [
      'a million tags',
      () =>
        webm(
          element(
            '1254c367',
            element(
              '7373',
              repeated(
                300_000,
                small('67c8', Buffer.concat([small('45a3', ascii('a')), small('4487', ascii('b'))])),
              ),
            ),
          ),
          cluster(frames),
        ),
    ],
    [
      'attachments by the thousand',
      () =>
        webm(
          element(
            '1941a469',
            repeated(
              80_000,
              element(
                '61a7',
                small('466e', ascii('a')),
                small('4660', ascii('image/png')),
                small('46ae', u16(1)),
                small('465c', zeros(20)),
              ),
            ),
          ),
          cluster(frames),
        ),
    ],
    [
      'chapters by the hundred thousand',
      () =>
        webm(
          element(
            '1043a770',
            element(
              '45b9',
              repeated(300_000, small('b6', Buffer.concat([small('73c4', u32(1)), small('91', u32(0))]))),
            ),
          ),
          cluster(frames),
        ),
    ],
  ];
}
