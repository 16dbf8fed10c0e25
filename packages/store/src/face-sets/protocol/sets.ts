import { randomBytes } from 'node:crypto';
import { FrsError, newId } from '@openfrs/contract';
import type { FaceSet, FaceSetSpec } from '@openfrs/core';
import { LRUCache } from 'lru-cache';
import type { RecordContext } from '../context.ts';
import {
  addToDirectory,
  type Directory,
  initDirectory,
  readDirectory,
  type SetEntry,
} from '../records/directory.ts';
import { manifestKey } from '../records/keys.ts';
import {
  createManifest,
  decodeManifest,
  faceNumber,
  isDeleted,
  markDeleted,
  markReplaced,
  readManifest,
  renameManifest,
  type SetManifest,
  type SetProgress,
} from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import { type ManifestSnapshot, takeSnapshot } from '../records/snapshot.ts';
import { isStagingName } from '../records/staging-name.ts';
import { finishRemoval } from './replacement.ts';

/** Creating, finding and removing sets. */
export interface Sets {
  /** @param idKey the key of its face ids; a new one if absent */
  create(projectId: string, spec: FaceSetSpec, maxSets: number, idKey?: Uint8Array): Promise<FaceSet>;
  list(projectId: string): Promise<FaceSet[]>;
  get(projectId: string, name: string): Promise<FaceSet>;
  /** Begins to look a set up. */
  find(projectId: string, name: string): PendingLookup;
  /** The last snapshot of the set, where it is younger than half the grace time: all its segments are still there. */
  lastSnapshot(set: FaceSetIdentity): ManifestSnapshot | undefined;
  remove(projectId: string, name: string): Promise<void>;
  /**
   * Gives `by` the name of a set of the same project, which is gone then: nobody meets the name without a set. Nothing that was
   * acknowledged is lost: false, and nothing happens, where something was in flight at `seen` or is, where the set was written to
   * since, or where `run` doesn't have the lease of its reindexing.
   * @throws Error `by` is gone, is written to, or doesn't have the numbers of `seen`
   */
  replace(set: FaceSet, by: FaceSet, seen: SetProgress, run: string): Promise<boolean>;
}

/** A set being looked up by its name. */
interface PendingLookup {
  /** The set that last had the name, if any is known: it may be deleted since, or another may have its name. */
  readonly known: FaceSetIdentity | undefined;
  /** Rejects with FRS.0302 where there is none. */
  readonly found: Promise<FoundSet>;
}

interface FoundSet {
  readonly set: FaceSet;
  readonly snapshot: ManifestSnapshot;
}

/** What of a set never changes. */
export type FaceSetIdentity = Omit<FaceSet, 'faceNumber'>;

/** Attempts against others who create and remove sets of the same project meanwhile. */
const maxAttempts = 8;
/** Sets known by their names, so that one is found by one read of its manifest. */
const knownSets = 1000;

