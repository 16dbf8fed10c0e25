import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { FrsError } from '@openfrs/contract';
import { ByteWriter } from './byte-writer.ts';
import { maxProfileBytes, withoutElementTransforms } from './colour/icc-profile.ts';
import { matrixProfile } from './colour/matrix-profile.ts';
import { isSrgb } from './colour/to-srgb.ts';
import { exifOrientation, orientationExif } from './orientation.ts';
import { type PngChunk, pngChunks, pngFrameHeader } from './png-chunks.ts';
import { exifOfText } from './png-text.ts';

/** Chunks that a PNG may have or not and that change its colours or orientation; the first of each counts. */
const keptChunks = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB', 'cICP', 'sBIT', 'iCCP', 'eXIf']);
/** Text chunks; ImageMagick and those who learnt from it keep EXIF in them. */
const textChunks = new Set(['tEXt', 'zTXt', 'iTXt']);
/** Bytes of the compressed picture over those of its pixels: no encoder writes more than it has, but for a little. */
const slack = { times: 2, bytes: 65_536 } as const;

/**
 * The PNG that a decoder needs: its picture, colours and orientation. Texts, animations and private chunks are left out: a decoder
 * would keep, and unfold, each of them (8 MB from 8 kB).
 * @throws FrsError FRS.0016 without a picture, or with far more compressed data than its pixels are
 */
export function essentialPng(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { width, height, bits } = pngFrameHeader(view);
  const pixelBytes = height * (1 + Math.ceil((width * bits) / 8));
  const found = new Map<string, PngChunk>();
  let text: Uint8Array | undefined;
  let ended = false;
  let compressed = 0;
  for (const chunk of pngChunks(view)) {
    if (chunk.type === 'IDAT') compressed += chunk.to - chunk.from;
    if (textChunks.has(chunk.type)) text ??= exifOfText(chunk.type, file.subarray(chunk.from, chunk.to));
    ended ||= chunk.type === 'IEND';
    if (keptChunks.has(chunk.type) && !found.has(chunk.type)) found.set(chunk.type, chunk);
  }
  if (compressed > slack.times * pixelBytes + slack.bytes) {
    throw new FrsError('FRS.0016', 'The PNG has more data than its pixels are.');
  }
  const replaced = new Map([
    ['eXIf', undefined],
    ['iCCP', profileChunk(file, found.get('iCCP'))],
  ]);
  const exif = found.get('eXIf');
  const orientation = orientationChunk(exif ? file.subarray(exif.from, exif.to) : text);
  const end = chunkOf('IEND', new Uint8Array(0));
  const more = [...replaced.values(), orientation, end].reduce((sum, chunk) => sum + (chunk?.length ?? 0), 0);
  const into = new ByteWriter(file.length + more);
  into.append(file.subarray(0, 8));
  for (const chunk of pngChunks(view)) {
    if (!isCritical(chunk) && found.get(chunk.type)?.at !== chunk.at) continue;
    const other = replaced.has(chunk.type) ? replaced.get(chunk.type) : file.subarray(chunk.at, chunk.end);
    if (other !== undefined) into.append(other);
    if (chunk.type === 'IHDR' && orientation !== undefined) into.append(orientation);
  }
  if (!ended) into.append(end);
  return into.written();
}

/** Critical chunks have a capital first letter; of those that a decoder doesn't know it says so itself. */
function isCritical({ type }: PngChunk): boolean {
  return type[0] === type[0]?.toUpperCase();
}

function orientationChunk(exif: Uint8Array | undefined): Uint8Array | undefined {
  const orientation = exif === undefined ? 1 : exifOrientation(exif);
  return orientation === 1 ? undefined : chunkOf('eXIf', orientationExif(orientation));
}

/** The profile's chunk, as it is where nothing in it is dear; none where it is no profile of a usual size, or says what is so without it. */
function profileChunk(file: Uint8Array, chunk: PngChunk | undefined): Uint8Array | undefined {
  if (chunk === undefined) return undefined;
  const data = file.subarray(chunk.from, chunk.to);
  const name = data.subarray(0, 80).indexOf(0) + 1;
  if (name === 0) return undefined;
  try {
    const profile = inflateSync(data.subarray(name + 1), { maxOutputLength: maxProfileBytes });
    if (isEightBitColour(file)) {
      const matrix = matrixProfile(profile);
      if (matrix && isSrgb(matrix)) return undefined;
    }
    const plain = withoutElementTransforms(profile);
    if (plain === profile) return file.subarray(chunk.at, chunk.end);
    return chunkOf('iCCP', Buffer.concat([data.subarray(0, name + 1), deflateSync(plain, { level: 1 })]));
  } catch {
    return undefined;
  }
}

/** RGB or a palette of it, not deeper than 8 bits (ISO 15948, 11.2.2). */
function isEightBitColour(file: Uint8Array): boolean {
  return (file[24] as number) <= 8 && ((file[25] as number) & 2) !== 0;
}

function chunkOf(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
