import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { Box } from '../api/responses.ts';
import { FaceLooks } from '../recording/face-looks.ts';
import { type Hint, hintOf } from '../recording/framing.ts';
import { greyOf, lightOf, ovalIn } from '../recording/light.ts';

/** Five looks a second at a picture of this height cost a phone 2 % of its processor. */
const lookMs = 200;
const height = 180;
/** A hint is shown once it has held for so many looks: it must be readable. */
const steadyLooks = 3;

/**
 * What the person before the camera should change, judged in the browser from the light, and from where the face is (`FaceLooks`).
 * @param isAsked false: nobody looks
 */
export function useHint(video: RefObject<HTMLVideoElement | null>, isAsked: boolean): Hint | undefined {
  const api = useApi();
  const [hint, setHint] = useState<Hint>();
  const looks = useRef(new FaceLooks());
  useEffect(() => {
    if (!isAsked) return setHint(undefined);
    const leaving = new AbortController();
    let faces: readonly Box[] | undefined;
    void looks.current.go(api, video, leaving.signal, (found) => {
      faces = found;
    });
    let last: Hint | undefined;
    let held = 0;
    const canvas = document.createElement('canvas');
    const timer = setInterval(() => {
      const shown = video.current;
      if (!shown?.videoWidth || document.hidden) return;
      const next = look(shown, canvas, faces);
      held = next === last ? held + 1 : 1;
      last = next;
      if (held >= steadyLooks) setHint(next);
    }, lookMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [api, isAsked]);
  return hint;
}

function look(video: HTMLVideoElement, canvas: HTMLCanvasElement, faces: readonly Box[] | undefined): Hint {
  const size = { width: video.videoWidth, height: video.videoHeight };
  canvas.height = height;
  canvas.width = Math.round((height * size.width) / size.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return 'good';
  context.drawImage(video, 0, 0, canvas.width, height);
  const { data } = context.getImageData(0, 0, canvas.width, height);
  return hintOf(lightOf(greyOf(data), canvas.width, height, ovalIn(canvas.width, height)), faces, size);
}