/** A set that was looked up or created, and its last snapshot. */
interface KnownSet {
  readonly entry: SetEntry;
  readonly snapshot: ManifestSnapshot | undefined;
  /** When that was, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * A set's manifest decides whether it exists: it is made before the set's name is entered in the project's directory and marked
 * as deleted before the name is taken out. Whoever finds the name of a set without a living manifest finishes its removal; the
 * manifest of a set that was never entered holds no face.
 * @param onDeleted told of sets that turn out to be removed, here or by others
 */
export function createSets(store: RecordContext, onDeleted: (setId: string) => void = () => {}): Sets {
  const { table } = store;
  const known = new LRUCache<string, KnownSet>({ max: knownSets });
  const nameKey = (projectId: string, name: string) => `${projectId}/${name}`;

  function remember(projectId: string, entry: SetEntry, snapshot?: ManifestSnapshot): void {
    known.set(nameKey(projectId, entry.name), { entry, snapshot, at: store.now() });
  }

  /** The set as it is now; `undefined` where it is deleted. */
  async function lookUp(projectId: string, entry: SetEntry): Promise<FoundSet | undefined> {
    const snapshot = await takeSnapshot(store, entry.id);
    if (snapshot === undefined) return undefined;
    remember(projectId, entry, snapshot);
    return { set: faceSet(projectId, entry, snapshot.manifest), snapshot };
  }

  /** @throws FrsError FRS.0302 */
  async function lookUpByName(
    projectId: string,
    name: string,
    last: SetEntry | undefined,
  ): Promise<FoundSet> {
    if (last !== undefined) {
      const found = await lookUp(projectId, last);
      // What had this name while it was reindexed has another by now.
      if (found?.snapshot.manifest.name === name) return found;
      known.delete(nameKey(projectId, name));
      onDeleted(last.id);
    }
    const entry = (await readDirectory(table, projectId))?.sets.get(name);
    if (entry === undefined) throw new FrsError('FRS.0302');
    const found = await lookUp(projectId, entry);
    if (found !== undefined) return found;
    if (!(await finishReplacement(projectId, entry))) throw new FrsError('FRS.0302');
    return await lookUpByName(projectId, name, undefined);
  }

  /** False where the deleted set isn't replaced, or what replaces it is removed too. */
  async function finishReplacement(projectId: string, entry: SetEntry): Promise<boolean> {
    const manifest = await readManifest(table, entry.id);
    return manifest?.replacedBy !== undefined && (await finishRemoval(store, projectId, entry, manifest));
  }

  function find(projectId: string, name: string): PendingLookup {
    const last = known.get(nameKey(projectId, name))?.entry;
    return {
      known: last && { ...last, projectId },
      found: lookUpByName(projectId, name, last),
    };
  }

  async function manifestsOf(entries: readonly SetEntry[]): Promise<Map<string, SetManifest>> {
    const items = await table.getMany(entries.map((entry) => manifestKey(entry.id)));
    return new Map(items.map((item) => decodeManifest(item)).map((manifest) => [manifest.setId, manifest]));
  }

  /** Finishes removals that stopped half way: takes out the names of deleted sets; true where there were any. */
  async function finishRemovals(projectId: string, entries: readonly SetEntry[]): Promise<boolean> {
    const manifests = await manifestsOf(entries);
    const deleted = entries.filter((entry) => isDeleted(manifests.get(entry.id)));
    for (const entry of deleted) await finishRemoval(store, projectId, entry, manifests.get(entry.id));
    return deleted.length > 0;
  }

  /** @returns the id of the new set */
  async function newManifest(
    projectId: string,
    name: string,
    createdAt: number,
    idKey: Uint8Array,
  ): Promise<string> {
    for (;;) {
      const setId = newId();
      if (await createManifest(table, { setId, projectId, name, idKey, createdAt })) return setId;
    }
  }

  /** Why a name could not be entered; what stood in the way for no reason is cleared away. */
  async function explainConflict(
    projectId: string,
    entry: SetEntry,
    maxSets: number,
  ): Promise<FrsError | 'again' | 'entered'> {
    const directory: Directory | undefined = await readDirectory(table, projectId);
    if (directory === undefined) {
      await initDirectory(table, projectId);
      return 'again';
    }
    const taken = directory.sets.get(entry.name);
    if (taken?.id === entry.id) return 'entered';
    if (taken !== undefined) {
      return (await finishRemovals(projectId, [taken])) ? 'again' : new FrsError('FRS.0301');
    }
    if (visibleSets(directory).length < maxSets) return 'again';
    return (await finishRemovals(projectId, [...directory.sets.values()]))
      ? 'again'
      : new FrsError('FRS.0305');
  }

  return {
    async create(projectId, spec, maxSets, idKey = new Uint8Array(randomBytes(16))) {
      const createdAt = new Date(store.now());
      const id = await newManifest(projectId, spec.name, createdAt.getTime(), idKey);
      const { name, capacity, fields, model, dimension } = spec;
      const entry: SetEntry = { id, name, capacity, fields, model, dimension, createdAt };
      await store.failpoint('create:item');
      let copies = 0;
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const entered = await addToDirectory(table, projectId, entry, maxSets + copies);
        const reason = entered ? 'entered' : await explainConflict(projectId, entry, maxSets);
        if (reason === 'entered') {
          await store.failpoint('create:entered');
          remember(projectId, entry);
          return { ...entry, projectId, faceNumber: 0 };
        }
        if (reason !== 'again') {
          await table.removeMany([manifestKey(id)]);
          throw reason;
        }
        const directory = await readDirectory(table, projectId);
        copies = (directory?.sets.size ?? 0) - visibleSets(directory).length;
      }
      throw new Error(`Project ${projectId} changes too fast to create a set in it.`);
    },

    async list(projectId) {
      const directory = await readDirectory(table, projectId);
      const entries = visibleSets(directory);
      const manifests = await manifestsOf(entries);
      const replaced = entries.filter(({ id }) => manifests.get(id)?.replacedBy !== undefined);
      if (replaced.length > 0 && (await finishRemovals(projectId, replaced))) return this.list(projectId);
      return entries.flatMap((entry) => {
        const manifest = manifests.get(entry.id);
        return isDeleted(manifest) ? [] : [faceSet(projectId, entry, manifest)];
      });
    },

    find,
    lastSnapshot({ projectId, name, id }) {
      const last = known.get(nameKey(projectId, name));
      const isYoung = last?.entry.id === id && store.now() - last.at < store.limits.graceMs / 2;
      return isYoung ? last.snapshot : undefined;
    },
    get: async (projectId, name) => (await find(projectId, name).found).set,

    async remove(projectId, name) {
      // A copy is removed by who has the lease of its set.
      if (isStagingName(name)) throw new FrsError('FRS.0302');
      known.delete(nameKey(projectId, name));
      const entry = (await readDirectory(table, projectId))?.sets.get(name);
      if (entry === undefined) throw new FrsError('FRS.0302');
      const op = newOperationId();
      const marked = await markDeleted(table, entry.id, op, store.now());
      const manifest = await readManifest(table, entry.id);
      onDeleted(entry.id);
      await store.failpoint('remove:gone');
      // What was named so is another set by now.
      if (await finishRemoval(store, projectId, entry, manifest)) return await this.remove(projectId, name);
      if (!marked && manifest?.goneBy !== op) throw new FrsError('FRS.0302');
    },

    async replace(set, by, seen, run) {
      const { projectId, name } = set;
      if (seen.inFlight.size > 0) return false;
      const copied = await readManifest(table, by.id);
      if (copied?.next !== seen.next || !(await renameManifest(table, by.id, name))) {
        throw new Error(`The copy of the face set ${name} is not whole: run this again.`);
      }
      await store.failpoint('replace:ready');
      const successor = { id: by.id, run };
      if (!(await markReplaced(table, set.id, seen, successor, store.now()))) return false;
      await store.failpoint('replace:gone');
      await finishRemoval(store, projectId, set, await readManifest(table, set.id));
      known.delete(nameKey(projectId, name));
      known.delete(nameKey(projectId, by.name));
      onDeleted(set.id);
      return true;
    },
  };
}

/** All but the copies of sets that are reindexed: they are in no list and take no place. */
function visibleSets(directory: Directory | undefined): SetEntry[] {
  return [...(directory?.sets.values() ?? [])].filter(({ name }) => !isStagingName(name));
}

function faceSet(projectId: string, entry: SetEntry, manifest: SetManifest): FaceSet {
  return { ...entry, projectId, faceNumber: faceNumber(manifest) };
}
