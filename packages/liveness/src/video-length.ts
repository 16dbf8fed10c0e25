/** How long a video is, and how much of it from its start was looked at (absent: all). */
export interface VideoLength {
  readonly durationMs: number;
  readonly decodedMs?: number;
  /** Frames, and the pixels of all of them together; absent where no decoder told. */
  readonly packets?: number;
  readonly totalPixels?: number;
}

/** Pixels of a frame of 1080p, its rows a multiple of 16. */
const fullHd = 1920 * 1088;
/** Frames a second that 15 s of 1080p may have (`mostPixels` of @openfrs/video), and a little for clocks. */
const usualRate = 61;

/** So many ms from the start were looked at: never more than the video has. */
export function lookedAtMs({ durationMs, decodedMs = durationMs }: VideoLength): number {
  return Math.min(durationMs, decodedMs);
}

/** The sentence that tells how much was looked at, and how to record it so that all is; empty where all was. */
export function cutAdvice(length: VideoLength): string {
  const { durationMs, packets, totalPixels } = length;
  const seen = lookedAtMs(length);
  if (seen >= durationMs) return '';
  return `Record it ${mendOf(durationMs, packets, totalPixels)}: of so large a video the first ${(seen / 1000).toFixed(1)} seconds are looked at.`;
}

function mendOf(durationMs: number, packets: number | undefined, totalPixels: number | undefined): string {
  const both = 'in 1080p at 30 frames a second';
  if (packets === undefined || totalPixels === undefined) return both;
  const isLarge = totalPixels / packets > fullHd;
  const isFast = (packets * 1000) / durationMs > usualRate;
  if (isLarge === isFast) return both;
  return isLarge ? 'in 1080p' : 'at 30 frames a second';
}
