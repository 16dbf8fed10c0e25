import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { FrsError } from '@openfrs/contract';
import { amount, sampled, seedOf } from '@openfrs/testing/sample';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { expect, it } from 'vitest';
import { createVideoDecoder } from './create-decoder.ts';
import { decoderFor } from './decode.ts';
import type { FfmpegSession, Spare, VideoDecoder, VideoFrame, VideoInfo } from './decoder.ts';
import { decodeArguments, probeArguments } from './ffmpeg-arguments.ts';
import { DecodeLog } from './ffmpeg-log.ts';
import { limits } from './limits.ts';
import { videoInfo } from './probe.ts';
import { openWasmSession } from './wasm-session.ts';

const clips = sharedData('clips') ?? '';
const clip = (name: string) => readFileSync(join(clips, name));
const names = clips === '' ? [] : readdirSync(clips).filter((name) => !name.endsWith('.json'));
// A machine that runs tests side by side may be too busy for the usual limit on the wall: only the other one counts.
const totalMs = 600_000;
const wasm = createVideoDecoder({ ffmpegPath: null, totalMs });
const nativePath = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'ffmpeg'))
  .find((path) => existsSync(path));
if (nativePath === undefined) console.log('No native ffmpeg on PATH: its comparison with wasm is skipped.');

interface Outcome {
  readonly info?: VideoInfo;
  readonly code?: string;
  readonly times: number[];
  /** One number a frame. */
  readonly means: number[];
}

async function decoded(decoder: VideoDecoder, video: Uint8Array): Promise<Outcome> {
  const times: number[] = [];
  const means: number[] = [];
  try {
    const info = await decoder.decode(video, (frame) => {
      expect(frame.data).toHaveLength(frame.width * frame.height * 3);
      times.push(frame.timeMs);
      means.push(meanOf(frame.data));
    });
    return { info, times, means };
  } catch (error) {
    if (!(error instanceof FrsError)) throw error;
    return { code: error.code, times, means };
  }
}

/** Of every 97th byte. */
function meanOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 97) sum += bytes[at] ?? 0;
  return sum / Math.ceil(bytes.length / 97);
}

/** What a clip's name promises: the code it is refused with; undefined when it decodes. */
function refusal(name: string): string | undefined {
  if (name === 'neg_audio_only.mp4' || /^bad_(?!ts_gap)/.test(name)) return 'FRS.0701';
  if (name.startsWith('neg_')) return 'FRS.0016';
  if (/^(lim_0\.5s|lim_16s|mov_h264_ios_rot|bad_ts_gap)/.test(name)) return 'FRS.0706';
  return undefined;
}

/** `mp4_h264_frag.mp4`: h264, in fragments, in mp4. What is large is one class, what is turned another. */
const containerOf = (name: string) => name.split('_')[0] ?? '';
const kindOf = (name: string) =>
  /\d{3}p(?=\.)|rot/.exec(name)?.[0].replace(/^\d+/, '') ?? name.replace(/^[a-z0-9]+_|\.\w+$/g, '');

describeWithData('every container and codec of the contract', () => {
  const decodable = names.filter((name) => refusal(name) === undefined);
  const drawn = new Set([...sampled(decodable, kindOf), ...sampled(decodable, containerOf)]);
  it.each([...drawn])('%s decodes', async (name) => {
    const { info, code, times, means } = await decoded(wasm, clip(name));
    expect(code).toBeUndefined();
    const seconds = (info?.durationMs ?? 0) / 1000;
    expect(times.length).toBeGreaterThan(seconds * 7);
    expect(times.length).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 1);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(seconds * 1000 + 100);
    expect(Math.min(...means)).toBeGreaterThan(5);
  });

  it.each(names.filter((name) => refusal(name) !== undefined))('%s is refused', async (name) => {
    expect((await decoded(wasm, clip(name))).code).toBe(refusal(name));
  });

  it('obeys rotation flags', async () => {
    const sizes = await Promise.all(
      ['mp4_h264.mp4', 'mp4_h264_rot90.mp4', 'mp4_h264_rot180.mp4', 'mp4_h264_rot270.mp4'].map(
        async (name) => {
          const { width, height } = await wasm.probe(clip(name));
          return [width, height];
        },
      ),
    );
    expect(sizes).toEqual([
      [640, 480],
      [480, 640],
      [640, 480],
      [480, 640],
    ]);
  });
});

