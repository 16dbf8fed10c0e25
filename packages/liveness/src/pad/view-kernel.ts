import { createKernel } from '../kernel/kernel.ts';
import { viewSide } from '../tracking/face-view.ts';

/** Pictures and fields of a view's size: what one registration and one blur need. */
const places = [
  ...(['source', 'target', 'warped', 'blurred'] as const),
  ...(['roughX', 'roughY', 'fineX', 'fineY', 'alongX', 'alongY'] as const),
] as const;
type Place = (typeof places)[number];

const pixels = viewSide * viewSide;
const pictureBytes = pixels * Float32Array.BYTES_PER_ELEMENT;
/** What the kernel's functions ask for beside what they read and write: the flow's four pictures are the most. */
const roomBytes = 4 * pictureBytes;

/** The kernel over views: where each picture is, and its values. */
interface ViewKernel {
  readonly run: ReturnType<typeof createKernel>['run'];
  readonly at: Readonly<Record<Place, number>>;
  readonly pictures: Readonly<Record<Place, Float32Array>>;
  /** One byte a pixel. */
  readonly counts: Uint8Array;
  /** Few values: weights of a blur, nodes of a grid. */
  readonly values: Float32Array;
  readonly room: number;
}

let made: ViewKernel | undefined;

/** The same for all of a thread: nothing in it lasts beyond the function that put it there. */
export function viewKernel(): ViewKernel {
  made ??= make();
  return made;
}

function make(): ViewKernel {
  const countsAt = places.length * pictureBytes;
  const valuesAt = countsAt + pixels;
  const room = valuesAt + pictureBytes;
  const { run, memory } = createKernel(room + roomBytes);
  const of = <Value>(value: (index: number) => Value) =>
    Object.fromEntries(places.map((place, index) => [place, value(index)])) as Record<Place, Value>;
  return {
    run,
    at: of((index) => index * pictureBytes),
    pictures: of((index) => new Float32Array(memory, index * pictureBytes, pixels)),
    counts: new Uint8Array(memory, countsAt, pixels),
    values: new Float32Array(memory, valuesAt, pixels),
    room,
  };
}
