import { FrsError } from '@openfrs/contract';
import type { Frame } from '../geometry/frame.ts';
import { decodeBmp } from './bmp.ts';
import { convertToSrgb } from './colour/to-srgb.ts';
import { essentialJpeg } from './essential-jpeg.ts';
import { essentialPng } from './essential-png.ts';
import { pictureLimits, readHeader } from './header.ts';
import { repairedJpeg } from './jpeg-repair.ts';
import { sharp } from './native-sharp.ts';

/**
 * A JPEG, PNG or BMP file, by its content, as an upright 8-bit RGB frame: EXIF orientation applied, alpha over
 * white, CMYK, grey, palettes and 16 bits converted.
 * A decoder can't be stopped: where `signal` aborts it rejects with its reason before decoding, or once it is done.
 * @throws FrsError FRS.0016 not such a picture, or damaged anywhere; FRS.0013 resolution outside the contract
 */
export async function decodePicture(file: Uint8Array, signal?: AbortSignal): Promise<Frame> {
  signal?.throwIfAborted();
  const frame = await decoded(file);
  signal?.throwIfAborted();
  return frame;
}

async function decoded(file: Uint8Array): Promise<Frame> {
  const header = readHeader(file);
  if (header.format === 'bmp') return decodeBmp(file);
  if (header.format === 'png') return await strictlyDecoded(essentialPng(file));
  const { file: essential, colours } = essentialJpeg(file);
  const frame = await repairedAndDecoded(essential);
  // A colour engine, as the decoder has one, takes three times as long.
  if (colours) convertToSrgb(frame.data, colours);
  return frame;
}

async function repairedAndDecoded(essential: Uint8Array): Promise<Frame> {
  try {
    return await strictlyDecoded(essential);
  } catch (error) {
    // The decoder doesn't tell a warning about nothing from one about missing pixels: the scans do.
    const repaired = repairedJpeg(essential);
    if (repaired === undefined || Buffer.compare(repaired, essential) === 0) throw error;
    return await strictlyDecoded(repaired);
  }
}

/** @throws FrsError FRS.0016 damaged, or anything about it that the decoder warns of */
async function strictlyDecoded(essential: Uint8Array): Promise<Frame> {
  try {
    const { data, info } = await sharp(essential, {
      // The decoder's mildest complaint means that pixels are missing or wrong.
      failOn: 'warning',
      limitInputPixels: pictureLimits.longSide * pictureLimits.shortSide,
      sequentialRead: true,
    })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new FrsError('FRS.0018');
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    if (cause instanceof FrsError) throw cause;
    throw new FrsError('FRS.0016', undefined, { cause });
  }
}
