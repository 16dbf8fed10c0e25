import type { FaceSet } from '@openfrs/core';
import type { SegmentPart } from '@openfrs/search';
import { ask } from '../protocol/request-maintenance.ts';
import type { FaceSetOfName } from '../protocol/sets.ts';
import { readLiving } from '../protocol/visibility.ts';
import { parallel } from '../../dynamodb/concurrency.ts';
import type { Meta } from '../records/manifest.ts';
import type { Reading } from '../records/snapshot.ts';
import { isLost, type LoadedSegment } from '../segments/load-segment.ts';
import type { Store } from '../context.ts';
import { hasStale } from '../protocol/recovery.ts';
import { firstLoad } from './build-index.ts';
import { createSlots, type Slot } from './slots.ts';
import { catchUp, isWorn, LogCleared, type SetMemory } from './catch-up.ts';

/** What of segments a search can begin without; read in this order behind the first one. */
const laterParts = ['columns', 'vectors'] as const satisfies readonly SegmentPart[];
export type LaterPart = (typeof laterParts)[number];

/** What was done with a memory before it was known whether that is still true. */
export interface Ahead<R> {
  readonly memory: SetMemory;
  readonly version: number;
  readonly result: R;
}

/** The sets' indexes in memory, bounded in bytes. */
export interface Cache {
  /**
   * Calls `use` with what memory has of the set, as true as the moment of the call: what was acknowledged before is in
   * it. The segments' codes are there, other parts only where they are asked for. Where a segment turns out to be lost,
   * the index is made again from the records. While the set's item is read, `use` is called with the memory as it is, if
   * that was true when last looked at; what came of it counts if it still is, else `use` is called again.
   * @param reading as of which it may be, instead of the call: a search whose request has looked the set up needs no
   *   second reading, as what was acknowledged before the request began is in the first
   * @param ahead what `goAhead` gave, begun before the reading ended
   * @throws FrsError FRS.0302
   */
  use<R>(
    set: FaceSet,
    parts: readonly LaterPart[],
    use: (memory: SetMemory) => Promise<R>,
    reading?: Reading,
    ahead?: Promise<Ahead<R> | undefined>,
  ): Promise<R>;
  /**
   * Brings a set that isn't in memory there, as of a reading: who uses it next waits less. Nothing comes of it where that
   * fails.
   */
  prepare(set: FaceSetOfName, reading: Reading): void;
  /** The same call of `use`, for who is reading the set's item. Nothing comes of it where the memory isn't ready or `use` fails. */
  goAhead<R>(
    setId: string,
    parts: readonly LaterPart[],
    use: (memory: SetMemory) => Promise<R>,
  ): Promise<Ahead<R> | undefined>;
  /** Is the set in memory? */
  holds(setId: string): boolean;
  /** The sets in memory, least recently used first. */
  inMemory(): FaceSetOfName[];
  /** Gives back the memory of a set that was removed. */
  forget(setId: string): void;
  /** Bytes in use by all indexes. */
  readonly bytes: number;
  /** Resolves when no segment is being read in the background. */
  settled(): Promise<void>;
}

/** So often in a row an index is made from segments that vanish under it; then from the records alone. */
const rounds = 5;
/** Segments whose further parts are read at once, where a search waits for them. */
const width = 4;

