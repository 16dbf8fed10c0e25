import { type FaceView, toView, viewSide } from '../tracking/face-view.ts';
import { type Point, places } from './landmark-places.ts';

/** What a view shows at a place, −1..1 each way: grey levels. */
export type Picture = (x: number, y: number) => number;

/** Something to look at, with detail of several sizes. */
export const texture: Picture = (x, y) =>
  128 +
  40 * Math.sin(9 * x + 4 * y) +
  35 * Math.cos(7 * y - 5 * x * y) +
  20 * Math.sin(31 * x - 27 * y + 1) +
  15 * Math.cos(43 * x + 37 * y);

/** How a picture is bent by a turn of so many degrees: its middle goes aside. */
const bent =
  (degrees: number) =>
  (x: number, y: number): Point => [x + (degrees / 200) * Math.exp(-2 * (x * x + y * y)), y];

/** What a picture that is bent so shows. */
export const bentPicture =
  (picture: Picture, degrees: number): Picture =>
  (x, y) => {
    let source = x;
    for (let i = 0; i < 20; i++) source = x - (degrees / 200) * Math.exp(-2 * (source * source + y * y));
    return picture(source, y);
  };

/** A view of a picture with a camera's grain, another for each seed; landmarks lie as a turn by so many degrees has them. */
export function viewOfPicture(picture: Picture, seed: number, degrees = 0): FaceView {
  let state = seed * 2654435761 + 1;
  const grain = () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const grey = Float32Array.from(
    { length: viewSide * viewSide },
    (_, at) =>
      picture(toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide)) + 3 * grain(),
  );
  const to = bent(degrees);
  return {
    grey,
    points: Float32Array.from(places.flatMap(([x, y]) => to(x, y))),
    depths: new Float32Array(places.length),
  };
}
