import { describe, expect, it, vi } from 'vitest';
import { decoderFor } from './decode.ts';
import type { FfmpegSession } from './decoder.ts';

const reason = new Error('the client has left');

describe('a video whose client has left', () => {
  const video = Buffer.from('FLV\x01\x05'.padEnd(64, '\0'));
  const never = () => new Promise<never>(() => {});

  it.each(['before', 'while it is probed'])('ends FFmpeg at once: %s', async (when) => {
    const client = new AbortController();
    const close = vi.fn(async () => {});
    const session: FfmpegSession = {
      ...{ input: '', output: '', cpuMs: () => 0, ffmpeg: never, close },
      ffprobe: () => {
        client.abort(reason);
        return never();
      },
    };
    const open = vi.fn(async () => session);
    if (when === 'before') client.abort(reason);
    await expect(decoderFor('wasm', { open }).decode(video, () => {}, client.signal)).rejects.toBe(reason);
    expect(open).toHaveBeenCalledTimes(when === 'before' ? 0 : 1);
    expect(close).toHaveBeenCalledTimes(when === 'before' ? 0 : 1);
  });
});
