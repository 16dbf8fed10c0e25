import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Api, useApi } from '../api/api.ts';
import type { FaceSetInfo, SetFace } from '../api/responses.ts';
import { listFaces, showSet } from './lookup.ts';

/** What comes with the page, so that it is there at once. */
const firstLimit = 200;
const nextLimit = 1000;
/** So many are read without being asked for. */
const eager = 2000;
/** The contract lists no further. */
export const lastListed = 10_000;

export interface FacesOfSet {
  readonly info?: FaceSetInfo;
  readonly faces: readonly SetFace[];
  readonly busy: boolean;
  readonly error: unknown;
  /** Every face of the set is here. */
  readonly complete: boolean;
  /** There is more that a list reaches. */
  readonly hasMore: boolean;
  more(): void;
  reload(): void;
  change(edit: (faces: readonly SetFace[]) => readonly SetFace[]): void;
}

interface State {
  readonly info?: FaceSetInfo;
  readonly faces: readonly SetFace[];
  readonly busy: boolean;
  readonly ended: boolean;
  readonly error?: unknown;
}

/** The faces of a set, a page after the other as the service hands them out: the first 2,000 by themselves, 1,000 more when asked. */
export function useFaces(set: string): FacesOfSet {
  const api = useApi();
  const [state, setState] = useState<State>({ faces: [], busy: true, ended: false });
  const round = useRef(0);
  const read = useCallback(
    async (known: readonly SetFace[], until: number) => {
      const own = ++round.current;
      const settle = (part: Partial<State>) => {
        if (own === round.current) setState((before) => ({ ...before, ...part }));
        return own === round.current;
      };
      settle({ busy: true, error: undefined });
      try {
        if (known.length === 0) settle({ info: await showSet(api, set) });
        await readPages(api, set, known, until, (faces, ended) => settle({ faces, ended }));
      } catch (error) {
        settle({ error });
      }
      settle({ busy: false });
    },
    [api, set],
  );
  useEffect(() => {
    void read([], eager);
    return () => void round.current++;
  }, [read]);
  const { info, faces, busy, ended, error } = state;
  // Whoever holds an earlier `reload` must not shrink what has been loaded since.
  const loaded = useRef(0);
  loaded.current = faces.length;
  return {
    ...(info && { info }),
    faces,
    busy,
    error,
    complete: ended && faces.length < lastListed,
    hasMore: !ended && faces.length < lastListed,
    more: () => void read(faces, faces.length + nextLimit),
    reload: () => void read([], Math.max(eager, loaded.current)),
    change: (edit) => setState((before) => ({ ...before, faces: edit(before.faces) })),
  };
}

/** @param take told after each page; false ends it */
async function readPages(
  api: Api,
  set: string,
  known: readonly SetFace[],
  until: number,
  take: (faces: readonly SetFace[], ended: boolean) => boolean,
): Promise<void> {
  let faces = known;
  const most = Math.min(until, lastListed);
  while (faces.length < most) {
    const limit = Math.min(faces.length === 0 ? firstLimit : nextLimit, most - faces.length);
    const page = await listFaces(api, set, faces.length, limit);
    faces = [...faces, ...page];
    if (!take(faces, page.length < limit) || page.length < limit) return;
  }
}
