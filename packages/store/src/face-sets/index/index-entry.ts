import type { Ticks } from '../records/snapshot.ts';

/** What the cache has of a set's index. At most one job (a load or a catch-up) runs at a time. */
type Contents<Index> =
  | { readonly state: 'empty' }
  /** An index is being built. */
  | { readonly state: 'loading'; readonly for: 'search' | 'prefetch' }
  | { readonly state: 'ready'; readonly index: Index }
  /** What was written since is being taken in. */
  | { readonly state: 'catchingUp'; readonly index: Index };

/** The state of one set in the cache. */
export interface IndexEntry<Index> {
  readonly contents: Contents<Index>;
  /** Did searches come while the job ran? One follow-up with a fresh snapshot serves them all. */
  readonly queued: boolean;
  /** The index whose later parts are being read in the background, or have been. */
  readonly filled: Index | undefined;
  /** Is a tidier index being built in the background? */
  readonly rebuilding: boolean;
  /** Keys of segments that are missing or damaged. */
  readonly unreadable: ReadonlySet<string>;
  /** Indexes in a row that could not be used. */
  readonly failures: number;
}

export const emptyEntry: IndexEntry<never> = {
  contents: { state: 'empty' },
  queued: false,
  filled: undefined,
  rebuilding: false,
  unreadable: new Set(),
  failures: 0,
};

export type EntryEvent<Index> =
  /** A search asks for the index as of a snapshot, or as of now. */
  | { readonly type: 'search'; readonly snapshot: Ticks | undefined }
  | { readonly type: 'prefetch' }
  | { readonly type: 'loaded'; readonly index: Index; readonly unreadable: readonly string[] }
  | { readonly type: 'caughtUp' }
  /** The change log misses what the index (if there is one) lacks: it is built anew. */
  | { readonly type: 'logTruncated'; readonly index: Index | undefined }
  /** The job failed. */
  | { readonly type: 'failed' }
  /** A later part of an index's segment is missing or damaged. */
  | { readonly type: 'unreadable'; readonly index: Index; readonly key: string }
  | {
      readonly type: 'searched';
      readonly index: Index;
      readonly outcome: 'answered' | 'failed' | 'unreadable';
    }
  | { readonly type: 'fillFailed'; readonly index: Index }
  | { readonly type: 'needsRebuild'; readonly index: Index }
  /** A rebuild ended, with an index to replace the old one unless it failed. */
  | { readonly type: 'rebuilt'; readonly index: Index; readonly replacement: Index | undefined };

/** What the cache has to do. */
export type Effect<Index> =
  /** The search uses the index at once. */
  | { readonly do: 'answer'; readonly index: Index }
  /** Start a job, as of the search's snapshot or of a fresh one. */
  | { readonly do: 'load' | 'catchUp'; readonly asOf: 'given' | 'fresh' }
  /** The search waits for the prefetch, reads the manifest beside it, and asks again. */
  | { readonly do: 'joinPrefetch' }
  | { readonly do: 'joinFollowUp' }
  | { readonly do: 'startFollowUp' }
  /** Forget the entry: it is empty and nobody waits for it. */
  | { readonly do: 'drop' }
  | { readonly do: 'fill' | 'rebuild'; readonly index: Index };

export interface Transition<Index> {
  readonly entry: IndexEntry<Index>;
  readonly effect?: Effect<Index>;
}

/** The index that is in memory. */
export function indexIn<Index>({ contents }: IndexEntry<Index>): Index | undefined {
  return contents.state === 'ready' || contents.state === 'catchingUp' ? contents.index : undefined;
}

/** May the entry be evicted to make room for others? Not while a job runs. */
export const isEvictable = ({ contents }: IndexEntry<unknown>): boolean =>
  contents.state === 'empty' || contents.state === 'ready';

