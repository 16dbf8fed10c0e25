import type { Container } from './sniff.ts';

/** Limits of the contract (chapter 4.3) and those that keep a hostile file cheap. */
export const limits = {
  minDurationMs: 1000,
  maxDurationMs: 15_000,
  /** Clocks and rounding in containers: a 15 s recording may end this much later (or a 1 s one earlier). */
  durationToleranceMs: 40,
  /** The contract's 4096 × 2160 and a little. */
  maxPixels: 9_000_000,
  /** 15 s at 240 frames a second; more is a file made to cost. */
  maxPackets: 3600,
  /** Long side of delivered frames. */
  frameSide: 640,
  framesPerSecond: 10,
  /** Processor time that FFmpeg may use for probing alone: listing the packets of honest files takes under 0.3 s. */
  probeCpuMs: 3000,
  /** Processor time that FFmpeg may use for probing and decoding: more is the file's fault. */
  cpuMs: 10_000,
  /**
   * Pixels that `cpuMs` is enough for: 100 frames of 4K. Larger videos may use more, by their pixels, up to so many times as much, and are
   * decoded without the loop filter (`ffmpeg-arguments.ts`).
   */
  usualPixels: 830_000_000,
  largestShare: 2.4,
  /**
   * Wall-clock time for both, the consumer's included, from when they begin: more is the fault of a machine with too much to do. What has begun is
   * better ended than begun anew, so it is little less than the 29 s that the cloud gives the function.
   */
  totalMs: 25_000,
  /** Above it only reference frames are decoded: 5 s of 720p at 30 frames a second. */
  heavyPixels: 140_000_000,
  /**
   * Memory that the core may take in all: a kilobyte of tables may ask for gigabytes. 4K takes 100 MB; 16 references of it in 10 bits, as
   * many as any level allows, would take 430.
   */
  memoryBytes: 512 * 2 ** 20,
  /** The largest piece that FFmpeg may ask for at once, native FFmpeg too: a file has 8 MB, a picture of 16 bits 54. */
  blockBytes: 128 * 2 ** 20,
  /** Frames decoded ahead of the consumer. */
  ahead: 4,
  /** Part of the packets that may fail to decode before the video counts as damaged. */
  damagedShare: 0.1,
} as const;

/** FFmpeg's demuxer for each container: it is forced, so that no playlist or image is ever tried. */
export const demuxers: Readonly<Record<Container, string>> = {
  mp4: 'mov',
  mov: 'mov',
  avi: 'avi',
  flv: 'flv',
  webm: 'matroska',
  asf: 'asf',
};

/** FFmpeg's codec names for the contract's h261, h263, h264, hevc, vc1, vp8, vp9, wmv3. */
export const codecs: readonly string[] = [
  'h261',
  'h263',
  'flv1',
  'h263p',
  'h263i',
  'h264',
  'hevc',
  'vc1',
  'vp8',
  'vp9',
  'wmv3',
];

/** The decoders of these codecs, as `-codec_whitelist` wants them. */
export const decoders = 'h261,h263,h263i,h263p,flv,h264,hevc,vc1,vp8,vp9,wmv3';
