import { ascii, each, most, repeated, u16, u32, u64, zeros } from './bytes.ts';
import { isGreedy, type Lie } from './lie.ts';

/** MP4 and MOV (ISO/IEC 14496-12) whose tables say other things than the file holds. */

const box = (type: string, ...parts: readonly Uint8Array[]) => {
  const data = Buffer.concat(parts);
  return Buffer.concat([u32(data.length + 8), ascii(type), data]);
};
/** With version and flags. */
const full = (type: string, ...parts: readonly Uint8Array[]) => box(type, u32(0), ...parts);

const fileType = box('ftyp', ascii('isom'), u32(512), ascii('isommp42'));
const matrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));
const movieHeader = (timescale = 1000, duration = 2000) =>
  full(
    'mvhd',
    ...[zeros(8), u32(timescale), u32(duration), u32(0x10000), u16(0x100), zeros(10), matrix],
    ...[zeros(24), u32(2)],
  );

/** A configuration of H.264 (ISO/IEC 14496-15) with one set of parameters of each kind: 64 × 64, baseline. */
const avcC = box(
  'avcC',
  Buffer.from('0142c00affe1000c6742c00ad90a10a10000', 'hex').subarray(0, 8),
  Buffer.from('0009', 'hex'),
  Buffer.from('6742c00ada1084e280', 'hex'),
  Buffer.from('01000468ce3c80', 'hex'),
);

interface Tables {
  /** Boxes of the sample table; those of one sample of 100 bytes if absent. */
  readonly stts?: Uint8Array;
  readonly stsc?: Uint8Array;
  readonly stsz?: Uint8Array;
  readonly stco?: Uint8Array;
  readonly more?: readonly Uint8Array[];
  readonly codec?: string;
  readonly entries?: Uint8Array;
  readonly width?: number;
  readonly height?: number;
  readonly timescale?: number;
  readonly duration?: number;
  readonly edits?: Uint8Array;
  readonly inTrack?: readonly Uint8Array[];
  readonly inMovie?: readonly Uint8Array[];
}

/** Where the media data begins that stands before the movie. */
const dataAt = fileType.length + 8;
const count = (entries: number, ...rest: readonly Uint8Array[]) => Buffer.concat([u32(entries), ...rest]);

/** Tables of one chunk of so many samples, a byte each. */
const samplesOfOneByte = (samples: number): Tables => ({
  stsz: Buffer.concat([u32(1), u32(samples)]),
  stsc: count(1, u32(1), u32(samples), u32(1)),
  stts: count(1, u32(samples), u32(1)),
});

function track(tables: Tables, id = 1): Buffer {
  const { codec = 'avc1', width = 64, height = 64, timescale = 1000, duration = 2000 } = tables;
  const entry = box(
    codec,
    ...[zeros(6), u16(1), zeros(16), u16(width), u16(height), u32(0x480000), u32(0x480000), zeros(4)],
    ...[u16(1), zeros(32), u16(24), u16(0xffff)],
    codec === 'avc1' ? avcC : zeros(0),
  );
  return box(
    'trak',
    full(
      'tkhd',
      zeros(8),
      u32(id),
      zeros(4),
      u32(duration),
      zeros(16),
      matrix,
      u32(width << 16),
      u32(height << 16),
    ),
    ...(tables.edits ? [box('edts', full('elst', tables.edits))] : []),
    ...(tables.inTrack ?? []),
    box(
      'mdia',
      full('mdhd', zeros(8), u32(timescale), u32(duration), zeros(4)),
      full('hdlr', zeros(4), ascii('vide'), zeros(13)),
      box(
        'minf',
        full('vmhd', zeros(8)),
        box('dinf', full('dref', u32(1), full('url '))),
        box(
          'stbl',
          full('stsd', tables.entries ?? count(1, entry)),
          full('stts', tables.stts ?? count(1, u32(10), u32(200))),
          full('stsc', tables.stsc ?? count(1, u32(1), u32(10), u32(1))),
          full('stsz', tables.stsz ?? Buffer.concat([u32(100), u32(10)])),
          full('stco', tables.stco ?? count(1, u32(dataAt))),
          ...(tables.more ?? []),
        ),
      ),
    ),
  );
}

/** H.264 in a file: lengths, then a slice of noise. */
const sample = Buffer.concat([u32(96), Buffer.from([0x65]), Buffer.alloc(95, 0x9a)]);
const data = box('mdat', repeated(10, sample));
const movie = (tables: Tables, ...tracks: readonly Uint8Array[]) =>
  Buffer.concat([
    fileType,
    data,
    box('moov', movieHeader(tables.timescale), ...(tables.inMovie ?? []), track(tables), ...tracks),
  ]);

