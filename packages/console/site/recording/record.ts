/** VP8 first: every server decodes it, and browsers encode it in software on any machine. */
const types = ['video/webm;codecs=vp8', 'video/mp4;codecs=avc1.42E01E', 'video/webm', 'video/mp4'];
/** 11 s come to 1.4 MB. */
const bitsPerSecond = 1_000_000;
const tickMs = 100;

/**
 * Records a camera for so many milliseconds; `onTime` is told how many have passed, from the recorder's own start.
 * @throws Error where the browser can't record, or `signal` ends it
 */
export function record(
  stream: MediaStream,
  lengthMs: number,
  onTime: (ms: number) => void,
  signal: AbortSignal,
): Promise<File> {
  return new Promise((resolve, reject) => {
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, {
      ...(mimeType !== undefined && { mimeType }),
      videoBitsPerSecond: bitsPerSecond,
    });
    const parts: Blob[] = [];
    let clock: ReturnType<typeof setInterval>;
    const stop = () => {
      clearInterval(clock);
      if (recorder.state !== 'inactive') recorder.stop();
    };
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onerror = () => reject(new Error('The browser stopped the recording.'));
    recorder.onstart = () => {
      const begun = performance.now();
      clock = setInterval(() => {
        const passed = performance.now() - begun;
        onTime(passed);
        if (passed >= lengthMs) stop();
      }, tickMs);
    };
    recorder.onstop = () => {
      if (signal.aborted) return reject(signal.reason);
      const type = recorder.mimeType.split(';')[0] ?? '';
      resolve(new File(parts, type === 'video/mp4' ? 'liveness.mp4' : 'liveness.webm', { type }));
    };
    signal.addEventListener('abort', stop, { once: true });
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
