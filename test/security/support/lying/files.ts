import { lyingMovies } from './iso-media.ts';
import { lyingWebms } from './matroska.ts';
import { lyingAsfs, lyingAvis, lyingFlvs } from './other-videos.ts';

/** Videos whose headers, tables and indexes say other things than they hold, by container and by what is wrong. */
export function lyingVideos(): readonly (readonly [container: string, what: string, file: Buffer])[] {
  const containers = { mp4: lyingMovies, webm: lyingWebms, avi: lyingAvis, flv: lyingFlvs, asf: lyingAsfs };
  return Object.entries(containers).flatMap(([container, files]) =>
    files().map(([what, file]) => [container, what, file] as const),
  );
}

/** Is it one of those for which a reader makes tables of gigabytes? */
export const isGreedy = (what: string) => /(million|100,000|4 billion) samples/.test(what);
