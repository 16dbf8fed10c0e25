import { FrsError } from '@openfrs/contract';
import type { JpegFrameHeader, JpegSegment } from './jpeg-segments.ts';

/**
 * What a JPEG may cost, whatever its size in bytes. A scan that holds next to nothing still walks over every block of its components
 * (13 ns a block with Huffman codes, 115 ns with arithmetic ones, measured in libjpeg-turbo), and a scan takes ten bytes.
 */
export const jpegLimits = {
  /** Scans: encoders write up to 20 or so; each costs its tables even where the picture is small. */
  scans: 500,
  /** How often a picture's blocks are walked over: 6 times by the usual progressive scripts, up to 12 by mozjpeg's. */
  passes: 32,
  /** The same with arithmetic codes, at nine times the cost. */
  arithmeticPasses: 12,
  /** Blocks that may be walked over in any picture: in small ones many passes cost nothing. */
  freeBlocks: 100_000,
} as const;

/** Adds up what the scans of one JPEG cost. */
export function createScanBudget(frame: JpegFrameHeader): (file: Uint8Array, scan: JpegSegment) => void {
  const blocks = new Map(frame.components.map(({ id, blocks }) => [id, blocks]));
  const sizes = frame.components.map((component) => component.blocks);
  const passes = frame.arithmetic ? jpegLimits.arithmeticPasses : jpegLimits.passes;
  const limit = Math.max(jpegLimits.freeBlocks, passes * sizes.reduce((sum, size) => sum + size, 0));
  const largest = Math.max(...sizes);
  let scans = 0;
  let walked = 0;
  /** @throws FrsError FRS.0016 when this scan is one too many */
  return (file, { from }) => {
    const count = Math.min(file[from] ?? 0, 4);
    for (let index = 0; index < count; index += 1) {
      walked += blocks.get(file[from + 1 + 2 * index] ?? -1) ?? largest;
    }
    scans += 1;
    if (scans > jpegLimits.scans || walked > limit) {
      throw new FrsError('FRS.0016', 'The JPEG has more scans than any picture needs.');
    }
  };
}
