import type { FaceSet } from '@openfrs/core';
import type { FaceIndex } from '@openfrs/search';
import { livingMeta } from '../face-sets/visible.ts';
import type { Meta } from '../records/meta.ts';
import type { Store } from '../store.ts';
import { createPlainIndex } from './plain-index.ts';
import { catchUp, LogCleared, type SetMemory } from './sync.ts';

/** The sets' indexes in memory, bounded in bytes. */
export interface Cache {
  /**
   * The set's index as true as the moment of the call: what was acknowledged before is in it.
   * @throws FrsError FRS.0302
   */
  open(set: FaceSet): Promise<{ readonly index: FaceIndex; readonly meta: Meta }>;
  /** Bytes in use by all indexes. */
  readonly bytes: number;
}

type Opened = Awaited<ReturnType<Cache['open']>>;

interface Slot {
  memory: SetMemory | undefined;
  running: Promise<Opened> | undefined;
  /** Begins when the running one ends; all who came meanwhile share it. */
  waiting: Promise<Opened> | undefined;
}

export function createCache(store: Store): Cache {
  /** By set id, least recently used first. */
  const slots = new Map<string, Slot>();
  const bytes = () => {
    let sum = 0;
    for (const slot of slots.values()) sum += slot.memory?.index.bytes ?? 0;
    return sum;
  };

  function slotOf(setId: string): Slot {
    const slot = slots.get(setId) ?? { memory: undefined, running: undefined, waiting: undefined };
    slots.delete(setId);
    slots.set(setId, slot);
    return slot;
  }

  /** Drops the least recently used sets until the rest fits; the one just used stays, however large. */
  function trim(keep: string): void {
    let sum = bytes();
    for (const [setId, slot] of slots) {
      if (sum <= store.limits.cacheBytes) return;
      if (setId === keep) continue;
      sum -= slot.memory?.index.bytes ?? 0;
      slots.delete(setId);
    }
  }

  async function refresh(set: FaceSet, slot: Slot): Promise<Opened> {
    try {
      for (;;) {
        const meta = await livingMeta(store, set.id);
        slot.memory ??= emptyMemory(set);
        try {
          await catchUp(store, set, slot.memory, meta);
          trim(set.id);
          return { index: slot.memory.index, meta };
        } catch (error) {
          if (!(error instanceof LogCleared)) throw error;
          slot.memory = undefined;
        }
      }
    } catch (error) {
      if (slot.memory === undefined) slots.delete(set.id);
      throw error;
    }
  }

  function run(set: FaceSet, slot: Slot): Promise<Opened> {
    const running = refresh(set, slot).finally(() => {
      if (slot.running === running) slot.running = undefined;
    });
    slot.running = running;
    return running;
  }

  return {
    get bytes() {
      return bytes();
    },
    open(set) {
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
    },
  };
}

function emptyMemory(set: FaceSet): SetMemory {
  const index = createPlainIndex({ dimension: set.dimension, fields: set.fields });
  return { index, pending: [], next: 0, open: new Set(), rev: 0 };
}
