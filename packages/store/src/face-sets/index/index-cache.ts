import type { FaceSet } from '@openfrs/core';
import type { SegmentPart } from '@openfrs/search';
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
import { catchUp, type LoadedIndex, LogTruncatedError, needsRebuild } from './catch-up.ts';
import { createSlots, type Slot } from './slots.ts';

/** What of segments a search can begin without; read in this order behind the first one. */
const laterParts = ['columns', 'vectors'] as const satisfies readonly SegmentPart[];
export type LaterPart = (typeof laterParts)[number];

/** What was done with a memory before it was known whether that is still true. */
export interface Speculation<R> {
  readonly memory: LoadedIndex;
  readonly version: number;
  readonly result: R;
}

/** The sets' indexes in memory, bounded in bytes. */
export interface IndexCache {
  /**
   * Calls `use` with what memory has of the set, as true as the moment of the call: what was acknowledged before is in
   * it. The segments' codes are there, other parts only where they are asked for. Where a segment turns out to be lost,
   * the index is made again from the records. While the set's item is read, `use` is called with the memory as it is, if
   * that was true when last looked at; what came of it counts if it still is, else `use` is called again.
   * @param reading as of which it may be, instead of the call: a search whose request has looked the set up needs no
   *   second reading, as what was acknowledged before the request began is in the first
   * @param ahead what `speculate` gave, begun before the reading ended
   * @throws FrsError FRS.0302
   */
  use<R>(
    set: FaceSet,
    parts: readonly LaterPart[],
    use: (memory: LoadedIndex) => Promise<R>,
    snapshot?: ManifestSnapshot,
    ahead?: Promise<Speculation<R> | undefined>,
  ): Promise<R>;
  /**
   * Brings a set that isn't in memory there, as of a reading: who uses it next waits less. Nothing comes of it where that
   * fails.
   */
  prepare(set: FaceSetIdentity, snapshot: ManifestSnapshot): void;
  /** The same call of `use`, for who is reading the set's item. Nothing comes of it where the memory isn't ready or `use` fails. */
  speculate<R>(
    setId: string,
    parts: readonly LaterPart[],
    use: (memory: LoadedIndex) => Promise<R>,
  ): Promise<Speculation<R> | undefined>;
  /** Is the set in memory? */
  has(setId: string): boolean;
  /** The sets in memory, least recently used first. */
  inMemory(): FaceSetIdentity[];
  /** Gives back the memory of a set that was removed. */
  evict(setId: string): void;
  /** Bytes in use by all indexes. */
  readonly bytes: number;
  /** Resolves when no segment is being read in the background. */
  whenIdle(): Promise<void>;
}

/** So often in a row an index is made from segments that vanish under it; then from the records alone. */
const maxAttempts = 5;
/** Segments whose further parts are read at once, where a search waits for them. */
const width = 4;