/** Fragments whose runs list so many samples in no bytes: size and duration are the track's. */
function fragmented(fragments: number, samples: number): Buffer {
  const extends_ = box('mvex', full('trex', u32(1), u32(1), u32(40), u32(1), u32(0)));
  const none = { stts: u32(0), stsc: u32(0), stsz: zeros(8), stco: u32(0), inMovie: [extends_] };
  const run = box('trun', u32(0), u32(samples));
  const head = box('tfhd', u32(0x020000), u32(1));
  const fragment = box('moof', full('mfhd', u32(1)), box('traf', head, run));
  return Buffer.concat([
    fileType,
    box('moov', movieHeader(), extends_, track(none)),
    repeated(fragments, Buffer.concat([fragment, box('mdat', sample)])),
  ]);
}

function nested(depth: number, type: string): Buffer {
  const sizes = Array.from({ length: depth }, (_, index) =>
    Buffer.concat([u32(8 * (depth - index)), ascii(type)]),
  );
  return Buffer.concat(sizes);
}

/** A descriptor of MPEG-4 Systems within itself, each of which claims all that four bytes can say. */
const nestedDescriptors = (depth: number) =>
  repeated(depth, Buffer.from([0x03, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0, 0x04, 0xff, 0xff, 0xff, 0x7f]));

