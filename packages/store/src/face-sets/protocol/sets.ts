import { randomBytes } from 'node:crypto';
import { FrsError, newId } from '@openfrs/contract';
import type { FaceSet, FaceSetSpec } from '@openfrs/core';
import {
  type Directory,
  enterSet,
  initDirectory,
  readDirectory,
  type SetEntry,
  trashSet,
} from '../records/directory.ts';
import { metaKey } from '../records/keys.ts';
import {
  createMeta,
  decodeMeta,
  faceNumber,
  isGone,
  type Meta,
  markGone,
  readMeta,
} from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import { type Reading, takeReading } from '../records/snapshot.ts';
import type { Store } from '../context.ts';
import { ask } from './request-maintenance.ts';

/** Creating, finding and removing sets. */
export interface Sets {
  /** @param idKey the key of its face ids; a new one if absent */
  create(projectId: string, spec: FaceSetSpec, maxSets: number, idKey?: Uint8Array): Promise<FaceSet>;
  list(projectId: string): Promise<FaceSet[]>;
  get(projectId: string, name: string): Promise<FaceSet>;
  find(projectId: string, name: string): SetOnItsWay;
  /** What was last read of the set, where that is young enough that all its segments are still there. */
  lastReading(set: FaceSetOfName): Reading | undefined;
  remove(projectId: string, name: string): Promise<void>;
}

/** A set being looked up by its name. */
export interface SetOnItsWay {
  /** What it was when it was last met, if it was: it may be gone since, or another may have its name. */
  readonly known: FaceSetOfName | undefined;
  /** Rejects with FRS.0302 where there is none. */
  readonly found: Promise<FoundSet>;
}

interface FoundSet {
  readonly set: FaceSet;
  readonly reading: Reading;
}

/** All of a set that never changes. */
export type FaceSetOfName = Omit<FaceSet, 'faceNumber'>;

/** A few rounds against others who create and remove in the same project at the same time. */
const rounds = 8;
/** Names remembered, so that a set is found by one read of its item. */
const rememberedNames = 1000;

/** A set that was met, and what was last read of it. */
interface Met {
  readonly entry: SetEntry;
  readonly reading: Reading | undefined;
  /** When that was. */
  readonly at: number;
}

/**
 * The item of the set (META) is what decides: it is made before the set's name is entered in the project's directory and
 * marked as gone before the name is taken out. So a set whose item is missing or gone doesn't exist, and whoever
 * meets its name in a directory finishes the removal. An item whose set was never entered holds no face.
 * @param onGone told of sets that turn out to be removed, here or by others
 */
