import { ascii, most, repeated, u16, u32, zeros } from './bytes.ts';

/** MP4 and MOV (ISO/IEC 14496-12) whose tables say other things than the file holds. */

const box = (type: string, ...parts: readonly Uint8Array[]) => {
  const data = Buffer.concat(parts);
  return Buffer.concat([u32(data.length + 8), ascii(type), data]);
};
/** With version and flags. */
const full = (type: string, ...parts: readonly Uint8Array[]) => box(type, u32(0), ...parts);

const fileType = box('ftyp', ascii('isom'), u32(512), ascii('isommp42'));
const matrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));
const movieHeader = () =>
  full(
    'mvhd',
    ...[zeros(8), u32(1000), u32(2000), u32(0x10000), u16(0x100), zeros(10), matrix],
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
}

/** Where the media data begins that stands before the movie. */
const dataAt = fileType.length + 8;
const count = (entries: number, ...rest: readonly Uint8Array[]) => Buffer.concat([u32(entries), ...rest]);

function track(tables: Tables): Buffer {
  const entry = box(
    'avc1',
    ...[zeros(6), u16(1), zeros(16), u16(64), u16(64), u32(0x480000), u32(0x480000), zeros(4)],
    ...[u16(1), zeros(32), u16(24), u16(0xffff)],
    avcC,
  );
  return box(
    'trak',
    full('tkhd', ...[zeros(8), u32(1), zeros(4), u32(2000), zeros(16), matrix, u32(64 << 16), u32(64 << 16)]),
    box(
      'mdia',
      full('mdhd', zeros(8), u32(1000), u32(2000), zeros(4)),
      full('hdlr', zeros(4), ascii('vide'), zeros(13)),
      box(
        'minf',
        full('vmhd', zeros(8)),
        box('dinf', full('dref', u32(1), full('url '))),
        box(
          'stbl',
          full('stsd', count(1, entry)),
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
  Buffer.concat([fileType, data, box('moov', movieHeader(), track(tables), ...tracks)]);

/** Fragments whose runs list so many samples in no bytes: size and duration are the track's. */
function fragmented(fragments: number, samples: number): Buffer {
  const extends_ = box('mvex', full('trex', u32(1), u32(1), u32(40), u32(1), u32(0)));
  const none = { stts: u32(0), stsc: u32(0), stsz: zeros(8), stco: u32(0) };
  const run = box('trun', u32(0), u32(samples));
  const head = box('tfhd', u32(0x020000), u32(1));
  const fragment = box('moof', full('mfhd', u32(1)), box('traf', head, run));
  return Buffer.concat([
    fileType,
    box('moov', movieHeader(), extends_, track(none)),
    repeated(fragments, Buffer.concat([fragment, box('mdat', sample)])),
  ]);
}

/** Videos for which a reader makes tables of gigabytes, by what is wrong about them. */
export function greedyMovies(): readonly (readonly [string, Buffer])[] {
  return [
    [
      'one chunk of 4 billion samples',
      movie({ stsz: Buffer.concat([u32(1), u32(most)]), stsc: count(1, u32(1), u32(most), u32(1)) }),
    ],
    [
      'one chunk of 50 million samples',
      movie({
        stsz: Buffer.concat([u32(1), u32(50_000_000)]),
        stsc: count(1, u32(1), u32(50_000_000), u32(1)),
        stts: count(1, u32(50_000_000), u32(1)),
      }),
    ],
    ['a duration of 4 billion samples', movie({ stts: count(1, u32(most), u32(most)) })],
    [
      'composition times of 4 billion samples',
      movie({ more: [full('ctts', count(2, u32(most), u32(1), u32(most), u32(most)))] }),
    ],
    [
      '8,000 tracks of 100,000 samples',
      movie(
        {},
        repeated(
          8000,
          track({
            stsz: Buffer.concat([u32(1), u32(100_000)]),
            stsc: count(1, u32(1), u32(100_000), u32(1)),
            stts: count(1, u32(100_000), u32(1)),
          }),
        ),
      ),
    ],
    [
      'a hundred tracks of a million samples',
      movie(
        {},
        repeated(
          100,
          track({
            stsz: Buffer.concat([u32(1), u32(1_000_000)]),
            stsc: count(1, u32(1), u32(1_000_000), u32(1)),
            stts: count(1, u32(1_000_000), u32(1)),
          }),
        ),
      ),
    ],
    ['a fragment of 4 billion samples', fragmented(1, most)],
    ['a fragment of 100 million samples', fragmented(1, 100_000_000)],
    ['fragments of a million samples', fragmented(1000, 1_000_000)],
  ];
}
