import { ascii, each, f64, le16, le32, le64, most, repeated, u32, zeros } from './bytes.ts';
import type { Lie } from './lie.ts';

/** AVI, FLV and ASF whose headers and indexes say other things than the file holds. */

const chunk = (type: string, ...parts: readonly Uint8Array[]) => {
  const data = Buffer.concat(parts);
  return Buffer.concat([ascii(type), le32(data.length), data, zeros(data.length % 2)]);
};
const list = (type: string, ...parts: readonly Uint8Array[]) => chunk('LIST', ascii(type), ...parts);

/** Of H.263, 64 × 64. */
const format = (width: number, height: number) =>
  chunk('strf', le32(40), le32(width), le32(height), le16(1), le16(24), ascii('H263'), zeros(20));
const streamHeader = (scale: number, rate: number, length: number) =>
  chunk('strh', ascii('vidsH263'), zeros(12), le32(scale), le32(rate), le32(0), le32(length), zeros(16));
interface Avi {
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  readonly rate?: number;
  readonly length?: number;
  readonly streams?: number;
  readonly inStream?: readonly Uint8Array[];
  readonly movie?: readonly Uint8Array[];
  readonly behind?: readonly Uint8Array[];
}
const frame = chunk('00dc', Buffer.from('000080020c1a', 'hex'), Buffer.alloc(90, 0x5b));
function avi(given: Avi): Buffer {
  const { width = 64, height = 64, scale = 1, rate = 10, length = 20, streams = 1 } = given;
  const stream = list(
    'strl',
    streamHeader(scale, rate, length),
    format(width, height),
    ...(given.inStream ?? []),
  );
  const header = chunk(
    'avih',
    le32(100_000),
    zeros(8),
    le32(0x10),
    le32(length),
    le32(0),
    le32(streams),
    zeros(4),
    le32(width),
    le32(height),
    zeros(16),
  );
  const body = Buffer.concat([
    ascii('AVI '),
    list('hdrl', header, repeated(streams, stream)),
    list('movi', ...(given.movie ?? [repeated(20, frame)])),
    ...(given.behind ?? []),
  ]);
  return Buffer.concat([ascii('RIFF'), le32(body.length), body]);
}
const indexEntry = (offset: number, bytes: number) =>
  Buffer.concat([ascii('00dc'), le32(0x10), le32(offset), le32(bytes)]);
/** The index of a stream's indexes, which says that it has so many entries. */
const superIndex = (claimed: number, entries: Uint8Array) =>
  chunk('indx', le16(4), zeros(2), le32(claimed), ascii('00dc'), zeros(12), entries);

function nestedLists(depth: number): Buffer {
  return each(depth, (index) =>
    Buffer.concat([ascii('LIST'), le32(12 * (depth - index) - 8), ascii('strl')]),
  );
}

/** Videos in AVI, by what is wrong about them. */
export function lyingAvis(): readonly Lie[] {
  return [
    [
      'an index to outside of the file',
      () => avi({ behind: [chunk('idx1', repeated(450_000, indexEntry(most, most)))] }),
    ],
    [
      'an index to one frame, 450,000 times',
      () => avi({ behind: [chunk('idx1', repeated(450_000, indexEntry(4, 96)))] }),
    ],
    [
      'an index to frames of no bytes',
      () =>
        avi({
          behind: [
            chunk(
              'idx1',
              each(450_000, (index) => indexEntry(4 + index, 0)),
            ),
          ],
        }),
    ],
    [
      'an index that claims 4 billion entries',
      () =>
        avi({
          inStream: [superIndex(most, repeated(100, Buffer.concat([le64(0n), le32(most), le32(most)])))],
        }),
    ],
    [
      'an index of indexes that points at itself',
      () =>
        avi({
          inStream: [superIndex(100_000, repeated(100_000, Buffer.concat([le64(200n), le32(100), le32(1)])))],
        }),
    ],
    [
      'a million frames of no bytes',
      () => avi({ length: 1_000_000, movie: [repeated(1_000_000, chunk('00dc'))] }),
    ],
    ['4 billion frames', () => avi({ length: most })],
    ['no frames a second', () => avi({ scale: 0, rate: 0 })],
    ['4 billion frames a second', () => avi({ rate: most })],
    ['a frame in 4 billion seconds', () => avi({ scale: most, rate: 1 })],
    ['a picture of 2³¹ × 2³¹', () => avi({ width: 0x7fffffff, height: 0x7fffffff })],
    ['a picture of −2³¹ rows', () => avi({ height: 0x80000000 })],
    ['a frame that claims 4 GB', () => avi({ movie: [ascii('00dc'), le32(most), zeros(1000)] })],
    ['lists within lists', () => avi({ movie: [nestedLists(400_000)] })],
    ['30,000 streams', () => avi({ streams: 30_000 })],
    ['a format of 7 MB', () => avi({ inStream: [chunk('strf', zeros(7_000_000))] })],
    ['padding by the million', () => avi({ movie: [repeated(900_000, chunk('JUNK'))] })],
    [
      'names by the hundred thousand',
      () => avi({ behind: [list('INFO', repeated(500_000, chunk('INAM', ascii('ab'))))] }),
    ],
  ];
}

