import { lyingMovies } from './iso-media.ts';
import type { Lie } from './lie.ts';
import { lyingWebms } from './matroska.ts';
import { lyingAsfs, lyingAvis, lyingFlvs } from './other-videos.ts';

export { isGreedy } from './lie.ts';
export { lyingPictures } from './pictures.ts';

/** Videos whose headers, tables and indexes say other things than they hold, each with its container before it. */
export function lyingVideos(): readonly Lie[] {
  const containers = { mp4: lyingMovies, webm: lyingWebms, avi: lyingAvis, flv: lyingFlvs, asf: lyingAsfs };
  return Object.entries(containers).flatMap(([container, lies]) =>
    lies().map(([what, make]): Lie => [`${container}: ${what}`, make]),
  );
}
