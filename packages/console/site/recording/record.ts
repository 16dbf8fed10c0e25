/**
 * VP8 first: every server decodes it, and browsers encode it in software on any machine. Safari has MP4 (H.264) only.
 * What none of them is left to the browser.
 */
const types = ['video/webm;codecs=vp8', 'video/mp4;codecs=avc1.42E01E', 'video/webm', 'video/mp4'];
/** 11 s come to 1.4 MB. */
const bitsPerSecond = 1_000_000;
const tickMs = 100;

/** Why a recording has no end: the browser can't, it stopped, the camera went away, or the page was hidden. */
export class RecordingError extends Error {
  readonly kind: 'unsupported' | 'stopped' | 'camera gone' | 'hidden';

  constructor(kind: RecordingError['kind']) {
    super(`Recording: ${kind}.`);
    this.kind = kind;
  }
}

/** The first kind of video that the browser records and the service reads. */
export const recordedType = (isSupported: (type: string) => boolean): string | undefined =>
  types.find((type) => isSupported(type));

/**
 * Records a camera for so many milliseconds; `onTime` is told how many have passed, from the recorder's own start.
 * @throws RecordingError, or `signal`'s reason
 */
export function record(
  stream: MediaStream,
  lengthMs: number,
  onTime: (ms: number) => void,
  signal: AbortSignal,
): Promise<File> {
  return new Promise((resolve, reject) => {
    if (typeof MediaRecorder === 'undefined') return reject(new RecordingError('unsupported'));
    if (document.hidden) return reject(new RecordingError('hidden'));
    const isLive = () => stream.getVideoTracks().some(({ readyState }) => readyState === 'live');
    if (!isLive()) return reject(new RecordingError('camera gone'));
    const mimeType = recordedType((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, {
      ...(mimeType !== undefined && { mimeType }),
      videoBitsPerSecond: bitsPerSecond,
    });
    const parts: Blob[] = [];
    const over = new AbortController();
    let failure: unknown;
    let isWhole = false;
    let clock: ReturnType<typeof setInterval>;
    const stop = () => {
      clearInterval(clock);
      if (recorder.state !== 'inactive') recorder.stop();
    };
    const fail = (reason: unknown) => {
      failure ??= reason;
      stop();
      settle();
    };
    const settle = () => {
      over.abort();
      if (failure !== undefined) return reject(failure);
      const type = recorder.mimeType.split(';')[0] ?? '';
      resolve(new File(parts, type === 'video/mp4' ? 'liveness.mp4' : 'liveness.webm', { type }));
    };
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onerror = () => fail(new RecordingError('stopped'));
    recorder.onstart = () => {
      const begun = performance.now();
      clock = setInterval(() => {
        const passed = performance.now() - begun;
        onTime(passed);
        isWhole = passed >= lengthMs;
        if (isWhole) stop();
      }, tickMs);
    };
    recorder.onstop = () => {
      // By itself, where the system takes the camera: a part of a recording is none.
      if (!isWhole) failure ??= new RecordingError(isLive() ? 'stopped' : 'camera gone');
      stop();
      settle();
    };
    const once = { once: true, signal: over.signal };
    // A phone that rings, or a page behind another, holds the camera's pictures back.
    document.addEventListener(
      'visibilitychange',
      () => document.hidden && fail(new RecordingError('hidden')),
      { signal: over.signal },
    );
    for (const track of stream.getVideoTracks())
      track.addEventListener('ended', () => fail(new RecordingError('camera gone')), once);
    signal.addEventListener('abort', () => fail(signal.reason), once);
    recorder.start();
  });
}

/** Rejects when `signal` ends it. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