const u24 = (value: number) => u32(value).subarray(1);
const tag = (type: number, time: number, data: Uint8Array) =>
  Buffer.concat([
    Buffer.from([type]),
    u24(data.length),
    u24(time & 0xffffff),
    zeros(4),
    data,
    u32(data.length + 11),
  ]);
const flv = (...tags: readonly Uint8Array[]) =>
  Buffer.concat([ascii('FLV\x01\x01'), u32(9), u32(0), ...tags]);
const text = (value: string) => Buffer.concat([u32(value.length).subarray(2), ascii(value)]);
const number = (value: number) => Buffer.concat([Buffer.from([0]), f64(value)]);
/** A key frame of Sorenson's H.263, 352 × 288, and noise. */
const sorenson = tag(
  9,
  0,
  Buffer.concat([Buffer.from([0x12]), Buffer.from('00008400010a', 'hex'), Buffer.alloc(90, 0x5b)]),
);
const frames = repeated(20, sorenson);
const about = (...parts: readonly Uint8Array[]) =>
  tag(
    18,
    0,
    Buffer.concat([
      Buffer.from([2]),
      text('onMetaData'),
      Buffer.from([8]),
      u32(1),
      ...parts,
      Buffer.from([0, 0, 9]),
    ]),
  );

/** Videos in FLV, by what is wrong about them. */
export function lyingFlvs(): readonly Lie[] {
  return [
    ['a million frames of no bytes', () => flv(repeated(500_000, tag(9, 0, zeros(0))), sorenson)],
    ['a million frames of a byte', () => flv(repeated(480_000, tag(9, 0, Buffer.from([0x12]))), sorenson)],
    [
      'objects within objects',
      () => flv(about(repeated(500_000, Buffer.concat([text('a'), Buffer.from([3])]))), frames),
    ],
    [
      'lists within lists',
      () => flv(about(text('a'), repeated(900_000, Buffer.concat([Buffer.from([10]), u32(1)]))), frames),
    ],
    [
      'a list of 4 billion',
      () =>
        flv(
          about(
            text('keyframes'),
            Buffer.from([3]),
            text('times'),
            Buffer.from([10]),
            u32(most),
            number(1),
            text('filepositions'),
            Buffer.from([10]),
            u32(most),
            number(1),
          ),
          frames,
        ),
    ],
    [
      'key frames outside of the file',
      () =>
        flv(
          about(
            text('keyframes'),
            Buffer.from([3]),
            text('times'),
            Buffer.from([10]),
            u32(400_000),
            repeated(400_000, number(1)),
            text('filepositions'),
            Buffer.from([10]),
            u32(400_000),
            repeated(400_000, number(1e18)),
            Buffer.from([0, 0, 9]),
          ),
          frames,
        ),
    ],
    [
      'a duration that is no number',
      () =>
        flv(
          about(
            text('duration'),
            number(Number.NaN),
            text('width'),
            number(1e300),
            text('height'),
            number(-1),
          ),
          frames,
        ),
    ],
    [
      'times that go backwards',
      () => flv(each(5000, (index) => tag(9, 0xffffff - index * 3000, sorenson.subarray(11, 108)))),
    ],
    [
      'a tag that claims 16 MB',
      () => flv(Buffer.concat([Buffer.from([9]), u24(0xffffff), zeros(7), zeros(1000)])),
    ],
  ];
}

