/** FFmpeg in WebAssembly (`wasm`), or as the system's own program with the processor's vector instructions (`native`). */
export type Engine = 'wasm' | 'native';

/**
 * Pixels, in 8 bits and in more, that are decoded in some 16 s in wasm, of the 24 s of a processor that there are (`limits.ts`). 4K took, in ns a
 * pixel (packages/docs/figures.md): HEVC 9.3 to 10.8 and 10.2, VP9 12.3 and 18.6, H.264 4.2 to 5.5 and 6.6, VP8 3.1, H.263 4.2.
 */
const pixelsOf: Readonly<Record<string, readonly [usual: number, deep: number]>> = {
  hevc: [1_450_000_000, 1_300_000_000],
  vp9: [1_250_000_000, 850_000_000],
  h264: [3_000_000_000, 2_400_000_000],
  vp8: [3_000_000_000, 3_000_000_000],
  flv1: [3_000_000_000, 3_000_000_000],
};

/** Of codecs whose cost in 4K isn't measured: VC-1 and WMV3; H.261 and H.263 in MP4 or AVI have small pictures. */
const others = [1_900_000_000, 1_900_000_000] as const;

/** Native FFmpeg took between a half (H.264) and a third (HEVC, VP9) of the time. */
const nativeTimes = 3;

/** Where colour is not, or only one way, made smaller: HEVC and H.264 in 4:4:4 took 1.2 to 1.3 times as long. */
const colourShare = 0.75;

/**
 * Pixels of a video that are decoded; of more, the first.
 * @param codec FFmpeg's name of it
 * @param format FFmpeg's name of its pixels' format; absent: 4:2:0 in 8 bits
 */
export function mostPixels(codec: string, format = 'yuv420p', engine: Engine = 'wasm'): number {
  const [usual, deep] = pixelsOf[codec] ?? others;
  const pixels = /1[0-6](le|be)$/.test(format) ? deep : usual;
  const share = /444|422|440|^gbr/.test(format) ? colourShare : 1;
  return pixels * share * (engine === 'native' ? nativeTimes : 1);
}
