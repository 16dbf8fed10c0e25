import type { FaceSetIdentity } from '../protocol/sets.ts';
import type { LoadedIndex } from './catch-up.ts';

/** What the cache holds of a set. */
export interface Slot {
  readonly set: FaceSetIdentity;
  memory: LoadedIndex | undefined;
  running: Promise<LoadedIndex> | undefined;
  /** Begins when the running one ends; all who came meanwhile share it. */
  waiting: Promise<LoadedIndex> | undefined;
  /** Ends when the set has been brought into memory before it is used, or could not be. */
  preparing: Promise<void> | undefined;
  /** Segments that turned out to be lost. */
  readonly lost: Set<string>;
  /** Times in a row that the memory could not be used. */
  failures: number;
  /** Is the memory being made anew in the background? */
  isRebuilding: boolean;
  /** When operations that died were last reported. */
  reportedAt: number;
  /** The memory whose further parts are being read in the background, or have been. */
  behind: LoadedIndex | undefined;
}

/** The sets in memory, least recently used first. */
export interface Slots {
  /** The set's slot, an empty one if need be; it is the most recently used from now on. */
  open(set: FaceSetIdentity): Slot;
  has(setId: string, slot: Slot): boolean;
  /** What is in memory of the set. */
  memoryOf(setId: string): LoadedIndex | undefined;
  /** The sets in memory, least recently used first. */
  inMemory(): FaceSetIdentity[];
  /** Ends when the set is in memory, where it is being prepared. */
  preparing(setId: string): Promise<void> | undefined;
  /** Drops the least recently used sets until the rest and `more` bytes fit. False where they don't, all others dropped. */
  evictUntilFits(keep: string, more: number): boolean;
  drop(setId: string): void;
  /** Drops a slot with nothing in it and nobody waiting. */
  dropIdle(setId: string, slot: Slot): void;
  readonly bytes: number;
}

export function createSlots(limit: number): Slots {
  const slots = new Map<string, Slot>();
  const bytesOf = (slot: Slot) => slot.memory?.index.bytes ?? 0;
  const bytes = () => {
    let sum = 0;
    for (const slot of slots.values()) sum += bytesOf(slot);
    return sum;
  };
  return {
    open(set) {
      const slot = slots.get(set.id) ?? empty(set);
      slots.delete(set.id);
      slots.set(set.id, slot);
      return slot;
    },
    has: (setId, slot) => slots.get(setId) === slot,
    memoryOf: (setId) => slots.get(setId)?.memory,
    inMemory: () => [...slots.values()].filter(({ memory }) => memory !== undefined).map(({ set }) => set),
    preparing: (setId) => slots.get(setId)?.preparing,
    evictUntilFits(keep, more) {
      let sum = bytes() + more;
      for (const [setId, slot] of slots) {
        if (sum <= limit) return true;
        if (setId === keep || slot.running !== undefined || slot.preparing !== undefined) continue;
        sum -= bytesOf(slot);
        slots.delete(setId);
      }
      return sum <= limit;
    },
    drop(setId) {
      slots.delete(setId);
    },
    dropIdle(setId, slot) {
      const { memory, waiting, preparing } = slot;
      const idle = memory === undefined && waiting === undefined && preparing === undefined;
      if (idle && slots.get(setId) === slot) slots.delete(setId);
    },
    get bytes() {
      return bytes();
    },
  };
}

const empty = (set: FaceSetIdentity): Slot => ({
  set,
  memory: undefined,
  running: undefined,
  waiting: undefined,
  preparing: undefined,
  lost: new Set(),
  failures: 0,
  isRebuilding: false,
  reportedAt: 0,
  behind: undefined,
});
