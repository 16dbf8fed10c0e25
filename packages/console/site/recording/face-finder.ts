import type { Api } from '../api/api.ts';
import type { Box, FoundFace } from '../api/responses.ts';
import { jpeg } from '../photos/photo.ts';

/** Finds faces in what a video shows, in pixels of the video. */
export interface FaceFinder {
  readonly everyMs: number;
  /** So many pictures are looked at, then no more. */
  readonly most: number;
  /** @throws Error what the browser or the service says */
  find(video: HTMLVideoElement): Promise<readonly Box[]>;
}

/** The browser's own, where it has one (Shape Detection API): nothing is sent. */
interface BrowserDetector {
  detect(picture: HTMLVideoElement): Promise<readonly { readonly boundingBox: DOMRectReadOnly }[]>;
}

type DetectorClass = new (options: { fastMode: boolean; maxDetectedFaces: number }) => BrowserDetector;

/** Width of the picture that is sent, in pixels: a face at arm's length has a hundred of them. */
const sentWidth = 400;

/** The browser's detector if it works, else the service's: a small picture every two seconds, 20 at most while the camera is open. */
export async function faceFinder(api: Api, video: HTMLVideoElement): Promise<FaceFinder> {
  const own = (globalThis as { FaceDetector?: DetectorClass }).FaceDetector;
  if (own) {
    // Some browsers have the class and nothing behind it.
    const works = async () => {
      const detector = new own({ fastMode: true, maxDetectedFaces: 3 });
      await detector.detect(video);
      return detector;
    };
    const detector = await works().catch(() => undefined);
    if (detector !== undefined) {
      const find = async (shown: HTMLVideoElement) =>
        (await detector.detect(shown)).map(({ boundingBox: { x, y, width, height } }) => ({
          ...{ top_left_x: x, top_left_y: y, width, height },
        }));
      return { everyMs: 400, most: Number.POSITIVE_INFINITY, find };
    }
  }
  return { everyMs: 2000, most: 20, find: (shown) => askService(api, shown) };
}

async function askService(api: Api, video: HTMLVideoElement): Promise<readonly Box[]> {
  const scale = Math.min(1, sentWidth / video.videoWidth);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await jpeg(canvas, 0.8);
  if (!picture) throw new Error('The browser makes no JPEG.');
  const { body } = await api.call<{ faces: readonly FoundFace[] }>({
    method: 'POST',
    path: 'face-detect',
    form: { image_file: new File([picture], 'camera.jpg', { type: 'image/jpeg' }) },
    isBackground: true,
  });
  return body.faces.map(({ bounding_box: box }) => ({
    top_left_x: box.top_left_x / scale,
    top_left_y: box.top_left_y / scale,
    width: box.width / scale,
    height: box.height / scale,
  }));
}