export function createCache(store: Store): Cache {
  const slots = createSlots(store.limits.cacheBytes);
  const background = new Set<Promise<void>>();

  function inBackground(work: Promise<void>): void {
    background.add(work);
    work.finally(() => background.delete(work));
  }

  /** Brings a part of a segment into memory; lost ones are noted, and the index must be made again. */
  async function bring(
    set: FaceSetOfName,
    slot: Slot,
    memory: SetMemory,
    segment: LoadedSegment,
    part: LaterPart,
  ): Promise<void> {
    try {
      await segment.bring(part);
    } catch (error) {
      if (!isLost(error)) throw error;
      slot.lost.add(segment.entry.key);
      if (slot.memory === memory) slot.memory = undefined;
      await reportLost(set, [segment.entry.key]);
      throw error;
    }
  }

  /** Reads what searches can begin without, as far as it fits. */
  async function loadBehind(set: FaceSet, slot: Slot, memory: SetMemory): Promise<void> {
    slot.behind = memory;
    // Whoever has just searched comes first.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for (const part of laterParts) {
        for (const loaded of memory.loaded) {
          if (slot.memory !== memory || !slots.holds(set.id, slot)) return;
          if (loaded.segment.has(part)) continue;
          if (!slots.makeRoom(set.id, loaded.segment.plan.parts[part].length) && part === 'vectors') return;
          await bring(set, slot, memory, loaded, part);
        }
      }
    } catch {
      // What a search needs it reads itself, and fails with. The rest is tried again behind the next one.
      if (slot.behind === memory) slot.behind = undefined;
    }
  }

  async function reportLost(set: FaceSetOfName, lost: readonly string[]): Promise<void> {
    const { projectId, name, id: setId } = set;
    await ask(store, { kind: 'compact', projectId, name, setId, lost });
  }

  async function load(set: FaceSetOfName, slot: Slot, reading: Reading): Promise<SetMemory> {
    const fromRecords = slot.failures >= rounds;
    const { meta } = reading;
    const { memory, lost } = await firstLoad(store, set, reading, (key) => fromRecords || slot.lost.has(key));
    for (const key of lost) slot.lost.add(key);
    slot.memory = memory;
    const missing = meta.segments.map((entry) => entry.key).filter((key) => slot.lost.has(key));
    if (missing.length > 0) await reportLost(set, missing);
    return memory;
  }

  /** Loads a worn memory again from the segments that have been written since, and puts it in the old one's place. */
  async function renew(set: FaceSet, slot: Slot, worn: SetMemory): Promise<void> {
    slot.renewing = true;
    try {
      const reading = await readLiving(store, set.id);
      const { memory } = await firstLoad(store, set, reading, (key) => slot.lost.has(key));
      for (const part of laterParts) for (const loaded of memory.loaded) await loaded.bring(part);
      if (slot.memory === worn) slot.memory = memory;
    } catch (error) {
      store.warn(`The index of face set ${set.id} could not be made anew; the old one stays.`, error);
    } finally {
      slot.renewing = false;
    }
  }

  /** Asks for an operation that died to be settled: until then its faces are neither there nor gone. */
  async function reportStale(set: FaceSet, slot: Slot, meta: Meta): Promise<void> {
    const now = store.now();
    if (now - slot.reportedAt < store.limits.staleAfterMs || !hasStale(store, meta)) return;
    slot.reportedAt = now;
    const { projectId, name, id: setId } = set;
    await ask(store, { kind: 'compact', projectId, name, setId });
  }

  async function refresh(set: FaceSet, slot: Slot, given?: Reading): Promise<SetMemory> {
    for (let round = 0; ; round++) {
      const reading = (round === 0 ? given : undefined) ?? (await readLiving(store, set.id));
      const { meta } = reading;
      const known = slot.memory;
      try {
        if (known !== undefined) await catchUp(store, set, known, reading);
        const memory = known ?? (await load(set, slot, reading));
        // The set just used stays, however large.
        slots.makeRoom(set.id, 0);
        await reportStale(set, slot, meta);
        if (known !== undefined && isWorn(known, meta, store.limits) && !slot.renewing) {
          inBackground(renew(set, slot, known));
        }
        return memory;
      } catch (error) {
        if (!(error instanceof LogCleared)) throw error;
        slot.failures += 1;
        if (slot.memory === known) slot.memory = undefined;
      }
    }
  }

  function run(set: FaceSet, slot: Slot, given?: Reading): Promise<SetMemory> {
    const running = refresh(set, slot, given).finally(() => {
      if (slot.running === running) slot.running = undefined;
      slots.dropIdle(set.id, slot);
    });
    slot.running = running;
    return running;
  }

  function open(set: FaceSet, slot: Slot, reading?: Reading): Promise<SetMemory> {
    if (slot.running === undefined) {
      const { memory } = slot;
      if (reading === undefined) return run(set, slot);
      if (memory !== undefined && memory.asOf.begun > reading.ended) return Promise.resolve(memory);
      // An older reading than the memory's would undo what that knows of operations in flight.
      const newer = memory === undefined || reading.begun > memory.asOf.ended;
      return newer ? run(set, slot, reading) : run(set, slot);
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
  async function readBeside(set: FaceSet, reading?: Reading): Promise<Reading | undefined> {
    const preparing = slots.preparing(set.id);
    if (preparing === undefined) return reading;
    const [now] = await Promise.all([reading ?? readLiving(store, set.id), preparing]);
    return now;
  }

  async function goAhead<R>(
    setId: string,
    parts: readonly LaterPart[],
    use: (memory: SetMemory) => Promise<R>,
  ): Promise<Ahead<R> | undefined> {
    // The question is on its way to the store before the processor is busy with the answer.
    await new Promise((resolve) => setImmediate(resolve));
    const memory = slots.memoryOf(setId);
    if (memory === undefined || !memory.calm) return undefined;
    if (!parts.every((part) => memory.loaded.every(({ segment }) => segment.has(part)))) return undefined;
    const { version } = memory;
    return use(memory).then(
      (result) => ({ memory, version, result }),
      () => undefined,
    );
  }

  return {
    holds: (setId) => slots.memoryOf(setId) !== undefined,
    inMemory: slots.inMemory,
    forget: (setId) => slots.drop(setId),
    get bytes() {
      return slots.bytes;
    },
    goAhead,
    prepare(set, reading) {
      const slot = slots.open(set);
      if (slot.memory !== undefined || slot.running !== undefined || slot.preparing !== undefined) return;
      slot.preparing = load(set, slot, reading)
        .then(
          () => slots.makeRoom(set.id, 0),
          // Met again by who uses it.
          () => undefined,
        )
        .then(() => {
          slot.preparing = undefined;
          slots.dropIdle(set.id, slot);
        });
      inBackground(slot.preparing);
    },
    async use(set, parts, use, reading, given) {
      for (let round = 0; ; round++) {
        const isFirst = round === 0;
        const asOf = isFirst ? await readBeside(set, reading) : undefined;
        const slot = slots.open(set);
        const opening = open(set, slot, asOf);
        const begun = given ?? (isFirst && reading === undefined ? goAhead(set.id, parts, use) : undefined);
        const memory = await opening;
        try {
          const ahead = isFirst ? await begun : undefined;
          const isTrue = ahead?.memory === memory && ahead.version === memory.version;
          for (const part of isTrue ? [] : parts) {
            await parallel(memory.loaded, width, (loaded) => bring(set, slot, memory, loaded, part));
          }
          const result = isTrue ? ahead.result : await use(memory);
          slot.failures = 0;
          return result;
        } catch (error) {
          if (!isLost(error)) throw error;
          slot.failures += 1;
        } finally {
          if (slot.memory === memory && slot.behind !== memory) inBackground(loadBehind(set, slot, memory));
        }
      }
    },
    async settled() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