export function createSets(store: Store, onGone: (setId: string) => void = () => {}): Sets {
  const { database } = store;
  const remembered = new Map<string, Met>();
  const memoryKey = (projectId: string, name: string) => `${projectId}/${name}`;

  function remember(projectId: string, entry: SetEntry, reading?: Reading): void {
    remembered.delete(memoryKey(projectId, entry.name));
    remembered.set(memoryKey(projectId, entry.name), { entry, reading, at: store.now() });
    const oldest = remembered.keys().next();
    if (remembered.size > rememberedNames && !oldest.done) remembered.delete(oldest.value);
  }

  /** The set as it is now; `undefined` where it is gone. */
  async function lookUp(projectId: string, entry: SetEntry): Promise<FoundSet | undefined> {
    const reading = await takeReading(database, entry.id);
    if (reading === undefined) return undefined;
    remember(projectId, entry, reading);
    return { set: faceSet(projectId, entry, reading.meta), reading };
  }

  /** @throws FrsError FRS.0302 */
  async function lookUpByName(
    projectId: string,
    name: string,
    known: SetEntry | undefined,
  ): Promise<FoundSet> {
    if (known !== undefined) {
      const found = await lookUp(projectId, known);
      if (found !== undefined) return found;
      remembered.delete(memoryKey(projectId, name));
      onGone(known.id);
    }
    const entry = (await readDirectory(database, projectId))?.sets.get(name);
    if (entry === undefined) throw new FrsError('FRS.0302');
    const found = await lookUp(projectId, entry);
    if (found === undefined) throw new FrsError('FRS.0302');
    return found;
  }

  function find(projectId: string, name: string): SetOnItsWay {
    const known = remembered.get(memoryKey(projectId, name))?.entry;
    return {
      known: known && { ...known, projectId },
      found: lookUpByName(projectId, name, known),
    };
  }

  async function metasOf(entries: readonly SetEntry[]): Promise<Map<string, Meta>> {
    const items = await database.getMany(entries.map((entry) => metaKey(entry.id)));
    return new Map(items.map((item) => decodeMeta(item)).map((meta) => [meta.setId, meta]));
  }

  /** Takes names out whose sets are gone (a removal stopped half way); true where there were any. */
  async function finishRemovals(projectId: string, entries: readonly SetEntry[]): Promise<boolean> {
    const metas = await metasOf(entries);
    const gone = entries.filter((entry) => isGone(metas.get(entry.id)));
    for (const entry of gone) await finishRemoval(projectId, entry);
    return gone.length > 0;
  }

  async function finishRemoval(projectId: string, entry: SetEntry): Promise<void> {
    await trashSet(database, projectId, entry.name, entry.id, store.now());
    await store.step('remove:trashed');
    await ask(store, { kind: 'purge', projectId, setId: entry.id });
  }

  async function newItem(
    projectId: string,
    name: string,
    createdAt: number,
    idKey: Uint8Array,
  ): Promise<string> {
    for (;;) {
      const setId = newId();
      if (await createMeta(database, { setId, projectId, name, idKey, createdAt })) return setId;
    }
  }

  async function whyNotEntered(
    projectId: string,
    entry: SetEntry,
    maxSets: number,
  ): Promise<FrsError | 'again' | 'entered'> {
    const directory: Directory | undefined = await readDirectory(database, projectId);
    if (directory === undefined) {
      await initDirectory(database, projectId);
      return 'again';
    }
    const taken = directory.sets.get(entry.name);
    if (taken?.id === entry.id) return 'entered';
    if (taken !== undefined) {
      return (await finishRemovals(projectId, [taken])) ? 'again' : new FrsError('FRS.0301');
    }
    if (directory.sets.size < maxSets) return 'again';
    return (await finishRemovals(projectId, [...directory.sets.values()]))
      ? 'again'
      : new FrsError('FRS.0305');
  }

  return {
    async create(projectId, spec, maxSets, idKey = new Uint8Array(randomBytes(16))) {
      const createdAt = new Date(store.now());
      const id = await newItem(projectId, spec.name, createdAt.getTime(), idKey);
      const { name, capacity, fields, model, dimension } = spec;
      const entry: SetEntry = { id, name, capacity, fields, model, dimension, createdAt };
      await store.step('create:item');
      for (let round = 0; round < rounds; round++) {
        const entered = await enterSet(database, projectId, entry, maxSets);
        const reason = entered ? 'entered' : await whyNotEntered(projectId, entry, maxSets);
        if (reason === 'entered') {
          await store.step('create:entered');
          remember(projectId, entry);
          return { ...entry, projectId, faceNumber: 0 };
        }
        if (reason !== 'again') {
          await database.removeMany([metaKey(id)]);
          throw reason;
        }
      }
      throw new Error(`Project ${projectId} changes too fast to create a set in it.`);
    },

    async list(projectId) {
      const directory = await readDirectory(database, projectId);
      const entries = [...(directory?.sets.values() ?? [])];
      const metas = await metasOf(entries);
      return entries.flatMap((entry) => {
        const meta = metas.get(entry.id);
        return isGone(meta) ? [] : [faceSet(projectId, entry, meta)];
      });
    },

    find,
    lastReading({ projectId, name, id }) {
      const met = remembered.get(memoryKey(projectId, name));
      const isYoung = met?.entry.id === id && store.now() - met.at < store.limits.graceMs / 2;
      return isYoung ? met.reading : undefined;
    },
    get: async (projectId, name) => (await find(projectId, name).found).set,

    async remove(projectId, name) {
      remembered.delete(memoryKey(projectId, name));
      const entry = (await readDirectory(database, projectId))?.sets.get(name);
      if (entry === undefined) throw new FrsError('FRS.0302');
      const op = newOperationId();
      const marked = await markGone(database, entry.id, op, store.now());
      const mine = marked || (await readMeta(database, entry.id))?.goneBy === op;
      onGone(entry.id);
      await store.step('remove:gone');
      await finishRemoval(projectId, entry);
      if (!mine) throw new FrsError('FRS.0302');
    },
  };
}

function faceSet(projectId: string, entry: SetEntry, meta: Meta): FaceSet {
  return { ...entry, projectId, faceNumber: faceNumber(meta) };
}
