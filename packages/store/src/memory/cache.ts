import type { FaceSet } from '@openfrs/core';
import type { FaceIndex } from '@openfrs/search';
import { ask } from '../face-sets/chores.ts';
import { livingMeta } from '../face-sets/visible.ts';
import type { Meta } from '../records/meta.ts';
import { isLost, type LoadedSegment } from '../segments/load.ts';
import type { Store } from '../store.ts';
import { firstLoad } from './first-load.ts';
import { catchUp, LogCleared, type SetMemory } from './sync.ts';

/** The sets' indexes in memory, bounded in bytes. */
export interface Cache {
  /**
   * Calls `use` with the set's index, as true as the moment of the call: what was acknowledged before is in it. Where a
   * segment turns out to be lost, the index is made again from the records and `use` is called again.
   * @throws FrsError FRS.0302
   */
  use<R>(set: FaceSet, use: (index: FaceIndex) => Promise<R>): Promise<R>;
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
    };
    slots.delete(setId);
    slots.set(setId, slot);
    return slot;
  }

  /** Drops the least recently used sets until the rest fits; the one just used stays, however large. */
  function trim(keep: string): void {
    let sum = bytes();
    for (const [setId, slot] of slots) {
      if (sum <= store.limits.cacheBytes) return;
      if (setId === keep || slot.running !== undefined) continue;
      sum -= slot.memory?.index.bytes ?? 0;
      slots.delete(setId);
    }
  }

  /** Reads the float32 vectors behind the first search, as far as they fit. */
  function loadBehind(set: FaceSet, slot: Slot, loaded: readonly LoadedSegment[]): void {
    const memory = slot.memory;
    const work = (async () => {
      for (const { entry, segment, loadVectors } of loaded) {
        if (slot.memory !== memory || slots.get(set.id) !== slot) return;
        if (bytes() + segment.plan.parts.vectors.length > store.limits.cacheBytes) return;
        try {
          await loadVectors();
        } catch (error) {
          if (!isLost(error)) return;
          slot.lost.add(entry.key);
          if (slot.memory === memory) slot.memory = undefined;
          return;
        }
      }
    })();
    background.add(work);
    work.finally(() => background.delete(work));
  }

  async function load(set: FaceSet, slot: Slot, meta: Meta): Promise<void> {
    const { memory, loaded, lost } = await firstLoad(store.segments, set, meta, slot.lost);
    for (const key of lost) slot.lost.add(key);
    await catchUp(store, set, memory, meta);
    slot.memory = memory;
    loadBehind(set, slot, loaded);
    if (lost.length > 0) {
      const { projectId, name, id: setId } = set;
      await ask(store, { kind: 'compact', projectId, name, setId, lost });
    }
  }

  async function refresh(set: FaceSet, slot: Slot): Promise<FaceIndex> {
    for (let round = 0; ; round++) {
      const meta = await livingMeta(store, set.id);
      try {
        if (slot.memory === undefined) await load(set, slot, meta);
        else await catchUp(store, set, slot.memory, meta);
      } catch (error) {
        if (!(error instanceof LogCleared) || round === rounds) throw error;
        slot.memory = undefined;
        continue;
      }
      // A segment read in the background may have turned out to be lost meanwhile.
      if (slot.memory === undefined) continue;
      trim(set.id);
      return slot.memory.index;
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
    get bytes() {
      return bytes();
    },
    async use(set, use) {
      for (let round = 0; ; round++) {
        const index = await open(set);
        try {
          return await use(index);
        } catch (error) {
          if (!isLost(error) || round === rounds) throw error;
          const slot = slots.get(set.id);
          if (slot?.memory?.index === index) slot.memory = undefined;
        }
      }
    },
    async settled() {
      while (background.size > 0) await Promise.all(background);
    },
  };
}
