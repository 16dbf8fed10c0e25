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

  /** An ffprobe answer for 4K at 30 frames a second (or other) of a codec. */
  const large = (
    codec: string,
    frames: number,
    { perSecond = 30, size = [3840, 2160], format = '' } = {},
  ) => {
    const [width = 0, height = 0] = size;
    const stream = { codec_name: codec, width, height, nb_frames: String(frames) };
    return json({
      stream: { ...stream, ...(format === '' ? {} : { pix_fmt: format }) },
      ...{ frames, step: 1 / perSecond, format: { duration: String(frames / perSecond) } },
    });
  };
  const partOf = (text: string, engine: 'wasm' | 'native' = 'wasm') => {
    const { durationMs, decodedMs } = videoInfo('mov', text, 'whole', engine);
    return [Math.round(durationMs), Math.round(decodedMs)];
  };

  it('of more pixels than can be decoded in time the first are, of others all', () => {
    expect(partOf(large('hevc', 450))).toEqual([15_000, 5800]);
    expect(partOf(large('hevc', 450, { perSecond: 60 }))).toEqual([7500, 2900]);
    expect(partOf(large('hevc', 174))).toEqual([5800, 5800]);
    expect(partOf(large('hevc', 450, { size: [1920, 1080] }))).toEqual([15_000, 15_000]);
    expect(partOf(large('h264', 900, { perSecond: 60, size: [1920, 1080] }))).toEqual([15_000, 15_000]);
    expect(partOf(large('h264', 360))).toEqual([12_000, 12_000]);
  });

  it('how many these are depends on the codec, its bits and colours, and on the engine', () => {
    expect(partOf(large('h264', 450))[1]).toBe(12_033);
    expect(partOf(large('vp9', 450))[1]).toBe(5000);
    expect(partOf(large('hevc', 450, { format: 'yuv420p10le' }))[1]).toBe(5200);
    expect(partOf(large('hevc', 450, { format: 'yuv444p' }))[1]).toBe(4367);
    expect(partOf(large('hevc', 450), 'native')[1]).toBe(15_000);
  });

  it('a part of less than 1 s is refused as a video of less than 1 s is', () => {
    const fastest = large('hevc', 3600, { perSecond: 240, size: [4096, 2160] });
    expect(codeOf(() => videoInfo('mov', fastest))).toBe('FRS.0706');
    expect(codeOf(() => videoInfo('mov', large('hevc', 450, { perSecond: 200 })))).toBe('FRS.0706');
    expect(codeOf(() => videoInfo('mov', large('hevc', 450, { perSecond: 170 })))).toBe('accepted');
  });

  /** The packets of a large HEVC film with changes. */
  const changed = (frames: number, change: (packet: Record<string, string>, i: number) => void) => {
    const film = JSON.parse(large('hevc', frames)) as { format: object; packets: Record<string, string>[] };
    film.format = { duration: '15' };
    film.packets.forEach(change);
    return JSON.stringify(film);
  };

  it('frames that come all at once are no second of video', () => {
    const crowded = changed(329, (packet, i) => {
      packet.pts_time = String(i < 229 ? i * 0.0004 : 0.1 + (i - 229) * 0.148);
    });
    expect(codeOf(() => videoInfo('mov', crowded, 'whole'))).toBe('FRS.0706');
  });

  it('what is decoded but not shown counts as well: frames that an edit list hides, those without a time', () => {
    const hidden = changed(300, (packet, i) => {
      packet.flags = i < 90 ? 'KD_' : '___';
    });
    expect(partOf(hidden)).toEqual([7000, 2800]);
    expect(videoInfo('mov', hidden, 'whole').packets).toBe(174);
    const untimed = changed(300, (packet, i) => {
      if (i >= 100 && i < 250) delete packet.pts_time;
    });
    expect(partOf(untimed)[1]).toBe(3300);
    const late = changed(300, (packet, i) => {
      if (i < 200) delete packet.pts_time;
    });
    expect(codeOf(() => videoInfo('mov', late, 'whole'))).toBe('FRS.0706');
  });

  it('frames of one time are not all decoded either', () => {
    const same = changed(300, (packet, i) => {
      packet.pts_time = i < 100 ? String(i / 30) : '3.3';
    });
    const [durationMs = 0, decodedMs = 0] = partOf(same);
    expect(decodedMs).toBeLessThan(durationMs);
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