/** Videos in these containers, by what is wrong about them. */
export function lyingMovies(): readonly Lie[] {
  return [
    [
      'one chunk of 4 billion samples',
      () => movie({ stsz: Buffer.concat([u32(1), u32(most)]), stsc: count(1, u32(1), u32(most), u32(1)) }),
    ],
    ['one chunk of 50 million samples', () => movie(samplesOfOneByte(50_000_000))],
    [
      'samples of no bytes by the million',
      () =>
        movie({
          stsz: Buffer.concat([u32(0), u32(1_500_000), zeros(6_000_000)]),
          stsc: count(1, u32(1), u32(1_500_000), u32(1)),
          stts: count(1, u32(1_500_000), u32(1)),
        }),
    ],
    [
      'sizes that the table does not hold',
      () => movie({ stsz: Buffer.concat([u32(0), u32(most), zeros(400)]) }),
    ],
    ['a duration of 4 billion samples', () => movie({ stts: count(1, u32(most), u32(most)) })],
    [
      'durations by the million',
      () => movie({ stts: count(900_000, repeated(900_000, Buffer.concat([u32(1), u32(1)]))) }),
    ],
    [
      'composition times by the million',
      () =>
        movie({
          more: [
            full('ctts', count(900_000, repeated(900_000, Buffer.concat([u32(most), u32(0x7fffffff)])))),
          ],
        }),
    ],
    [
      'composition times of 4 billion samples',
      () => movie({ more: [full('ctts', count(2, u32(most), u32(1), u32(most), u32(most)))] }),
    ],
    [
      'chunks outside of the file',
      () =>
        movie({
          stco: count(1000, repeated(1000, u32(most))),
          stsc: count(1, u32(1), u32(1), u32(1)),
          stsz: Buffer.concat([u32(100), u32(1000)]),
          stts: count(1, u32(1000), u32(2)),
        }),
    ],
    [
      'chunks at 2⁶³',
      () =>
        movie({
          more: [full('co64', count(1000, repeated(1000, u64(0x7fff_ffff_ffff_ffffn))))],
          stco: u32(0),
        }),
    ],
    [
      'two million chunks at one place',
      () =>
        movie({
          stco: count(1_900_000, repeated(1_900_000, u32(dataAt))),
          stsc: count(1, u32(1), u32(1), u32(1)),
          stsz: Buffer.concat([u32(100), u32(1_900_000)]),
          stts: count(1, u32(1_900_000), u32(1)),
        }),
    ],
    [
      'chunk rules by the hundred thousand',
      () =>
        movie({
          stsc: count(
            600_000,
            each(600_000, (index) => Buffer.concat([u32(index + 1), u32(1), u32(1)])),
          ),
        }),
    ],
    [
      'chunk rules that go backwards',
      () =>
        movie({ stsc: count(3, u32(5), u32(9), u32(1), u32(2), u32(most), u32(1), u32(1), u32(1), u32(99)) }),
    ],
    [
      'an edit list of 600,000 entries',
      () =>
        movie({ edits: count(600_000, repeated(600_000, Buffer.concat([u32(1), u32(0), u32(0x10000)]))) }),
    ],
    [
      'an edit list that claims more than it holds',
      () => movie({ edits: count(most, u32(1), u32(0), u32(0x10000)) }),
    ],
    [
      'edits that end before they begin',
      () => movie({ edits: count(2, u32(most), u32(0x7fffffff), u32(0), u32(0), u32(-2), u32(-1)) }),
    ],
    [
      '8,000 tracks',
      () =>
        movie(
          {},
          each(8000, (index) => track({}, index + 2)),
        ),
    ],
    ['8,000 tracks of 100,000 samples', () => movie({}, repeated(8000, track(samplesOfOneByte(100_000))))],
    [
      'a hundred tracks of a million samples',
      () => movie({}, repeated(100, track(samplesOfOneByte(1_000_000)))),
    ],
    ['a movie within a movie, 500,000 deep', () => Buffer.concat([fileType, nested(500_000, 'moov')])],
    ['user data within user data', () => movie({ inMovie: [nested(200_000, 'udta')] })],
    ['metadata within metadata', () => movie({ inMovie: [nested(200_000, 'ilst')] })],
    [
      'a track within a track',
      () => Buffer.concat([fileType, box('moov', movieHeader(), nested(200_000, 'trak'))]),
    ],
    [
      'a compressed movie that claims 4 GB',
      () =>
        Buffer.concat([
          fileType,
          box(
            'moov',
            box(
              'cmov',
              box('dcom', ascii('zlib')),
              box('cmvd', u32(most), Buffer.from('789c030000000001', 'hex')),
            ),
          ),
        ]),
    ],
    ['20,000 fragments', () => fragmented(20_000, 1)],
    ['a fragment of 4 billion samples', () => fragmented(1, most)],
    ['a fragment of 100 million samples', () => fragmented(1, 100_000_000)],
    ['fragments of a million samples', () => fragmented(1000, 1_000_000)],
    [
      'an index of fragments that points at itself',
      () =>
        Buffer.concat([
          movie({}),
          full(
            'sidx',
            u32(1),
            u32(1),
            zeros(8),
            u16(0),
            u16(60_000),
            repeated(60_000, Buffer.concat([u32(most), zeros(8)])),
          ),
        ]),
    ],
    [
      '65,000 kinds of sample',
      () => movie({ entries: count(65_000, repeated(65_000, box('avc1', zeros(78)))) }),
    ],
    ['kinds of sample that are not there', () => movie({ entries: count(most, box('avc1', zeros(78))) })],
    [
      'descriptors within descriptors',
      () =>
        movie({
          codec: 'mp4v',
          entries: count(1, box('mp4v', zeros(78), full('esds', nestedDescriptors(100_000)))),
        }),
    ],
    [
      'parameter sets of all there could be',
      () =>
        movie({
          entries: count(
            1,
            box(
              'avc1',
              zeros(78),
              box(
                'avcC',
                Buffer.from('0142c00affff', 'hex'),
                repeated(31, Buffer.concat([u16(65_535), zeros(100)])),
              ),
            ),
          ),
        }),
    ],
    ['no units a second', () => movie({ timescale: 0 })],
    ['4 billion units a second', () => movie({ timescale: most, duration: most })],
    ['a picture of 65,535 × 65,535', () => movie({ width: 65_535, height: 65_535 })],
    ['a picture of nothing', () => movie({ width: 0, height: 0 })],
    [
      'sync samples by the million',
      () => movie({ more: [full('stss', count(1_900_000, repeated(1_900_000, u32(1))))] }),
    ],
    [
      'sample groups of 4 billion',
      () =>
        movie({
          more: [
            full('sgpd', ascii('roll'), u32(2), u32(most)),
            full(
              'sbgp',
              ascii('roll'),
              count(900_000, repeated(900_000, Buffer.concat([u32(most), u32(1)]))),
            ),
          ],
        }),
    ],
    [
      'chapters that are the track itself',
      () => movie({ inTrack: [box('tref', box('chap', repeated(100_000, u32(1))))] }),
    ],
    [
      'an alias to a file',
      () =>
        movie({
          inTrack: [
            box(
              'mdia',
              box('minf', box('dinf', full('dref', u32(1), full('alis', zeros(150), ascii('/etc/passwd'))))),
            ),
          ],
        }),
    ],
    [
      'a box that claims 2⁶³ bytes within the movie',
      () =>
        Buffer.concat([
          fileType,
          box('moov', movieHeader(), u32(1), ascii('trak'), u64(0x7fff_ffff_ffff_ffffn)),
        ]),
    ],
    [
      'boxes of no bytes',
      () => Buffer.concat([fileType, repeated(900_000, Buffer.concat([u32(8), ascii('free')]))]),
    ],
    [
      'boxes smaller than their heads',
      () => Buffer.concat([fileType, repeated(900_000, Buffer.concat([u32(4), ascii('moov')]))]),
    ],
    [
      'names of 8 MB',
      () =>
        movie({
          inMovie: [box('udta', box('\u00a9nam', u16(65_535), u16(0), Buffer.alloc(7_500_000, 0x61)))],
        }),
    ],
    [
      'a million texts',
      () =>
        movie({
          inMovie: [box('udta', repeated(400_000, box('\u00a9nam', u16(5), u16(0), ascii('abcde'))))],
        }),
    ],
  ];
}

/** Those of them for which a reader makes tables of gigabytes. */
export const greedyMovies = (): readonly Lie[] => lyingMovies().filter(([what]) => isGreedy(what));
