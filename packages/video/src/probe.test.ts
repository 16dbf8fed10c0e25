import { describe, expect, it } from 'vitest';
import { knownContainer, lacksFrames, videoInfo } from './probe.ts';

interface Faked {
  readonly stream?: object;
  readonly frames?: number;
  readonly step?: number;
  readonly format?: object;
  readonly streams?: readonly object[];
}

/** ffprobe's JSON for a 5 s H.264 video, with changes. */
function json({ stream = {}, frames = 125, step = 0.04, format = {}, streams = [] }: Faked = {}): string {
  return JSON.stringify({
    streams: [
      {
        index: 0,
        codec_type: 'video',
        codec_name: 'h264',
        width: 640,
        height: 480,
        nb_frames: '125',
        ...stream,
      },
      ...streams,
    ],
    format: { duration: '5.000000', ...format },
    packets: Array.from({ length: frames }, (_, i) => ({ stream_index: 0, pts_time: (i * step).toFixed(6) })),
  });
}
const codeOf = (act: () => unknown): unknown => {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};
const probed = (faked: Faked) => codeOf(() => videoInfo('mp4', json(faked)));

describe('what ffprobe says is held against the contract', () => {
  it('a usual video passes, its duration from first packet to the last one’s end', () => {
    expect(videoInfo('mp4', json())).toMatchObject({ codec: 'h264', width: 640, height: 480, packets: 125 });
    expect(videoInfo('mp4', json()).durationMs).toBeCloseTo(5000);
  });

  it('shorter than 1 s or longer than 15 s is FRS.0706', () => {
    expect(probed({ frames: 12, stream: { nb_frames: '12' } })).toBe('FRS.0706');
    expect(probed({ frames: 25, stream: { nb_frames: '25' } })).toBe('accepted');
    expect(probed({ frames: 375, stream: { nb_frames: '375' }, format: { duration: '15' } })).toBe(
      'accepted',
    );
    expect(probed({ frames: 400, stream: { nb_frames: '400' }, format: { duration: '16' } })).toBe(
      'FRS.0706',
    );
    expect(probed({ frames: 5000, stream: { nb_frames: '5000' }, format: { duration: '200' } })).toBe(
      'FRS.0706',
    );
  });

  it('another codec is FRS.0016; no video stream, a cover picture or nonsense is FRS.0701', () => {
    expect(probed({ stream: { codec_name: 'mpeg4' } })).toBe('FRS.0016');
    expect(probed({ stream: { codec_name: 'av1' } })).toBe('FRS.0016');
    expect(probed({ stream: { codec_type: 'audio', codec_name: 'aac' } })).toBe('FRS.0701');
    expect(probed({ stream: { disposition: { attached_pic: 1 } } })).toBe('FRS.0701');
    expect(codeOf(() => videoInfo('mp4', '{'))).toBe('FRS.0701');
    expect(codeOf(() => videoInfo('mp4', '{"streams": 3}'))).toBe('FRS.0701');
  });

  it('a picture larger than the contract’s, or thousands of frames, is not decoded', () => {
    expect(probed({ stream: { width: 8192, height: 4320 } })).toBe('FRS.0701');
    expect(probed({ frames: 15_000, step: 0.001, stream: { nb_frames: '15000' } })).toBe('FRS.0701');
  });

  it('a file whose end is missing or whose header lies is damaged', () => {
    expect(probed({ frames: 57 })).toBe('FRS.0701');
    expect(probed({ format: { duration: '0.0' } })).toBe('FRS.0701');
    expect(codeOf(() => videoInfo('flv', json({ format: { duration: '12' } })))).toBe('FRS.0701');
  });

  it('recordings that were streamed state no duration', () => {
    expect(codeOf(() => videoInfo('webm', json({ format: { duration: undefined } })))).toBe('accepted');
    expect(probed({ stream: { nb_frames: undefined }, format: { duration: '0' } })).toBe('accepted');
  });

  it('a frame count or a duration that no video has is none, and what a file’s structure shows outweighs both', () => {
    const pipe = json({ stream: { nb_frames: '1073741824' }, format: { duration: '42949672' } });
    expect(codeOf(() => videoInfo('avi', pipe))).toBe('accepted');
    const false_ = json({ format: { duration: '90' } });
    expect(codeOf(() => videoInfo('avi', false_))).toBe('FRS.0701');
    expect(codeOf(() => videoInfo('avi', false_, 'whole'))).toBe('accepted');
    expect(codeOf(() => videoInfo('avi', json(), 'cut'))).toBe('FRS.0701');
  });

  it('what an edit list hides counts for no duration, and not as lost where the file has it', () => {
    const hidden = JSON.parse(json({ frames: 100 })) as { packets: { flags: string }[] };
    for (const [i, packet] of hidden.packets.entries()) packet.flags = i < 25 ? 'KD_' : 'K__';
    const text = JSON.stringify(hidden);
    expect(lacksFrames('mp4', text)).toBe(true);
    expect(codeOf(() => videoInfo('mp4', text))).toBe('FRS.0701');
    expect(videoInfo('mp4', text, 'whole').durationMs).toBeCloseTo(3000);
  });

  it('frames come upright, with square pixels, at most 640 long', () => {
    const size = (stream: object) => {
      const { width, height } = videoInfo('mp4', json({ stream }));
      return [width, height];
    };
    expect(size({ width: 1920, height: 1080 })).toEqual([640, 360]);
    expect(size({ side_data_list: [{ rotation: -90 }] })).toEqual([480, 640]);
    expect(size({ side_data_list: [{ rotation: 180 }] })).toEqual([640, 480]);
    expect(size({ width: 352, height: 288, sample_aspect_ratio: '12:11' })).toEqual([384, 288]);
  });

  it('its matrix tells how a frame is brought upright; a mirror is FFmpeg’s affair', () => {
    const turn = (...rows: readonly string[]) => {
      const displaymatrix = `\n${rows.map((row, i) => `0000000${i}: ${row}`).join('\n')}\n`;
      return videoInfo('mov', json({ stream: { side_data_list: [{ displaymatrix, rotation: 90 }] } })).turn;
    };
    const last = '           0           0  1073741824';
    expect(videoInfo('mov', json()).turn).toBe('none');
    expect(turn('       0  -65536       0', '   65536       0       0', last)).toBe('counterclockwise');
    expect(turn('       0   65536       0', '  -65536       0       0', last)).toBe('clockwise');
    expect(turn('  -65536       0       0', '       0  -65536       0', last)).toBe('half');
    expect(turn('  -65536       0       0', '       0   65536       0', last)).toBe('other');
    expect(turn('   46341   46341       0', '  -46341   46341       0', last)).toBe('other');
    const old = videoInfo('mov', json({ stream: { side_data_list: [{ rotation: 90 }] } }));
    expect(old.turn).toBe('other');
  });

  it('of more pixels than can be decoded in time the first are, of others all', () => {
    const decoded = (width: number, height: number, frames: number, perSecond: number) => {
      const stream = { width, height, nb_frames: String(frames) };
      const { durationMs, decodedMs } = videoInfo(
        'mov',
        json({ stream, frames, step: 1 / perSecond, format: { duration: String(frames / perSecond) } }),
      );
      return [Math.round(durationMs), Math.round(decodedMs)];
    };
    expect(decoded(3840, 2160, 450, 30)).toEqual([15_000, 7633]);
    expect(decoded(3840, 2160, 450, 60)).toEqual([7500, 3817]);
    expect(decoded(3840, 2160, 229, 30)).toEqual([7633, 7633]);
    expect(decoded(1920, 1080, 900, 60)).toEqual([15_000, 15_000]);
    expect(decoded(4096, 2160, 3600, 240)).toEqual([15_000, 892]);
  });

  it('the default stream is taken, not one that comes first', () => {
    const other = { index: 1, codec_type: 'video', codec_name: 'vp9', width: 320, height: 240 };
    const streams = [{ ...other, disposition: { default: 1 } }];
    expect(codeOf(() => videoInfo('mp4', json({ streams })))).toBe('FRS.0701');
    expect(videoInfo('mp4', json({ streams: [other] })).codec).toBe('h264');
  });
});

it('a container outside the contract is FRS.0016, what is no video FRS.0701', () => {
  expect(codeOf(() => knownContainer(Buffer.from('OggS'.padEnd(64))))).toBe('FRS.0016');
  expect(codeOf(() => knownContainer(Buffer.from('#EXTM3U'.padEnd(64))))).toBe('FRS.0701');
});
