import { lightOf } from './measures.ts';

/** Luma below and above which a pixel shows nothing (ISO/IEC 29794-5: under- and over-exposure). */
const tooDark = 26;
const tooBright = 247;
/** Mean luma from which a face is dark or bright; at the outer values nothing is left of it. */
const dark = { none: 70, all: 15 } as const;
const bright = { none: 190, all: 245 } as const;

/**
 * The worst of: the share of the face that is black or white; its mean brightness outside the usual range; the two
 * halves lit differently (one minus the overlap of their histograms, above what a usual face has). After ISO/IEC
 * 29794-5:2025's exposure and illumination-uniformity measures, on a grey aligned crop.
 */
export function illuminationDefect(grey: Float32Array, width: number, height: number): number {
  const margin = Math.round(width * 0.15);
  const region = {
    left: margin,
    right: width - margin,
    top: Math.round(height * 0.25),
    bottom: Math.ceil(height * 0.9),
  };
  const { lost, mean, shared } = lightOf(grey, width, region, tooDark, tooBright);
  const uneven = 1 - shared;
  return Math.max(
    clamp(lost),
    clamp((dark.none - mean) / (dark.none - dark.all)),
    clamp((mean - bright.none) / (bright.all - bright.none)),
    // Faces lit evenly differ by a third between their halves already.
    clamp((uneven - 0.4) / 0.6),
  );
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
