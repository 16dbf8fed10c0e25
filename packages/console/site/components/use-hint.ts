import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/api.ts';
import type { Box } from '../api/responses.ts';
import { type FaceFinder, faceFinder } from '../recording/face-finder.ts';
import { type Hint, hintOf } from '../recording/framing.ts';
import { greyOf, lightOf, ovalIn } from '../recording/light.ts';

/** Five looks a second at a picture of this height cost a phone 2 % of its processor. */
const lookMs = 200;
const height = 180;
/** A hint is shown once it has held for so many looks: it must be readable. */
const steadyLooks = 3;

/**
 * What the person before the camera should change, judged in the browser from the light, and from where the face is (`faceFinder`).
 * @param isAsked false: nobody looks
 */
export function useHint(video: RefObject<HTMLVideoElement | null>, isAsked: boolean): Hint | undefined {
  const api = useApi();
  const [hint, setHint] = useState<Hint>();
  useEffect(() => {
    if (!isAsked) return setHint(undefined);
    const leaving = new AbortController();
    let faces: readonly Box[] | undefined;
    void lookForFaces(api, video, leaving.signal, (found) => {
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

/** Tells where the faces are, again and again; undefined once nobody looks any more. */
async function lookForFaces(
  api: Parameters<typeof faceFinder>[0],
  video: RefObject<HTMLVideoElement | null>,
  signal: AbortSignal,
  tell: (faces: readonly Box[] | undefined) => void,
): Promise<void> {
  let finder: FaceFinder | undefined;
  let looked = 0;
  while (!signal.aborted) {
    const shown = video.current;
    if (shown?.videoWidth && !document.hidden) {
      finder ??= await faceFinder(api, shown);
      if (looked >= finder.most) return tell(undefined);
      looked += 1;
      // A hint that can't be had is none: the recording goes on without it.
      tell(await finder.find(shown).catch(() => undefined));
    }
    await new Promise((resolve) => setTimeout(resolve, finder?.everyMs ?? lookMs));
  }
}
