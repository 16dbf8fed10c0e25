import type { FaceSet } from '@openfrs/core';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { hasStale } from '../protocol/recovery.ts';
import { enqueueTask } from '../protocol/request-maintenance.ts';
import type { FaceSetIdentity } from '../protocol/sets.ts';
import { requireSnapshot } from '../protocol/visibility.ts';
import type { SetManifest } from '../records/manifest.ts';
import type { ManifestSnapshot } from '../records/snapshot.ts';
import { isUnreadable, type LoadedSegment } from '../segments/load-segment.ts';
import { buildIndex } from './build-index.ts';
import { catchUp, LogTruncatedError } from './catch-up.ts';
import {
  type Effect,
  type EntryEvent,
  emptyEntry,
  type IndexEntry,
  indexIn,
  isEvictable,
  transition,
} from './index-entry.ts';
import { type LoadedIndex, needsRebuild } from './loaded-index.ts';
import { isValid, type LaterPart, laterParts, type Speculation, speculate } from './speculation.ts';

/** The sets' indexes in memory, bounded in bytes. */
export interface IndexCache {
  /**
   * Calls `search` with the set's index, as true as the moment of the call: what was acknowledged before is in it. The segments'
   * codes are there, later parts where they are asked for. While the manifest is read, the index is searched as it is, if it was
   * current the last time; the result counts if it still is. Where a segment is unreadable, the index is built anew.
   * @param snapshot as of which the index may be instead of the call: a request that has looked the set up needs no second read
   * @param speculation what `speculate` gave, begun before the snapshot ended
   * @throws FrsError FRS.0302
   */
  use<R>(
    set: FaceSet,
    parts: readonly LaterPart[],
    search: (loaded: LoadedIndex) => Promise<R>,
    snapshot?: ManifestSnapshot,
    speculation?: Promise<Speculation<R> | undefined>,
  ): Promise<R>;
  /** Begins to load a set that isn't in memory, as of a snapshot. Where that fails, nothing comes of it. */
  prefetch(set: FaceSetIdentity, snapshot: ManifestSnapshot): void;
  /** Searches what is in memory of the set, for who is reading its manifest. */
  speculate<R>(
    setId: string,
    parts: readonly LaterPart[],
    search: (loaded: LoadedIndex) => Promise<R>,
  ): Promise<Speculation<R> | undefined>;
  /** Is the set in memory? */
  has(setId: string): boolean;
  /** The sets in memory, least recently used first. */
  inMemory(): FaceSetIdentity[];
  /** Of their indexes. */
  bytesInMemory(): number;
  /** Forgets a set that was deleted. */
  evict(setId: string): void;
  /** Resolves when nothing is being read in the background. */
  whenIdle(): Promise<void>;
}

/** So often in a row an index is built from segments that vanish under it; then from the records alone. */
const maxFailures = 5;
/** Segments whose later parts are read at once, where a search waits for them. */
const partConcurrency = 4;

/** An entry of the cache, and who waits for it. */
interface CachedSet {
  readonly set: FaceSetIdentity;
  entry: IndexEntry<LoadedIndex>;
  prefetching: Promise<void> | undefined;
  followUp: { readonly promise: Promise<Acquired>; readonly start: () => void } | undefined;
  /** When operations in doubt were last reported, in milliseconds since 1970. */
  staleReportedAt: number;
}

interface Acquired {
  readonly cached: CachedSet;
  readonly loaded: LoadedIndex;
}