export function createIndexCache(store: StoreContext): IndexCache {
  const slots = createSlots(store.limits.cacheBytes);
  const background = new Set<Promise<void>>();

  function inBackground(work: Promise<void>): void {
    background.add(work);
    work.finally(() => background.delete(work));
  }

  /** Brings a part of a segment into memory; lost ones are noted, and the index must be made again. */
  async function loadPart(
    set: FaceSetIdentity,
    slot: Slot,
    memory: LoadedIndex,
    segment: LoadedSegment,
    part: LaterPart,
  ): Promise<void> {
    try {
      await segment.loadPart(part);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      slot.lost.add(segment.entry.key);
      if (slot.memory === memory) slot.memory = undefined;
      await reportLost(set, [segment.entry.key]);
      throw error;
    }
  }

  /** Reads what searches can begin without, as far as it fits. */
  async function backgroundFill(set: FaceSet, slot: Slot, memory: LoadedIndex): Promise<void> {
    slot.behind = memory;
    // Whoever has just searched comes first.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for (const part of laterParts) {
        for (const loaded of memory.loaded) {
          if (slot.memory !== memory || !slots.has(set.id, slot)) return;
          if (loaded.segment.has(part)) continue;
          if (!slots.evictUntilFits(set.id, loaded.segment.plan.parts[part].length) && part === 'vectors')
            return;
          await loadPart(set, slot, memory, loaded, part);
        }
      }
    } catch {
      // What a search needs it reads itself, and fails with. The rest is tried again behind the next one.
      if (slot.behind === memory) slot.behind = undefined;
    }
  }

  async function reportLost(set: FaceSetIdentity, lost: readonly string[]): Promise<void> {
    const { projectId, name, id: setId } = set;
    await enqueueTask(store, { kind: 'compact', projectId, name, setId, lost });
  }

  async function load(set: FaceSetIdentity, slot: Slot, snapshot: ManifestSnapshot): Promise<LoadedIndex> {
    const fromRecords = slot.failures >= maxAttempts;
    const { manifest } = snapshot;
    const { memory, lost } = await buildIndex(
      store,
      set,
      snapshot,
      (key) => fromRecords || slot.lost.has(key),
    );
    for (const key of lost) slot.lost.add(key);
    slot.memory = memory;
    const missing = manifest.segments.map((entry) => entry.key).filter((key) => slot.lost.has(key));
    if (missing.length > 0) await reportLost(set, missing);
    return memory;
  }

  /** Loads a worn memory again from the segments that have been written since, and puts it in the old one's place. */
  async function rebuild(set: FaceSet, slot: Slot, worn: LoadedIndex): Promise<void> {
    slot.isRebuilding = true;
    try {
      const snapshot = await requireSnapshot(store, set.id);
      const { memory } = await buildIndex(store, set, snapshot, (key) => slot.lost.has(key));
      for (const part of laterParts) for (const loaded of memory.loaded) await loaded.loadPart(part);
      if (slot.memory === worn) slot.memory = memory;
    } catch (error) {
      store.warn(`The index of face set ${set.id} could not be made anew; the old one stays.`, error);
    } finally {
      slot.isRebuilding = false;
    }
  }

  /** Asks for an operation that died to be settled: until then its faces are neither there nor gone. */
  async function reportStale(set: FaceSet, slot: Slot, manifest: SetManifest): Promise<void> {
    const now = store.now();
    if (now - slot.reportedAt < store.limits.staleAfterMs || !hasStale(store, manifest)) return;
    slot.reportedAt = now;
    const { projectId, name, id: setId } = set;
    await enqueueTask(store, { kind: 'compact', projectId, name, setId });
  }

  async function refresh(set: FaceSet, slot: Slot, given?: ManifestSnapshot): Promise<LoadedIndex> {
    for (let attempt = 0; ; attempt++) {
      const snapshot = (attempt === 0 ? given : undefined) ?? (await requireSnapshot(store, set.id));
      const { manifest } = snapshot;
      const known = slot.memory;
      try {
        if (known !== undefined) await catchUp(store, set, known, snapshot);
        const memory = known ?? (await load(set, slot, snapshot));
        // The set just used stays, however large.
        slots.evictUntilFits(set.id, 0);
        await reportStale(set, slot, manifest);
        if (known !== undefined && needsRebuild(known, manifest, store.limits) && !slot.isRebuilding) {
          inBackground(rebuild(set, slot, known));
        }
        return memory;
      } catch (error) {
        if (!(error instanceof LogTruncatedError)) throw error;
        slot.failures += 1;
        if (slot.memory === known) slot.memory = undefined;
      }
    }
  }

  function run(set: FaceSet, slot: Slot, given?: ManifestSnapshot): Promise<LoadedIndex> {
    const running = refresh(set, slot, given).finally(() => {
      if (slot.running === running) slot.running = undefined;
      slots.dropIdle(set.id, slot);
    });
    slot.running = running;
    return running;
  }

  function open(set: FaceSet, slot: Slot, snapshot?: ManifestSnapshot): Promise<LoadedIndex> {
    if (slot.running === undefined) {
      const { memory } = slot;
      if (snapshot === undefined) return run(set, slot);
      if (memory !== undefined && memory.asOf.startedAt > snapshot.endedAt) return Promise.resolve(memory);
      // An older reading than the memory's would undo what that knows of operations in flight.
      const newer = memory === undefined || snapshot.startedAt > memory.asOf.endedAt;
      return newer ? run(set, slot, snapshot) : run(set, slot);
    }
    // The running one may have read the set's item before this call began.
    slot.waiting ??= slot.running
      .catch(() => undefined)
      .then(() => {
        slot.waiting = undefined;
        return run(set, slot);
      });
    return slot.waiting;
  }

  /** While a set is being brought into memory, its item is read beside that instead of behind it. */
  async function readBeside(
    set: FaceSet,
    snapshot?: ManifestSnapshot,
  ): Promise<ManifestSnapshot | undefined> {
    const preparing = slots.preparing(set.id);
    if (preparing === undefined) return snapshot;
    const [now] = await Promise.all([snapshot ?? requireSnapshot(store, set.id), preparing]);
    return now;
  }

  async function speculate<R>(
    setId: string,
    parts: readonly LaterPart[],
    use: (memory: LoadedIndex) => Promise<R>,
  ): Promise<Speculation<R> | undefined> {
    // The question is on its way to the store before the processor is busy with the answer.
    await new Promise((resolve) => setImmediate(resolve));
    const memory = slots.memoryOf(setId);
    if (memory === undefined || !memory.wasCurrent) return undefined;
    if (!parts.every((part) => memory.loaded.every(({ segment }) => segment.has(part)))) return undefined;
    const { version } = memory;
    return use(memory).then(
      (result) => ({ memory, version, result }),
      () => undefined,
    );
  }

  return {
    has: (setId) => slots.memoryOf(setId) !== undefined,
    inMemory: slots.inMemory,
    evict: (setId) => slots.drop(setId),
    get bytes() {
      return slots.bytes;
    },
    speculate,
    prepare(set, snapshot) {
      const slot = slots.open(set);
      if (slot.memory !== undefined || slot.running !== undefined || slot.preparing !== undefined) return;
      slot.preparing = load(set, slot, snapshot)
        .then(
          () => slots.evictUntilFits(set.id, 0),
          // Met again by who uses it.
          () => undefined,
        )
        .then(() => {
          slot.preparing = undefined;
          slots.dropIdle(set.id, slot);
        });
      inBackground(slot.preparing);
    },
    async use(set, parts, use, snapshot, given) {
      for (let attempt = 0; ; attempt++) {
        const isFirst = attempt === 0;
        const asOf = isFirst ? await readBeside(set, snapshot) : undefined;
        const slot = slots.open(set);
        const opening = open(set, slot, asOf);
        const begun =
          given ?? (isFirst && snapshot === undefined ? speculate(set.id, parts, use) : undefined);
        const memory = await opening;
        try {
          const ahead = isFirst ? await begun : undefined;
          const isTrue = ahead?.memory === memory && ahead.version === memory.version;
          for (const part of isTrue ? [] : parts) {
            await mapConcurrent(memory.loaded, width, (loaded) => loadPart(set, slot, memory, loaded, part));
          }
          const result = isTrue ? ahead.result : await use(memory);
          slot.failures = 0;
          return result;
        } catch (error) {
          if (!isUnreadable(error)) throw error;
          slot.failures += 1;
        } finally {
          if (slot.memory === memory && slot.behind !== memory)
            inBackground(backgroundFill(set, slot, memory));
        }
      }
    },
    async whenIdle() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
