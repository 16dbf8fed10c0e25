import { FrsError } from '@openfrs/contract';

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Rows run from the top (a negative height in the file). */
  readonly topDown: boolean;
  readonly bits: 1 | 2 | 4 | 8 | 16 | 24 | 32;
  readonly compression: 'none' | 'rle8' | 'rle4' | 'fields';
  /** Bits of red, green and blue in a 16- or 32-bit pixel. */
  readonly masks: readonly [number, number, number];
  /** Offset of the palette, its entries and their size in bytes. */
  readonly palette: { readonly at: number; readonly entries: number; readonly size: 3 | 4 };
  readonly pixelsAt: number;
}

const fileHeaderBytes = 14;
const depths = [1, 2, 4, 8, 16, 24, 32] as const;
const compressions = new Map<number, BmpHeader['compression']>([
  [0, 'none'],
  [1, 'rle8'],
  [2, 'rle4'],
  [3, 'fields'],
  [6, 'fields'],
]);

/**
 * The headers of a Windows or OS/2 bitmap: BITMAPCOREHEADER (12 bytes), OS/2 2.x (16–64), BITMAPINFOHEADER (40)
 * and its successors (52, 56, 108, 124), as Microsoft's "Bitmap Storage" describes them. `undefined` if the
 * file doesn't start like one.
 * @throws FrsError FRS.0016 when it does but makes no sense
 */
export function bmpHeader(view: DataView): BmpHeader | undefined {
  if (view.byteLength < 26 || view.getUint16(0) !== 0x424d) return undefined;
  const statedPixelsAt = view.getUint32(10, true);
  const size = view.getUint32(14, true);
  const core = size === 12;
  if (!core && (size < 16 || size > 124)) throw new FrsError('FRS.0016');
  if (view.byteLength < fileHeaderBytes + size) throw new FrsError('FRS.0016');

  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const depth = view.getUint16(core ? 24 : 28, true);
  // OS/2's short headers may stop before any of the fields that follow.
  const field = (at: number) => (!core && size >= at + 4 - fileHeaderBytes ? view.getUint32(at, true) : 0);
  const code = field(30);
  const bits = depths.find((known) => known === depth);
  const compression = compressions.get(code);
  if (width < 1 || signedHeight === 0 || bits === undefined || compression === undefined) {
    throw new FrsError('FRS.0016');
  }
  const matches = {
    none: true,
    rle8: bits === 8,
    rle4: bits === 4,
    fields: bits === 16 || bits === 32,
  };
  if (!matches[compression]) throw new FrsError('FRS.0016');

  // A 40-byte header has its masks behind it; larger ones inside, at the same place.
  const masksAt = fileHeaderBytes + 40;
  const masksBehind = compression === 'fields' && size === 40 ? (code === 6 ? 16 : 12) : 0;
  if (compression === 'fields' && view.byteLength < masksAt + 12) throw new FrsError('FRS.0016');
  const mask = (index: number) => view.getUint32(masksAt + 4 * index, true);
  const masks: BmpHeader['masks'] =
    compression === 'fields'
      ? [mask(0), mask(1), mask(2)]
      : bits === 16
        ? [0x7c00, 0x03e0, 0x001f]
        : [0xff0000, 0x00ff00, 0x0000ff];

  const paletteAt = fileHeaderBytes + size + masksBehind;
  const entrySize = core ? 3 : 4;
  const wanted = bits > 8 ? 0 : Math.min(field(46) || 2 ** bits, 2 ** bits);
  // Some writers leave the offset of the pixels out: they follow the palette.
  const pixelsAt = statedPixelsAt || paletteAt + wanted * entrySize;
  const room = Math.floor((pixelsAt - paletteAt) / entrySize);
  if (pixelsAt < paletteAt || pixelsAt >= view.byteLength) throw new FrsError('FRS.0016');
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bits,
    compression,
    masks,
    palette: { at: paletteAt, entries: Math.min(wanted, room), size: entrySize },
    pixelsAt,
  };
}