export function createIndexCache(store: StoreContext): IndexCache {
  /** By set id, least recently used first. */
  const sets = new Map<string, CachedSet>();
  const background = new Set<Promise<void>>();

  function inBackground(work: Promise<void>): void {
    background.add(work);
    work.finally(() => background.delete(work));
  }

  /** The set's entry, an empty one if need be; it is the most recently used from now on. */
  function open(set: FaceSetIdentity): CachedSet {
    const known = sets.get(set.id);
    const cached = known ?? {
      ...{ set, entry: emptyEntry, staleReportedAt: 0 },
      ...{ prefetching: undefined, followUp: undefined },
    };
    sets.delete(set.id);
    sets.set(set.id, cached);
    return cached;
  }

  const isHeld = (cached: CachedSet) => sets.get(cached.set.id) === cached;
  const indexOf = (setId: string) => {
    const cached = sets.get(setId);
    return cached && indexIn(cached.entry);
  };

  const bytesOf = ({ entry }: CachedSet) => indexIn(entry)?.index.bytes ?? 0;
  const bytesInMemory = () => [...sets.values()].reduce((sum, cached) => sum + bytesOf(cached), 0);

  /** Evicts the least recently used sets until the rest and `more` bytes fit. False where they don't, all others evicted. */
  function evictUntilFits(keep: string, more: number): boolean {
    let sum = more + bytesInMemory();
    for (const [setId, cached] of sets) {
      if (sum <= store.limits.cacheBytes) return true;
      if (setId === keep || !isEvictable(cached.entry)) continue;
      sum -= bytesOf(cached);
      sets.delete(setId);
    }
    return sum <= store.limits.cacheBytes;
  }

  /** Moves an entry to its next state and answers what is to be done. */
  function move(cached: CachedSet, event: EntryEvent<LoadedIndex>): Effect<LoadedIndex> | undefined {
    const { entry, effect } = transition(cached.entry, event);
    cached.entry = entry;
    return effect;
  }

  /** The same for events whose effects nobody waits for. */
  function signal(cached: CachedSet, event: EntryEvent<LoadedIndex>): void {
    const effect = move(cached, event);
    switch (effect?.do) {
      case 'startFollowUp': {
        const { followUp } = cached;
        cached.followUp = undefined;
        followUp?.start();
        return;
      }
      case 'drop':
        if (isHeld(cached)) sets.delete(cached.set.id);
        return;
      case 'fill':
        inBackground(fill(cached, effect.index));
        return;
      case 'rebuild':
        inBackground(rebuild(cached, effect.index));
        return;
    }
  }

  /** The index, as true as the snapshot or this call. */
  async function acquire(cached: CachedSet, snapshot?: ManifestSnapshot): Promise<Acquired> {
    const effect = move(cached, { type: 'search', snapshot });
    switch (effect?.do) {
      case 'answer':
        return { cached, loaded: effect.index };
      case 'load':
      case 'catchUp': {
        const loaded = await runJob(cached, effect.asOf === 'given' ? snapshot : undefined);
        return { cached, loaded };
      }
      case 'joinPrefetch': {
        const { set, prefetching } = cached;
        const [now] = await Promise.all([snapshot ?? requireSnapshot(store, set.id), prefetching]);
        return acquire(open(set), now);
      }
      default:
        cached.followUp ??= followUpOf(cached);
        return cached.followUp.promise;
    }
  }

  function followUpOf(cached: CachedSet): NonNullable<CachedSet['followUp']> {
    let start = () => {};
    const promise = new Promise<Acquired>((resolve) => {
      start = () => resolve(acquire(cached));
    });
    return { promise, start };
  }

  /** A load or a catch-up, whichever the entry's state asks for; after a truncated log a load. */
  async function runJob(cached: CachedSet, given?: ManifestSnapshot): Promise<LoadedIndex> {
    const { loaded, manifest, isNew } = await loadOrCatchUp(cached, given).catch((error) => {
      signal(cached, { type: 'failed' });
      throw error;
    });
    if (isNew) await reportUnreadable(cached, manifest);
    // The set just used stays in memory, however large.
    evictUntilFits(cached.set.id, 0);
    await reportStale(cached, manifest);
    if (!isNew && needsRebuild(loaded, manifest, store.limits)) {
      signal(cached, { type: 'needsRebuild', index: loaded });
    }
    return loaded;
  }

  async function loadOrCatchUp(cached: CachedSet, given?: ManifestSnapshot) {
    const { set } = cached;
    for (let snapshot = given; ; snapshot = undefined) {
      snapshot ??= await requireSnapshot(store, set.id);
      const { manifest } = snapshot;
      const known = indexIn(cached.entry);
      try {
        if (known === undefined) return { loaded: await load(cached, snapshot), manifest, isNew: true };
        await catchUp(store, set, known, snapshot);
        signal(cached, { type: 'caughtUp' });
        return { loaded: known, manifest, isNew: false };
      } catch (error) {
        if (!(error instanceof LogTruncatedError)) throw error;
        signal(cached, { type: 'logTruncated', index: known });
      }
    }
  }

  async function load(cached: CachedSet, snapshot: ManifestSnapshot): Promise<LoadedIndex> {
    const { set } = cached;
    const fromRecords = cached.entry.failures >= maxFailures;
    const skip = (key: string) => fromRecords || cached.entry.unreadable.has(key);
    const { loaded, unreadable } = await buildIndex(store, set, snapshot, skip);
    signal(cached, { type: 'loaded', index: loaded, unreadable });
    return loaded;
  }

  async function reportUnreadable({ set, entry }: CachedSet, { segments }: SetManifest): Promise<void> {
    const keys = segments.map(({ key }) => key).filter((key) => entry.unreadable.has(key));
    if (keys.length > 0) await requestRepair(set, keys);
  }

  /** Requests the recovery of operations in doubt: until then nobody sees their effect. */
  async function reportStale(cached: CachedSet, manifest: SetManifest): Promise<void> {
    const { projectId, name, id: setId } = cached.set;
    const now = store.now();
    if (now - cached.staleReportedAt < store.limits.staleAfterMs || !hasStale(store, manifest)) return;
    cached.staleReportedAt = now;
    await enqueueTask(store, { kind: 'compact', projectId, name, setId });
  }

  async function requestRepair(set: FaceSetIdentity, lost: readonly string[]): Promise<void> {
    const { projectId, name, id: setId } = set;
    await enqueueTask(store, { kind: 'compact', projectId, name, setId, lost });
  }

  async function prefetch(cached: CachedSet, snapshot: ManifestSnapshot): Promise<void> {
    try {
      await load(cached, snapshot);
    } catch {
      // Who searches the set loads it, and fails with what is wrong.
      signal(cached, { type: 'failed' });
      return;
    }
    await reportUnreadable(cached, snapshot.manifest);
    evictUntilFits(cached.set.id, 0);
  }

  /** Reads a later part of a segment. @throws SegmentMissing, SegmentDamaged the index has to be built without the segment */
  async function loadPart(
    cached: CachedSet,
    loaded: LoadedIndex,
    segment: LoadedSegment,
    part: LaterPart,
  ): Promise<void> {
    try {
      await segment.loadPart(part);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const { key } = segment.entry;
      signal(cached, { type: 'unreadable', index: loaded, key });
      await requestRepair(cached.set, [key]);
      throw error;
    }
  }

  /** Reads the parts that searches can begin without, as far as they fit. */
  async function fill(cached: CachedSet, loaded: LoadedIndex): Promise<void> {
    const { id: setId } = cached.set;
    // Whoever has just searched comes first.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for (const part of laterParts) {
        for (const segment of loaded.segments) {
          if (indexIn(cached.entry) !== loaded || !isHeld(cached)) return;
          if (segment.segment.has(part)) continue;
          const { length } = segment.segment.plan.parts[part];
          if (!evictUntilFits(setId, length) && part === 'vectors') return;
          await loadPart(cached, loaded, segment, part);
        }
      }
    } catch {
      // A search that needs a part reads it itself, and fails with it. The rest is tried again after the next search.
      signal(cached, { type: 'fillFailed', index: loaded });
    }
  }

  /** Builds an index from the segments that were written since, to replace one with many changed rows. */
  async function rebuild(cached: CachedSet, outdated: LoadedIndex): Promise<void> {
    const { set } = cached;
    try {
      const snapshot = await requireSnapshot(store, set.id);
      const { loaded } = await buildIndex(store, set, snapshot, (key) => cached.entry.unreadable.has(key));
      for (const part of laterParts) for (const segment of loaded.segments) await segment.loadPart(part);
      signal(cached, { type: 'rebuilt', index: outdated, replacement: loaded });
    } catch (error) {
      store.warn(`The index of face set ${set.id} could not be rebuilt; the old one stays.`, error);
      signal(cached, { type: 'rebuilt', index: outdated, replacement: undefined });
    }
  }

  const speculateOn: IndexCache['speculate'] = (setId, parts, search) =>
    speculate(() => indexOf(setId), parts, search);

  return {
    has: (setId) => indexOf(setId) !== undefined,
    bytesInMemory,
    inMemory: () =>
      [...sets.values()].filter(({ entry }) => indexIn(entry) !== undefined).map(({ set }) => set),
    evict: (setId) => void sets.delete(setId),
    speculate: speculateOn,
    prefetch(set, snapshot) {
      const cached = open(set);
      if (move(cached, { type: 'prefetch' }) === undefined) return;
      cached.prefetching = prefetch(cached, snapshot);
      inBackground(cached.prefetching);
    },
    async use(set, parts, search, snapshot, given) {
      for (let attempt = 0; ; attempt++) {
        const isFirst = attempt === 0;
        const acquiring = acquire(open(set), isFirst ? snapshot : undefined);
        const speculating =
          given ?? (isFirst && snapshot === undefined ? speculateOn(set.id, parts, search) : undefined);
        const { cached, loaded } = await acquiring;
        let outcome: 'answered' | 'failed' | 'unreadable' = 'failed';
        try {
          const speculation = isFirst ? await speculating : undefined;
          const isKnown = isValid(speculation, loaded);
          for (const part of isKnown ? [] : parts) {
            await mapConcurrent(loaded.segments, partConcurrency, (segment) =>
              loadPart(cached, loaded, segment, part),
            );
          }
          const result = isKnown ? speculation.result : await search(loaded);
          outcome = 'answered';
          return result;
        } catch (error) {
          if (!isUnreadable(error)) throw error;
          outcome = 'unreadable';
        } finally {
          signal(cached, { type: 'searched', index: loaded, outcome });
        }
      }
    },
    async whenIdle() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
