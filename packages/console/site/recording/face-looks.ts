import type { Api } from '../api/api.ts';
import type { Box } from '../api/responses.ts';
import { type FaceFinder, faceFinder } from './face-finder.ts';

/** Until a video has a picture. */
const waitMs = 200;

/** Looks for faces in what a camera shows. However often it begins anew, no more pictures are looked at than the finder allows. */
export class FaceLooks {
  #finder: FaceFinder | undefined;
  #looked = 0;

  /** Tells where the faces are, again and again until `signal` ends it; undefined once nobody looks any more. */
  async go(
    api: Api,
    video: { readonly current: HTMLVideoElement | null },
    signal: AbortSignal,
    tell: (faces: readonly Box[] | undefined) => void,
  ): Promise<void> {
    while (!signal.aborted) {
      const shown = video.current;
      if (shown?.videoWidth && !document.hidden) {
        this.#finder ??= await faceFinder(api, shown);
        if (this.#looked >= this.#finder.most) return tell(undefined);
        this.#looked += 1;
        // A hint that can't be had is none: the recording goes on without it.
        tell(await this.#finder.find(shown).catch(() => undefined));
      }
      await new Promise((resolve) => setTimeout(resolve, this.#finder?.everyMs ?? waitMs));
    }
  }
}
