import { afterEach, expect, test, vi } from 'vitest';
import { openCamera } from './open-camera.ts';

afterEach(() => vi.unstubAllGlobals());

test('tells that the camera went away, so that the page offers to open one again', async () => {
  const track = new EventTarget();
  const stream = { getVideoTracks: () => [track] };
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async () => stream } });
  const onGone = vi.fn();
  expect(await openCamera(undefined, onGone)).toBe(stream);
  expect(onGone).not.toHaveBeenCalled();
  track.dispatchEvent(new Event('ended'));
  expect(onGone).toHaveBeenCalledOnce();
});