const guid = (hex: string) => Buffer.from(hex, 'hex');
const asfHeader = guid('3026b2758e66cf11a6d900aa0062ce6c');
const asfObject = (hex: string, size: bigint | undefined, ...parts: readonly Uint8Array[]) => {
  const data = Buffer.concat(parts);
  return Buffer.concat([guid(hex), le64(size ?? BigInt(data.length + 24)), data]);
};
/** The header extension's. */
const extension = 'b503bf5f2ea9cf118ee300c00c205365';
const fileProperties = (packet: number, packets: bigint) =>
  asfObject(
    'a1dcab8c47a9cf118ee400c00c205365',
    undefined,
    zeros(16),
    le64(0n),
    le64(0n),
    le64(packets),
    le64(20_000_000n),
    le64(20_000_000n),
    le64(0n),
    le32(2),
    le32(packet),
    le32(packet),
    le32(100_000),
  );
const streamProperties = (width: number, height: number) =>
  asfObject(
    '9107dcb7b7a9cf118ee600c00c205365',
    undefined,
    guid('c0ef19bc4d5bcf11a8fd00805f5c442b'),
    zeros(16),
    le64(0n),
    le32(0),
    le32(51),
    le16(1),
    zeros(4),
    le32(width),
    le32(height),
    Buffer.from([2]),
    le16(40),
    le32(40),
    le32(width),
    le32(height),
    le16(1),
    le16(24),
    ascii('WMV3'),
    zeros(20),
  );
const asf = (objects: number, header: readonly Uint8Array[], ...rest: readonly Uint8Array[]) => {
  const data = Buffer.concat(header);
  return Buffer.concat([
    asfHeader,
    le64(BigInt(data.length + 30)),
    le32(objects),
    Buffer.from([1, 2]),
    data,
    ...rest,
  ]);
};
const asfData = (packets: bigint, ...parts: readonly Uint8Array[]) =>
  asfObject('3626b2758e66cf11a6d900aa0062ce6c', undefined, zeros(16), le64(packets), le16(0x101), ...parts);

/** Videos in ASF (wmv), by what is wrong about them. */
export function lyingAsfs(): readonly Lie[] {
  const usual = [fileProperties(100, 20n), streamProperties(64, 64)];
  const packet = Buffer.concat([Buffer.from('820000115d', 'hex'), zeros(95)]);
  const data = asfData(20n, repeated(20, packet));
  return [
    [
      'a header of 2⁶³ bytes',
      () =>
        Buffer.concat([
          asfHeader,
          le64(0x7fff_ffff_ffff_ffffn),
          le32(most),
          Buffer.from([1, 2]),
          zeros(1000),
        ]),
    ],
    ['an object of 2⁶³ bytes', () => asf(3, [...usual, asfObject(extension, 0x7fff_ffff_ffff_ffffn)], data)],
    [
      'objects of no bytes',
      () => asf(most, [...usual, repeated(250_000, asfObject(extension, undefined))], data),
    ],
    [
      'objects within objects',
      () =>
        asf(
          3,
          [
            ...usual,
            each(150_000, (index) => asfObject(extension, BigInt(46 * (150_000 - index)), zeros(22))),
          ],
          data,
        ),
    ],
    [
      'packets of no bytes',
      () =>
        asf(
          2,
          [fileProperties(0, BigInt(most)), streamProperties(64, 64)],
          asfData(BigInt(most), zeros(7_000_000)),
        ),
    ],
    [
      'packets of 4 GB',
      () => asf(2, [fileProperties(most, 20n), streamProperties(64, 64)], asfData(20n, zeros(100_000))),
    ],
    [
      'packets of noise',
      () =>
        asf(
          2,
          usual,
          asfData(
            80_000n,
            repeated(
              80_000,
              Buffer.concat([Buffer.from('820000ffff', 'hex'), Buffer.alloc(85, 0xff), zeros(10)]),
            ),
          ),
        ),
    ],
    ['a picture of 2³² × 2³²', () => asf(2, [fileProperties(100, 20n), streamProperties(most, most)], data)],
    [
      'an index of 4 billion',
      () =>
        asf(
          2,
          usual,
          data,
          asfObject(
            '90080033b1e5cf1189f400a0c90349cb',
            undefined,
            zeros(16),
            le64(1n),
            le32(most),
            le32(most),
            zeros(6_000_000),
          ),
        ),
    ],
    [
      'names by the hundred thousand',
      () =>
        asf(
          3,
          [
            ...usual,
            asfObject(
              '40a4d0d207e3d21197f000a0c95ea850',
              undefined,
              le16(65_535),
              repeated(
                65_535,
                Buffer.concat([le16(4), ascii('a\0\0\0'), le16(0), le16(4), ascii('b\0\0\0')]),
              ),
            ),
          ],
          data,
        ),
    ],
  ];
}
