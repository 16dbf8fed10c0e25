import { createRequire } from 'node:module';
import { decodePicture } from '@openfrs/vision/image';
import type { Frame } from '@openfrs/vision/pipeline';
import type Sharp from 'sharp';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

export interface BenchPicture {
  readonly name: string;
  readonly file: Uint8Array;
  readonly frame: Frame;
}

/** One photo at the sizes users send: as it is, a phone's, and nearly the contract's largest. */
export async function pictures(original: Uint8Array): Promise<BenchPicture[]> {
  const make = async (name: string, file: Uint8Array) => ({ name, file, frame: await decodePicture(file) });
  const scaled = (width: number) => sharp(original).resize({ width }).jpeg({ quality: 90 }).toBuffer();
  return [
    await make('640 wide', await scaled(640)),
    await make('1280 wide', await scaled(1280)),
    await make('2880 wide', await scaled(2880)),
  ];
}