describeWithData('frames', () => {
  it.each([1000, 'a frame', 500_000])('are the same whatever pieces they come in: %s', async (pieces) => {
    let frameBytes = 0;
    const handedOn: Uint8Array[] = [];
    const inPieces = async (video: Uint8Array): Promise<FfmpegSession> => {
      const session = await openWasmSession(video);
      return {
        ...session,
        ffmpeg: (args, bytes, onData, log) => {
          frameBytes = bytes;
          const length = typeof pieces === 'number' ? pieces : bytes;
          const cut = async (whole: Uint8Array) => {
            for (let at = 0; at < whole.length; at += length) {
              const piece = whole.slice(at, at + length);
              handedOn.push(piece);
              await onData(piece);
            }
            return undefined;
          };
          return session.ffmpeg(args, bytes, cut, log);
        },
      };
    };
    const got: VideoFrame[] = [];
    const name = 'mp4_h264.mp4';
    await decoderFor('wasm', { open: inPieces }, { totalMs }).decode(clip(name), (frame) => {
      got.push(frame);
    });
    const outcome = await decoded(wasm, clip(name));
    expect(got.map(({ data }) => meanOf(data))).toEqual(outcome.means);
    expect(got.map(({ timeMs }) => timeMs)).toEqual(outcome.times);
    expect(got.every(({ data }) => data.length === frameBytes)).toBe(true);
    // Whole ones aren't copied.
    if (pieces === 'a frame') expect(got.every(({ data }, i) => data === handedOn[i])).toBe(true);
  });
});

describeWithData('frames that nobody keeps', () => {
  it.each(['whole', 'in pieces'])('are written again, and the others stay: %s', async (come) => {
    const session = async (video: Uint8Array): Promise<FfmpegSession> => {
      const opened = await openWasmSession(video);
      if (come === 'whole') return opened;
      const halves = async (whole: Uint8Array, onData: (bytes: Uint8Array) => Promise<Spare>) => {
        await onData(whole.slice(0, 1000));
        await onData(whole.slice(1000));
        return undefined;
      };
      return {
        ...opened,
        ffmpeg: (args, bytes, onData, log) =>
          opened.ffmpeg(args, bytes, (whole) => halves(whole, onData), log),
      };
    };
    const name = 'mp4_h264.mp4';
    const [kept, means, spare] = [[] as VideoFrame[], [] as number[], [] as VideoFrame[]];
    await decoderFor('wasm', { open: session }, { totalMs }).decode(clip(name), (frame) => {
      means.push(meanOf(frame.data));
      const keeps = means.length % 7 === 0;
      (keeps ? kept : spare).push(frame);
      return keeps ? undefined : 'spare';
    });
    expect(means).toEqual((await decoded(wasm, clip(name))).means);
    expect(kept.map(({ data }) => meanOf(data))).toEqual(means.filter((_, i) => i % 7 === 6));
    // Whole ones went back to the thread; of pieces each is put together in the memory of the last.
    if (come === 'whole') expect(spare.every(({ data }) => data.length === 0)).toBe(true);
    else expect(new Set(spare.map(({ data }) => data.buffer)).size).toBeLessThan(kept.length + 2);
  });
});

