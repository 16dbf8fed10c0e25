import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Api } from '../api/api.ts';
import { FaceLooks } from './face-looks.ts';

const canvas = {
  getContext: () => ({ drawImage: () => {} }),
  toBlob: (take: (blob: Blob) => void) => take(new Blob(['picture'])),
};
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false, createElement: () => ({ ...canvas }) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const video = { current: { videoWidth: 640, videoHeight: 480 } as HTMLVideoElement };

test.each([
  ['has no detector', undefined],
  [
    'has one that can not be made',
    class {
      constructor() {
        throw new Error('not supported');
      }
    },
  ],
])('where the browser %s, 20 pictures are sent at most, however often it looks again', async (_, own) => {
  vi.stubGlobal('FaceDetector', own);
  let sent = 0;
  const api = {
    call: async () => {
      sent += 1;
      return { body: { faces: [] } };
    },
  } as unknown as Api;
  const looks = new FaceLooks();
  const told: unknown[] = [];
  for (let time = 0; time < 4; time++) {
    const leaving = new AbortController();
    const going = looks.go(api, video, leaving.signal, (faces) => told.push(faces));
    await vi.advanceTimersByTimeAsync(15_000);
    leaving.abort();
    await vi.advanceTimersByTimeAsync(2000);
    await going;
  }
  expect(sent).toBe(20);
  expect(told.at(-1)).toBeUndefined();
});
