import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lengthOf, stepAt, stepsOf } from './challenge.ts';
import { record, recordedType } from './record.ts';

test.each([
  ['Chromium and Firefox', ['video/webm;codecs=vp8', 'video/webm'], 'video/webm;codecs=vp8'],
  ['Safari', ['video/mp4', 'video/mp4;codecs=avc1.42E01E'], 'video/mp4;codecs=avc1.42E01E'],
  ['a browser with both', ['video/mp4', 'video/webm;codecs=vp8'], 'video/webm;codecs=vp8'],
  ['a browser with neither', ['video/ogg'], undefined],
])('records in %s as the service reads it', (_, supported, type) => {
  expect(recordedType((one) => supported.includes(one))).toBe(type);
});

test('asks for each action in its time, and for the rest after it', () => {
  const steps = stepsOf([1, 3]);
  const asked = [0, 1500, 3699, 3700, 4500, 7500].map((ms) => stepAt(steps, ms));
  expect(asked).toEqual([
    undefined,
    { index: 0, isOver: false },
    { index: 0, isOver: false },
    { index: 0, isOver: true },
    { index: 1, isOver: false },
    undefined,
  ]);
  expect(lengthOf(stepsOf([1, 2, 3, 4]))).toBeLessThan(15_000);
});

describe('a recording', () => {
  class Recorder {
    static last: Recorder;
    static isTypeSupported = () => true;
    state = 'inactive';
    mimeType = 'video/webm';
    ondataavailable?: (event: { data: Blob }) => void;
    onstart?: () => void;
    onstop?: () => void;
    constructor() {
      Recorder.last = this;
    }
    start() {
      this.state = 'recording';
      this.onstart?.();
    }
    stop() {
      this.state = 'inactive';
      this.ondataavailable?.({ data: new Blob(['video']) });
      this.onstop?.();
    }
  }
  const page = Object.assign(new EventTarget(), { hidden: false });
  const track = Object.assign(new EventTarget(), { readyState: 'live' });
  const stream = { getVideoTracks: () => [track] } as unknown as MediaStream;
  const recorded = () => record(stream, 1000, () => {}, new AbortController().signal);
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaRecorder', Recorder);
    vi.stubGlobal('document', page);
    Object.assign(page, { hidden: false });
    Object.assign(track, { readyState: 'live' });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('is a video once all of its time has passed', async () => {
    const video = recorded();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await video).toMatchObject({ name: 'liveness.webm', size: 5 });
  });

  test('of a page that is hidden already is none', async () => {
    Object.assign(page, { hidden: true });
    await expect(recorded()).rejects.toMatchObject({ kind: 'hidden' });
  });

  test('of a camera that is gone already is none', async () => {
    Object.assign(track, { readyState: 'ended' });
    await expect(recorded()).rejects.toMatchObject({ kind: 'camera gone' });
  });

  test.each([
    ['stopped', 'live'],
    ['camera gone', 'ended'],
  ])('that stops by itself is none: %s', async (kind, readyState) => {
    const video = recorded();
    await vi.advanceTimersByTimeAsync(500);
    Object.assign(track, { readyState });
    Recorder.last.stop();
    await expect(video).rejects.toMatchObject({ kind });
    expect(vi.getTimerCount()).toBe(0);
  });
});