describeWithData('a large video', () => {
  const turnedClips = ['mp4_h264_rot90.mp4', 'mp4_h264_rot180.mp4', 'mp4_h264_rot270.mp4'];
  it.each(turnedClips)('%s is turned when it is small, and looks as FFmpeg turns it', async (name) => {
    const session = await openWasmSession(clip(name));
    const probed = videoInfo('mp4', await session.ffprobe(probeArguments('mp4', session.input)));
    const first = async (info: VideoInfo) => {
      const frame = new Uint8Array(info.width * info.height * 3);
      let at = 0;
      const collect = async (bytes: Uint8Array) => {
        frame.set(bytes.subarray(0, frame.length - at), at);
        at = Math.min(frame.length, at + bytes.length);
        return 'spare' as const;
      };
      const arguments_ = decodeArguments(info, session.input, session.output);
      expect(await session.ffmpeg(arguments_, frame.length, collect, new DecodeLog())).toBe(0);
      return { frame, turnsByItself: !arguments_.includes('-noautorotate') };
    };
    const totalPixels = limits.heavyPixels + 1;
    const ours = await first({ ...probed, totalPixels });
    const theirs = await first({ ...probed, totalPixels, turn: 'other' });
    await session.close();
    expect([ours.turnsByItself, theirs.turnsByItself]).toEqual([false, true]);
    const differences = ours.frame.reduce((sum, byte, i) => sum + Math.abs(byte - (theirs.frame[i] ?? 0)), 0);
    expect(differences / ours.frame.length).toBeLessThan(0.5);
  });

  it('ends where enough of it is decoded', async () => {
    const session = await openWasmSession(clip('mp4_h264.mp4'));
    const probed = videoInfo('mp4', await session.ffprobe(probeArguments('mp4', session.input)));
    const log = new DecodeLog();
    let bytes = 0;
    const count = async (data: Uint8Array) => {
      bytes += data.length;
      return 'spare' as const;
    };
    const info = { ...probed, decodedMs: 2000 };
    const frameBytes = info.width * info.height * 3;
    const arguments_ = decodeArguments(info, session.input, session.output);
    expect(await session.ffmpeg(arguments_, frameBytes, count, log)).toBe(0);
    await session.close();
    expect(bytes / frameBytes).toBe(20);
    expect([log.damaged, log.partial]).toEqual([0, false]);
  });

  it('is told where to end in seconds that FFmpeg reads, never as no limit', async () => {
    const { durationMs, ...info } = await wasm.probe(clip('mp4_h264.mp4'));
    const end = (decodedMs: number) => {
      const arguments_ = decodeArguments({ ...info, durationMs, decodedMs }, '', '');
      return arguments_[arguments_.indexOf('-t') + 1];
    };
    expect([0, 0.0004, 1000 / 3, 2000].map(end)).toEqual(['0.001000', '0.001000', '0.333333', '2.000000']);
    expect(end(durationMs)).toBe('16.000000');
  });
});

/** FRS_FUZZ_CLIPS and FRS_FUZZ_FIRST: how many mutated clips are tried, and from which on (drawn); each is always the same. */
const fuzz = {
  count: Number(process.env.FRS_FUZZ_CLIPS ?? amount(6, 100)),
  first: Number(process.env.FRS_FUZZ_FIRST ?? seedOf('mutated clips')),
};

