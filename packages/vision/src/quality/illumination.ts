/** Luma below and above which a pixel shows nothing (ISO/IEC 29794-5: under- and over-exposure). */
const tooDark = 26;
const tooBright = 247;
/** Mean luma from which a face is dark or bright; at the outer values nothing is left of it. */
const dark = { none: 70, all: 15 } as const;
const bright = { none: 190, all: 245 } as const;
const bins = 32;

/**
 * The worst of: the share of the face that is black or white; its mean brightness outside the usual range; the two
 * halves lit differently (one minus the overlap of their histograms, above what a usual face has). After ISO/IEC
 * 29794-5:2025's exposure and illumination-uniformity measures, on a grey aligned crop.
 */
export function illuminationDefect(grey: Float32Array, width: number, height: number): number {
  const left = new Float64Array(bins);
  const right = new Float64Array(bins);
  let count = 0;
  let lost = 0;
  let sum = 0;
  const margin = Math.round(width * 0.15);
  for (let y = Math.round(height * 0.25); y < height * 0.9; y += 1) {
    for (let x = margin; x < width - margin; x += 1) {
      const value = grey[y * width + x] as number;
      const bin = Math.min(bins - 1, Math.floor((value * bins) / 256));
      const half = x < width / 2 ? left : right;
      half[bin] = (half[bin] as number) + 1;
      if (value < tooDark || value > tooBright) lost += 1;
      sum += value;
      count += 1;
    }
  }
  const mean = sum / count;
  let shared = 0;
  for (let bin = 0; bin < bins; bin += 1) shared += Math.min(left[bin] as number, right[bin] as number);
  const uneven = 1 - shared / (count / 2);
  return Math.max(
    clamp(lost / count),
    clamp((dark.none - mean) / (dark.none - dark.all)),
    clamp((mean - bright.none) / (bright.all - bright.none)),
    // Faces lit evenly differ by a third between their halves already.
    clamp((uneven - 0.4) / 0.6),
  );
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
