/** How a stored picture is turned upright: EXIF's tag 274, 1 (as it is) to 8. */
export type Orientation = number;

const orientationTag = 0x0112;
/** TIFF's types of one number, and their bytes: BYTE, SHORT, LONG, SBYTE, SSHORT, SLONG. Writers mistake them. */
const integerBytes = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [6, 1],
  [8, 2],
  [9, 4],
]);

/**
 * The orientation that EXIF data states (TIFF 6.0, first directory); 1 where it states none. Nothing else of it is read:
 * a decoder would copy, and print, whatever its entries point at.
 */
export function exifOrientation(tiff: Uint8Array): Orientation {
  if (tiff.length < 10) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index += 1) {
    const at = directory + 2 + 12 * index;
    if (at + 12 > tiff.length) return 1;
    if (view.getUint16(at, little) !== orientationTag) continue;
    const size = integerBytes.get(view.getUint16(at + 2, little));
    if (size === undefined) return 1;
    const value =
      size === 1
        ? view.getUint8(at + 8)
        : size === 2
          ? view.getUint16(at + 8, little)
          : view.getUint32(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** EXIF data that states an orientation and nothing else, as TIFF. */
export function orientationExif(orientation: Orientation): Uint8Array {
  return Uint8Array.from([
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1, orientationTag >> 8, orientationTag & 255, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
}