/** The next state of an entry, and what that entails. Pure: the cache runs the effects. */
export function transition<Index extends { readonly asOf: Ticks }>(
  entry: IndexEntry<Index>,
  event: EntryEvent<Index>,
): Transition<Index> {
  const { contents } = entry;
  switch (event.type) {
    case 'search':
      return search(entry, event.snapshot);
    case 'prefetch':
      return contents.state === 'empty'
        ? {
            entry: { ...entry, contents: { state: 'loading', for: 'prefetch' } },
            effect: { do: 'load', asOf: 'given' },
          }
        : { entry };
    case 'loaded': {
      if (contents.state !== 'loading') return { entry };
      const unreadable = new Set([...entry.unreadable, ...event.unreadable]);
      return ended({ ...entry, unreadable }, { state: 'ready', index: event.index });
    }
    case 'logTruncated':
      return logTruncated(entry, event.index);
    // After a failed catch-up the index is as true as before, and the next search tries again.
    case 'caughtUp':
    case 'failed':
      if (contents.state === 'catchingUp') return ended(entry, { state: 'ready', index: contents.index });
      // A load that failed, or the index was found to be unreadable during its catch-up.
      return contents.state === 'loading' ? ended(entry, { state: 'empty' }) : { entry };
    case 'unreadable':
      return unreadable(entry, event.index, event.key);
    case 'searched':
      return searched(entry, event.index, event.outcome);
    case 'fillFailed':
      return { entry: entry.filled === event.index ? { ...entry, filled: undefined } : entry };
    case 'needsRebuild':
      return entry.rebuilding
        ? { entry }
        : { entry: { ...entry, rebuilding: true }, effect: { do: 'rebuild', index: event.index } };
    case 'rebuilt': {
      const { index, replacement } = event;
      const next = { ...entry, rebuilding: false };
      if (replacement === undefined || indexIn(entry) !== index) return { entry: next };
      return { entry: { ...next, contents: { ...contents, index: replacement } as Contents<Index> } };
    }
  }
}

function search<Index extends { readonly asOf: Ticks }>(
  entry: IndexEntry<Index>,
  snapshot: Ticks | undefined,
): Transition<Index> {
  const { contents } = entry;
  switch (contents.state) {
    case 'empty':
      return {
        entry: { ...entry, contents: { state: 'loading', for: 'search' } },
        effect: { do: 'load', asOf: snapshot === undefined ? 'fresh' : 'given' },
      };
    case 'loading':
      if (contents.for === 'prefetch') return { entry, effect: { do: 'joinPrefetch' } };
      return { entry: { ...entry, queued: true }, effect: { do: 'joinFollowUp' } };
    // The job may have read the manifest before the search began.
    case 'catchingUp':
      return { entry: { ...entry, queued: true }, effect: { do: 'joinFollowUp' } };
    case 'ready': {
      const { index } = contents;
      const { asOf } = index;
      if (snapshot !== undefined && asOf.startedAt > snapshot.endedAt) {
        return { entry, effect: { do: 'answer', index } };
      }
      // An older or overlapping snapshot would undo what the index knows of operations in flight.
      const isNewer = snapshot !== undefined && snapshot.startedAt > asOf.endedAt;
      return {
        entry: { ...entry, contents: { state: 'catchingUp', index } },
        effect: { do: 'catchUp', asOf: isNewer ? 'given' : 'fresh' },
      };
    }
  }
}

/** After the job: the follow-up starts if searches wait for it; an empty entry for which nobody waits goes. */
function ended<Index>(entry: IndexEntry<Index>, contents: Contents<Index>): Transition<Index> {
  const next = { ...entry, contents, queued: false };
  if (entry.queued) return { entry: next, effect: { do: 'startFollowUp' } };
  return contents.state === 'empty' ? { entry: next, effect: { do: 'drop' } } : { entry: next };
}

function logTruncated<Index>(entry: IndexEntry<Index>, index: Index | undefined): Transition<Index> {
  const { contents } = entry;
  if (contents.state !== 'catchingUp' && contents.state !== 'loading') return { entry };
  const failures = entry.failures + 1;
  // An index that was rebuilt meanwhile is caught up instead.
  if (contents.state === 'loading' || contents.index !== index) return { entry: { ...entry, failures } };
  return { entry: { ...entry, failures, contents: { state: 'loading', for: 'search' } } };
}

function unreadable<Index>(entry: IndexEntry<Index>, index: Index, key: string): Transition<Index> {
  const next = { ...entry, unreadable: new Set([...entry.unreadable, key]) };
  if (indexIn(entry) !== index) return { entry: next };
  // A running catch-up goes on for who waits for it; those who come now wait for an index without the segment.
  const contents: Contents<Index> =
    entry.contents.state === 'catchingUp' ? { state: 'loading', for: 'search' } : { state: 'empty' };
  return { entry: { ...next, contents } };
}

function searched<Index>(
  entry: IndexEntry<Index>,
  index: Index,
  outcome: 'answered' | 'failed' | 'unreadable',
): Transition<Index> {
  const failures = { answered: 0, failed: entry.failures, unreadable: entry.failures + 1 }[outcome];
  const next = { ...entry, failures };
  if (indexIn(entry) !== index || entry.filled === index) return { entry: next };
  return { entry: { ...next, filled: index }, effect: { do: 'fill', index } };
}
