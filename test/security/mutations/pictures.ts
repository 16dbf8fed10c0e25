import { decodePicture, encodeJpeg, resized } from '@openfrs/vision/image';
import fc from 'fast-check';
import { manyScans } from '../../bench/load/hostile/pictures.ts';
import { tokenOf } from '../../contract/support/client.ts';
import { photo } from '../../support/photos.ts';
import { converse, expectContract } from '../support/conversation.ts';
import { bmp, chunk, png, withSegment } from '../support/files.ts';
import { fixture } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { requestBytes } from '../support/http-text.ts';
import { mutated } from '../support/mutate.ts';

/** The pieces of a JPEG: its segments, and what is coded between them. */
function jpegPieces(file: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let begun = 0;
  for (let at = 2; at < file.length - 1; at++) {
    const marker = file[at + 1] ?? 0;
    if (file[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)) continue;
    pieces.push(file.subarray(begun, at));
    begun = at;
    if (marker < 0xd8 || marker > 0xd9) at += 1 + file.readUInt16BE(Math.min(at + 2, file.length - 2));
  }
  return [...pieces, file.subarray(begun)];
}

/** The signature of a PNG and its chunks. */
function pngPieces(file: Buffer): Buffer[] {
  const pieces = [file.subarray(0, 8)];
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 12 + file.readUInt32BE(at);
    pieces.push(file.subarray(at, end));
    at = end;
  }
  return pieces;
}

const bases = {
  jpeg: [] as Buffer[],
  progressive: jpegPieces(manyScans(3)),
  png: pngPieces(png(320, 200)),
};

const step = fc.record({
  how: fc.constantFrom('remove', 'repeat', 'swap', 'add', 'change', 'cut'),
  at: fc.nat({ max: 1000 }),
  to: fc.nat({ max: 1000 }),
  times: fc.constantFrom(1, 2, 10, 200),
  bytes: fc.uint8Array({ maxLength: 200 }),
  type: fc.constantFrom(
    'tEXt',
    'zTXt',
    'iCCP',
    'IDAT',
    'IHDR',
    'PLTE',
    'tRNS',
    'acTL',
    'eXIf',
    'gAMA',
    'xxxx',
  ),
  marker: fc.integer({ min: 0xc0, max: 0xfe }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The file with pieces left out, again and again, out of their order, changed, or new. */
function changed(kind: keyof typeof bases, steps: readonly Step[]): Buffer {
  let pieces = [...bases[kind]];
  for (const { how, at, to, times, bytes, type, marker } of steps) {
    const [here, there] = [at % pieces.length, to % pieces.length];
    const piece = pieces[here] ?? Buffer.of();
    if (how === 'remove') pieces.splice(here, 1);
    if (how === 'repeat')
      pieces.splice(here, 0, ...Array<Buffer>(piece.length > 20_000 ? 1 : times).fill(piece));
    if (how === 'swap') [pieces[here], pieces[there]] = [pieces[there] ?? piece, piece];
    if (how === 'add') {
      const more =
        kind === 'png' ? chunk(type, bytes) : withSegment(Buffer.alloc(2), marker, bytes).subarray(2);
      pieces.splice(here, 0, ...Array<Buffer>(times).fill(more));
    }
    if (how === 'change' && piece.length > 4) {
      const copy = Buffer.from(piece);
      copy[2 + (to % Math.min(20, piece.length - 2))] = bytes[0] ?? 0xff;
      pieces[here] = copy;
    }
    if (how === 'cut') pieces[here] = piece.subarray(0, to % (piece.length + 1));
    if (pieces.length === 0) pieces = [Buffer.of()];
  }
  return Buffer.concat(pieces);
}

const extreme = fc.oneof(
  fc.constantFrom(0, 1, -1, 7, 80, 100, 4096, 65_535, 0x7fffffff, -0x80000000),
  fc.integer(),
);
const bitmap = fc
  .tuple(
    extreme,
    extreme,
    fc.constantFrom(0, 1, 2, 4, 8, 16, 24, 32, 255),
    fc.constantFrom(0, 1, 2, 3, 4, 6, 99),
    fc.uint8Array({ maxLength: 3000 }),
  )
  .map(([width, height, bits, compression, pixels]) => bmp(width, height, bits, compression, pixels));

/** Pictures with their segments, scans, chunks and headers changed. */
export const pictures: Kind<Buffer> = {
  name: 'picture structure',
  share: 1 / 6,
  width: 3,
  async prepare() {
    const frame = await decodePicture(photo(4));
    const small = await resized(frame, 320, Math.round((320 * frame.height) / frame.width));
    bases.jpeg = jpegPieces(Buffer.from(await encodeJpeg(small)));
  },
  arbitrary: fc
    .tuple(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.tuple(
            fc.constantFrom('jpeg', 'progressive', 'png'),
            fc.array(step, { minLength: 1, maxLength: 3 }),
          ),
        },
        { weight: 1, arbitrary: bitmap },
      ),
      fc.option(fc.nat({ max: 2 ** 30 }), { freq: 4 }),
    )
    .map(([one, change]) => {
      const file = Buffer.isBuffer(one) ? one : changed(one[0] as keyof typeof bases, one[1]);
      return change === null || file.length < 8 ? file : mutated(file, change);
    }),
  async attempt(file) {
    const token = await tokenOf(fixture.attacker);
    const target = `/v2/${fixture.attacker.projectId}/face-detect`;
    const json = Buffer.from(JSON.stringify({ image_base64: file.toString('base64') }));
    const headers = [
      ['X-Auth-Token', token],
      ['Content-Type', 'application/json'],
    ] as const;
    expectContract(await converse(requestBytes('POST', target, headers, json)), fixture.secrets);
  },
};
