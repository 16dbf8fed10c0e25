export { cpuMsOf } from './cpu-time.ts';
export { createVideoDecoder, type VideoDecoderOptions } from './create-decoder.ts';
export type { VideoDecoder, VideoFrame, VideoInfo } from './decoder.ts';