/** The clip of this number with some bytes changed, in a third of them near the start; a fifth is cut off too. */
function mutated(number: number): Uint8Array {
  const sources = names.filter((name) => refusal(name) === undefined && !/1080p|15s|720p/.test(name));
  let state = (Math.imul(number + 1, 2654435761) ^ 0x5bd1e995) >>> 0;
  const random = (below: number) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  const bytes = Uint8Array.from(clip(sources[number % sources.length] ?? ''));
  const where = number % 3 === 0 ? Math.min(bytes.length, 4096) : bytes.length;
  for (let k = 0; k < 1 + random(40); k++) bytes[random(where)] = random(256);
  return number % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

describeWithData('what a file may cost', () => {
  it('the time limits end it and its thread: FRS.0701 for what it costs, FRS.0033 for a slow machine', async () => {
    const costly = createVideoDecoder({ ffmpegPath: null, cpuMs: 50, totalMs });
    expect((await decoded(costly, clip('mp4_hevc_1080p.mp4'))).code).toBe('FRS.0701');
    const hurried = createVideoDecoder({ ffmpegPath: null, totalMs: 50 });
    expect((await decoded(hurried, clip('mp4_hevc_1080p.mp4'))).code).toBe('FRS.0033');
  });

  it('decoding waits for a slow consumer and stops with one that fails', async () => {
    let busy = 0;
    await wasm.decode(clip('lim_1s.mp4'), async () => {
      expect(++busy).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      busy -= 1;
    });
    const failing = wasm.decode(clip('mp4_h264.mp4'), () => {
      throw new RangeError('enough');
    });
    await expect(failing).rejects.toThrow(RangeError);
  });

  it('loads core and worker from where it is told, and says what is missing before a video needs it', async () => {
    await expect(wasm.warm()).resolves.toBeUndefined();
    await expect(createVideoDecoder({ workerPath: '/nowhere/worker.cjs' }).warm()).rejects.toThrow('worker');
    await expect(createVideoDecoder({ corePath: '/nowhere' }).warm()).rejects.toThrow(
      '/nowhere/ffmpeg-core.wasm',
    );
  });

  it('a damaged core or worker is our fault, not the video’s', async () => {
    const broken = createVideoDecoder({ ffmpegPath: null, workerPath: '/nowhere/worker.cjs' });
    await expect(broken.decode(clip('lim_1s.mp4'), () => {})).rejects.not.toBeInstanceOf(FrsError);
  });

  it('a core whose memory can’t be limited is not used', async () => {
    const corePath = mkdtempSync(join(tmpdir(), 'openfrs-core-'));
    // The smallest module of WebAssembly: no memory, nothing.
    writeFileSync(join(corePath, 'ffmpeg-core.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    writeFileSync(
      join(corePath, 'ffmpeg-core.js'),
      `const FS = { writeFile() {}, makedev() {}, registerDevice() {}, mkdev() {} };
      module.exports = ({ instantiateWasm }) =>
        new Promise((resolve) => instantiateWasm({}, () => resolve({ FS, setLogger() {} })));`,
    );
    const opened = openWasmSession(clip('lim_1s.mp4'), { corePath });
    const failure = await opened.then(
      (session) => session.close(),
      (error: unknown) => error,
    );
    rmSync(corePath, { recursive: true });
    expect(failure).toMatchObject({ cause: { message: expect.stringMatching(/exports no memory/) } });
  });

  it(
    'mutated clips end with frames or a code',
    async () => {
      const residentMb: number[] = [];
      let slowest = { clip: -1, wallMs: 0, cpuMs: 0 };
      for (let i = fuzz.first; i < fuzz.first + fuzz.count; i++) {
        const before = process.cpuUsage();
        const started = performance.now();
        const { code } = await decoded(wasm, mutated(i));
        const wallMs = Math.round(performance.now() - started);
        expect([undefined, 'FRS.0701', 'FRS.0016', 'FRS.0706'], `clip ${i}`).toContain(code);
        const { user, system } = process.cpuUsage(before);
        if (wallMs > slowest.wallMs) slowest = { clip: i, wallMs, cpuMs: Math.round((user + system) / 1000) };
        if ((i - fuzz.first) % 50 !== 49) continue;
        residentMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
        console.log(`to clip ${i}, the slowest: ${JSON.stringify(slowest)}; MB: ${residentMb.join(' ')}`);
      }
      if (residentMb.length < 5) return;
      // The second fifth and the last: the first compiles and fills what is kept.
      const fifth = Math.floor(residentMb.length / 5);
      const early = Math.max(...residentMb.slice(fifth, 2 * fifth));
      expect(Math.min(...residentMb.slice(-fifth))).toBeLessThan(early + 50);
    },
    fuzz.count * 60_000,
  );
});

describeWithData('native FFmpeg', () => {
  it
    .runIf(nativePath !== undefined)
    .each([
      'mp4_h264.mp4',
      'mp4_h264_rot90.mp4',
      'mov_h264_vfr.mov',
      'asf_wmv3.wmv',
      'avi_h261_cif.avi',
      'flv_flv1.flv',
      'webm_vp9.webm',
      'mp4_hevc10.mp4',
      'bad_corrupt_mdat.mp4',
      'neg_avi_mjpeg.avi',
    ])('%s: the same frames as wasm', async (name) => {
    const native = createVideoDecoder({ ffmpegPath: nativePath ?? '', totalMs });
    expect(native.name).toBe('native');
    const [a, b] = [await decoded(native, clip(name)), await decoded(wasm, clip(name))];
    expect(a).toMatchObject({ times: b.times, ...(b.code === undefined ? {} : { code: b.code }) });
    for (const [i, mean] of a.means.entries()) expect(mean).toBeCloseTo(b.means[i] ?? -1, 0);
  });
});
