import { kernel } from '../../kernel/kernel.ts';
import type { MatrixProfile, Triple } from './matrix-profile.ts';

/** sRGB's colourants for the white D50, as the ICC's own profile has them (sRGB2014.icc). */
const srgbColourants: MatrixProfile['colourants'] = [
  [0.436066, 0.222488, 0.013916],
  [0.385147, 0.716873, 0.097076],
  [0.143066, 0.060608, 0.714096],
];
/** The most of linear light: near black, sRGB has 12.92 × 255 levels to the whole. */
const full = 16_383;
/** The sRGB value of each linear light from 0 to `full`. */
const encoded = encodedSteps();
/** Pixels that the kernel has at a time. */
const chunkPixels = 65_536;
/** A table of the kernel: four floats for each value of three channels. */
const lightBytes = 3 * 256 * 16;
/** Values of each channel whose combinations are looked at by `isSrgb`. */
const gridValues = [0, 51, 102, 153, 204, 255];

/** Are the profile's colours those of sRGB? In 8 bits, for all greys and for the combinations of six values a channel. */
export function isSrgb(profile: MatrixProfile): boolean {
  const colours = Array.from({ length: 256 }, (_, value): Triple => [value, value, value]);
  for (const r of gridValues) for (const g of gridValues) for (const b of gridValues) colours.push([r, g, b]);
  const before = Uint8Array.from(colours.flat());
  const after = before.slice();
  convertToSrgb(after, profile);
  return after.every((value, index) => value === before[index]);
}

/**
 * Converts pixels in place to sRGB: to linear light by the curves, to sRGB's primaries by a matrix, clipped to what sRGB has. That is
 * the colorimetric intent of ICC.1:2022, annex F, and the perceptual one of profiles that have nothing but a matrix.
 * @param pixels RGB, three bytes each
 */
export function convertToSrgb(pixels: Uint8Array, profile: MatrixProfile): void {
  const chunkBytes = Math.min(pixels.length, 3 * chunkPixels);
  const lightAt = Math.ceil(chunkBytes / 16) * 16;
  const encodedAt = lightAt + lightBytes;
  const { run, bytes } = kernel(encodedAt + encoded.length);
  bytes.set(new Uint8Array(lightTable(profile).buffer), lightAt);
  bytes.set(encoded, encodedAt);
  for (let at = 0; at < pixels.length; at += chunkBytes) {
    const chunk = pixels.subarray(at, at + chunkBytes);
    bytes.set(chunk);
    run.convert(0, Math.floor(chunk.length / 3), lightAt, encodedAt, full);
    chunk.set(bytes.subarray(0, chunk.length));
  }
}

/** What each value of each channel adds to sRGB's linear red, green and blue; red's share has the half that rounds. */
function lightTable({ curves, colourants }: MatrixProfile): Float32Array {
  const rows = inverted(srgbColourants);
  const table = new Float32Array(lightBytes / 4);
  for (const [channel, curve] of curves.entries()) {
    const [x, y, z] = colourants[channel]!;
    const shares = rows.map((row) => full * (row[0] * x + row[1] * y + row[2] * z));
    for (const [value, light] of curve.entries()) {
      const sums = shares.map((share) => share * light + (channel === 0 ? 0.5 : 0));
      table.set(sums, 4 * (256 * channel + value));
    }
  }
  return table;
}

/** IEC 61966-2-1, 5.2, turned round: each value has the light from half a value below it on. */
function encodedSteps(): Uint8Array {
  const steps = new Uint8Array(full + 1);
  for (let value = 1; value < 256; value += 1) {
    const least = (value - 0.5) / 255;
    const light = least <= 0.04045 ? least / 12.92 : ((least + 0.055) / 1.055) ** 2.4;
    steps.fill(value, Math.ceil(light * full));
  }
  return steps;
}

/** The inverse of the matrix that has these columns, by rows. */
function inverted([a, b, c]: MatrixProfile['colourants']): readonly Triple[] {
  const cross = (one: Triple, other: Triple): Triple => [
    one[1] * other[2] - one[2] * other[1],
    one[2] * other[0] - one[0] * other[2],
    one[0] * other[1] - one[1] * other[0],
  ];
  const rows = [cross(b, c), cross(c, a), cross(a, b)];
  const [x, y, z] = rows[0]!;
  const determinant = a[0] * x + a[1] * y + a[2] * z;
  return rows.map((row): Triple => [row[0] / determinant, row[1] / determinant, row[2] / determinant]);
}
