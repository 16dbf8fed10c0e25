import { useCallback, useRef, useState } from 'preact/hooks';
import { type Photo, preparePhoto } from './photo.ts';

export interface QueuedPhoto<Result> {
  readonly id: number;
  /** As it was chosen, for a thumbnail. */
  readonly chosen: File | undefined;
  readonly name: string;
  /** Once it is ready to be sent. */
  readonly photo?: Photo;
  readonly state: 'waiting' | 'working' | 'done' | 'failed';
  readonly result?: Result;
  readonly error?: unknown;
}

export interface PhotoQueue<Result> {
  readonly items: readonly QueuedPhoto<Result>[];
  readonly selected: QueuedPhoto<Result> | undefined;
  select(id: number): void;
  add(photos: readonly (File | Photo)[]): void;
  /** Works on all of them once more, as the page is set now. */
  again(): void;
  clear(): void;
}

/** Requests at once: enough to keep the service busy, few enough to leave room for others. */
const concurrency = 2;

/** Photos that are worked on one after the other, in the order in which they came. */
export function usePhotoQueue<Result>(work: (photo: Photo) => Promise<Result>): PhotoQueue<Result> {
  const [items, setItems] = useState<readonly QueuedPhoto<Result>[]>([]);
  const [chosen, setChosen] = useState<number>();
  const state = useRef({
    nextId: 1,
    round: 0,
    running: 0,
    queue: [] as { item: QueuedPhoto<Result>; round: number; work: (photo: Photo) => Promise<Result> }[],
  });

  const change = useCallback(
    (id: number, part: Partial<QueuedPhoto<Result>>) =>
      setItems((before) => before.map((item) => (item.id === id ? { ...item, ...part } : item))),
    [],
  );
  const run = useCallback(async () => {
    const own = state.current;
    if (own.running >= concurrency) return;
    own.running += 1;
    for (let next = own.queue.shift(); next; next = own.queue.shift()) {
      const { item, round, work } = next;
      const settle = (part: Partial<QueuedPhoto<Result>>) => round === own.round && change(item.id, part);
      settle({ state: 'working' });
      try {
        const photo = item.photo ?? (item.chosen ? await preparePhoto(item.chosen) : undefined);
        if (!photo) continue;
        settle({ photo });
        settle({ state: 'done', result: await work(photo) });
      } catch (error) {
        settle({ state: 'failed', error });
      }
    }
    own.running -= 1;
  }, [change]);
  const start = (more: readonly QueuedPhoto<Result>[]) => {
    const own = state.current;
    // As the page is set now: what it is set to later is for later photos.
    own.queue.push(...more.map((item) => ({ item, round: own.round, work })));
    for (let each = 0; each < concurrency; each++) void run();
  };
  return {
    items,
    selected: items.find(({ id }) => id === chosen) ?? items[0],
    select: setChosen,
    add(photos) {
      const own = state.current;
      const more = photos.map((one): QueuedPhoto<Result> => {
        const id = own.nextId++;
        return one instanceof File
          ? { id, chosen: one, name: one.name, state: 'waiting' }
          : { id, chosen: one.file, name: one.name, photo: one, state: 'waiting' };
      });
      if (more.length === 0) return;
      setItems((before) => [...before, ...more]);
      setChosen(more[0]?.id);
      start(more);
    },
    again() {
      const own = state.current;
      own.round += 1;
      own.queue = [];
      const again = items.map(
        ({ result: _, error: __, ...item }): QueuedPhoto<Result> => ({ ...item, state: 'waiting' }),
      );
      setItems(again);
      start(again);
    },
    clear() {
      state.current.round += 1;
      state.current.queue = [];
      setItems([]);
      setChosen(undefined);
    },
  };
}
