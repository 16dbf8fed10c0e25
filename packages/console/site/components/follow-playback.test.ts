import { afterEach, expect, test, vi } from 'vitest';
import { followPlayback } from './follow-playback.ts';

afterEach(() => vi.unstubAllGlobals());

test('asks for one frame at a time, however often the video says where it is, and for none after its end', () => {
  const frames = new Map<number, () => void>();
  let last = 0;
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    frames.set(++last, run);
    return last;
  });
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.delete(frame));
  const video = Object.assign(new EventTarget(), { currentTime: 0, paused: false });
  const told: number[] = [];
  const end = followPlayback(video as unknown as HTMLVideoElement, (seconds) => told.push(seconds));
  video.dispatchEvent(new Event('play'));
  for (const seconds of [0.25, 0.5, 0.75]) {
    video.currentTime = seconds;
    video.dispatchEvent(new Event('timeupdate'));
    expect(frames.size).toBe(1);
  }
  expect(told).toEqual([0, 0.25, 0.5, 0.75]);
  end();
  video.dispatchEvent(new Event('timeupdate'));
  expect(frames.size).toBe(0);
  expect(told).toHaveLength(4);
});
