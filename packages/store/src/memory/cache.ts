import { FrsError } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import type { FaceIndex } from '@openfrs/search';
import { ask } from '../face-sets/chores.ts';
import { livingMeta } from '../face-sets/visible.ts';
import type { Meta } from '../records/meta.ts';
import { isLost, type LoadedSegment } from '../segments/load.ts';
import type { Store } from '../store.ts';
import { hasStale } from '../upkeep/settle.ts';
import { firstLoad } from './first-load.ts';
import { catchUp, isWorn, LogCleared, type SetMemory } from './sync.ts';

/** The sets' indexes in memory, bounded in bytes. */
export interface Cache {
  /**
   * Calls `use` with the set's index, as true as the moment of the call: what was acknowledged before is in it. Where a
   * segment turns out to be lost, the index is made again from the records and `use` is called again.
   * @throws FrsError FRS.0302
   */
  use<R>(set: FaceSet, use: (index: FaceIndex) => Promise<R>): Promise<R>;
  /** Gives back the memory of a set that was removed. */
  forget(setId: string): void;
  /** Bytes in use by all indexes. */
  readonly bytes: number;
  /** Resolves when no segment is being read in the background. */
  settled(): Promise<void>;
}

interface Slot {
  memory: SetMemory | undefined;
  running: Promise<FaceIndex> | undefined;
  /** Begins when the running one ends; all who came meanwhile share it. */
  waiting: Promise<FaceIndex> | undefined;
  /** Segments that turned out to be lost. */
  readonly lost: Set<string>;
  /** Is the memory being made anew in the background? */
  renewing: boolean;
  /** When operations that died were last reported. */
  reportedAt: number;
  /** Segments whose float32 vectors are to be read once the first search is through: it needs the line for itself. */
  behind: readonly LoadedSegment[];
}

/** An index is made again so often when its segments vanish while they are read. */
const rounds = 5;

export function createCache(store: Store): Cache {
  /** By set id, least recently used first. */
  const slots = new Map<string, Slot>();
  const background = new Set<Promise<void>>();
  const bytes = () => {
    let sum = 0;
    for (const slot of slots.values()) sum += slot.memory?.index.bytes ?? 0;
    return sum;
  };

  function slotOf(setId: string): Slot {
    const slot = slots.get(setId) ?? {
      memory: undefined,
      running: undefined,
      waiting: undefined,
      lost: new Set(),
      renewing: false,
      reportedAt: 0,
      behind: [],
    };
    slots.delete(setId);
    slots.set(setId, slot);
    return slot;
  }

  /** Drops the least recently used sets until the rest and `more` bytes fit. False where they don't, all others dropped. */
  function makeRoom(keep: string, more: number): boolean {
    let sum = bytes() + more;
    for (const [setId, slot] of slots) {
      if (sum <= store.limits.cacheBytes) return true;
      if (setId === keep || slot.running !== undefined) continue;
      sum -= slot.memory?.index.bytes ?? 0;
      slots.delete(setId);
    }
    return sum <= store.limits.cacheBytes;
  }

  function inBackground(work: Promise<void>): void {
    background.add(work);
    work.finally(() => background.delete(work));
  }

  /** Reads the float32 vectors behind the first search, as far as they fit. */
  async function loadVectorsBehind(set: FaceSet, slot: Slot): Promise<void> {
    const { memory, behind: loaded } = slot;
    slot.behind = [];
    for (const { entry, segment, loadVectors } of loaded) {
      if (slot.memory !== memory || slots.get(set.id) !== slot) return;
      if (!makeRoom(set.id, segment.plan.parts.vectors.length)) return;
      try {
        await loadVectors();
      } catch (error) {
        // Rows can still be read one by one, or fail the search that needs them.
        if (!isLost(error)) return;
        slot.lost.add(entry.key);
        if (slot.memory === memory) slot.memory = undefined;
        return;
      }
    }
  }

  async function load(set: FaceSet, slot: Slot, meta: Meta): Promise<SetMemory> {
    const { memory, loaded, lost } = await firstLoad(store.segments, set, meta, slot.lost);
    for (const key of lost) slot.lost.add(key);
    await catchUp(store, set, memory, meta);
    slot.memory = memory;
    slot.behind = loaded;
    if (lost.length > 0) {
      const { projectId, name, id: setId } = set;
      await ask(store, { kind: 'compact', projectId, name, setId, lost });
    }
    return memory;
  }

  /** Loads a worn memory again from the segments that have been written since, and puts it in the old one's place. */
  async function renew(set: FaceSet, slot: Slot, worn: SetMemory): Promise<void> {
    slot.renewing = true;
    try {
      const meta = await livingMeta(store, set.id);
      const { memory, loaded } = await firstLoad(store.segments, set, meta, slot.lost);
      await catchUp(store, set, memory, meta);
      for (const { loadVectors } of loaded) await loadVectors();
      if (slot.memory === worn) slot.memory = memory;
    } catch (error) {
      if (error instanceof FrsError) return;
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

  async function refresh(set: FaceSet, slot: Slot): Promise<FaceIndex> {
    for (let round = 0; ; round++) {
      const meta = await livingMeta(store, set.id);
      const { memory } = slot;
      try {
        if (memory !== undefined) await catchUp(store, set, memory, meta);
        const { index } = memory ?? (await load(set, slot, meta));
        // The set just used stays, however large.
        makeRoom(set.id, 0);
        await reportStale(set, slot, meta);
        if (memory !== undefined && isWorn(memory, meta, store.limits) && !slot.renewing) {
          inBackground(renew(set, slot, memory));
        }
        return index;
      } catch (error) {
        if (!(error instanceof LogCleared) || round === rounds) throw error;
        if (slot.memory === memory) slot.memory = undefined;
      }
    }
  }

  function run(set: FaceSet, slot: Slot): Promise<FaceIndex> {
    const running = refresh(set, slot).finally(() => {
      if (slot.running === running) slot.running = undefined;
      const idle = slot.memory === undefined && slot.waiting === undefined;
      if (idle && slots.get(set.id) === slot) slots.delete(set.id);
    });
    slot.running = running;
    return running;
  }

  function open(set: FaceSet): Promise<FaceIndex> {
    const slot = slotOf(set.id);
    if (slot.running === undefined) return run(set, slot);
    // The running one may have read the set's item before this call began.
    slot.waiting ??= slot.running
      .catch(() => undefined)
      .then(() => {
        slot.waiting = undefined;
        return run(set, slot);
      });
    return slot.waiting;
  }

  return {
    forget: (setId) => {
      slots.delete(setId);
    },
    get bytes() {
      return bytes();
    },
    async use(set, use) {
      for (let round = 0; ; round++) {
        const index = await open(set);
        const slot = slots.get(set.id);
        try {
          return await use(index);
        } catch (error) {
          if (!isLost(error) || round === rounds) throw error;
          if (slot?.memory?.index === index) slot.memory = undefined;
        } finally {
          if (slot !== undefined && slot.behind.length > 0) inBackground(loadVectorsBehind(set, slot));
        }
      }
    },
    async settled() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
