import type { AccessKey, SecretKeys } from '@openfrs/core';
import type { LogRecord } from '../adapters/stored-logs.ts';
import type { Item } from '../dynamodb/table.ts';
import {
  addToDirectory,
  initDirectory,
  listProjects,
  readDirectory,
} from '../face-sets/records/directory.ts';
import { faceItem } from '../face-sets/records/faces.ts';
import { createManifest } from '../face-sets/records/manifest.ts';
import { newOperationId } from '../face-sets/records/operation-id.ts';
import { type AccountEntry, type BackedUpSet, type BackupHead, readBackup } from './format.ts';
import { type BackupContents, verifyBackup } from './verify-backup.ts';
import type { BackupSources } from './write-backup.ts';

export interface RestoreOptions {
  /** Opens the access keys, and seals them anew under its first key. */
  readonly secrets: SecretKeys;
  /** Access keys that it can't open come back disabled, where they would stop the restore. */
  readonly disableKeys?: boolean;
  /** The bucket whose photos enrol themselves here; it may have another name than when it was backed up. */
  readonly mediaBucket: string;
  readonly progress?: (done: number, faces: number) => void;
}

export interface Restored extends BackupContents {
  readonly sets: readonly { readonly projectId: string; readonly name: string }[];
  /** Access keys that are disabled because their secret could not be opened. */
  readonly disabledKeys: number;
}

/** It can't be restored here; the message says why, and what to do. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused';
}

/** Items that are written at once. */
const batchItems = 200;

/**
 * Face ids follow from numbers, and those of faces added after the backup are with clients: so many numbers are passed over, as
 * many as the largest set has faces, that none of them comes to name another face, unless a set drew more of them since.
 */
const passedOver = 1_000_000;

/** More than any project's quota, which was checked when the sets were made. */
const anyNumber = Number.MAX_SAFE_INTEGER;

/**
 * Restores a backup into empty stores, under the ids that everything had. It is read through and checked first. Nobody can use
 * anything of it before the last write, the domains': cut off, it is called again with the same backup.
 * @param lines begins a new pass over the lines, without line ends; two are made
 * @throws BackupDamaged · RestoreRefused, both before anything is written
 */
export async function restoreBackup(
  sources: BackupSources,
  lines: () => AsyncIterable<string>,
  options: RestoreOptions,
): Promise<Restored> {
  const contents = await verifyBackup(lines());
  checkKeys(contents, options);
  await claimStores(sources, contents);
  const accounts: AccountEntry[] = [];
  const sets: BackedUpSet[] = [];
  const logs: LogRecord[] = [];
  let writer: SetWriter | undefined;
  let done = 0;
  for await (const entry of readBackup(lines())) {
    if (entry.kind === 'head') {
      if (entry.head.id !== contents.id)
        throw new RestoreRefused('The backup changed while it was restored.');
    } else if (entry.kind === 'log') {
      logs.push(entry.record);
      if (logs.length === batchItems) await sources.logs.restore(logs.splice(0), options.mediaBucket);
    } else if (entry.kind === 'face_set') {
      writer = contents.deleted.has(entry.set.id) ? undefined : await setWriter(sources, entry.set);
      if (writer !== undefined) sets.push(entry.set);
    } else if (entry.kind === 'face') {
      await writer?.add(entry.face);
      if (writer !== undefined) options.progress?.(++done, contents.faces);
    } else if (entry.kind === 'end_of_face_set') {
      await writer?.end(entry.faces);
    } else accounts.push(entry);
  }
  await sources.logs.restore(logs, options.mediaBucket);
  const disabledKeys = await writeAccounts(sources, accounts, options);
  await sources.store.table.removeMany([marker]);
  return { ...contents, sets: sets.map(({ projectId, name }) => ({ projectId, name })), disabledKeys };
}

function checkKeys({ secretKeys }: BackupContents, { secrets, disableKeys = false }: RestoreOptions): void {
  const missing = secretKeys.filter((id) => secrets.signingKey(id) === undefined);
  if (missing.length === 0 || disableKeys) return;
  throw new RestoreRefused(
    `The access keys of this backup are sealed with another key than FRS_SECRET_KEY (${missing.join(', ')}): set the key of the service that was backed up, alone or behind a new one and a comma, or let --disable-keys restore them disabled.`,
  );
}

/** Says which backup is being restored here, while it is. */
const marker = { pk: 'RESTORE', sk: 'RESTORE' };

/** @throws RestoreRefused the stores hold something else than an earlier run of this restore */
async function claimStores(
  sources: BackupSources,
  { id, created }: Pick<BackupHead, 'id' | 'created'>,
): Promise<void> {
  const { store, accounts } = sources;
  const begun = (await store.table.get(marker)) as (Item & { id: string; created: string }) | undefined;
  if (begun?.id === id) return;
  if (begun !== undefined) {
    throw new RestoreRefused(
      `The restore of another backup, of ${begun.created}, was begun here and did not end: repeat that one, or take other stores.`,
    );
  }
  const [domains, projects] = [await accounts.domains(), await listProjects(store.table)];
  if (domains.length > 0 || projects.length > 0) {
    throw new RestoreRefused(
      `The stores are not empty (${domains.length} domains, face sets of ${projects.length} projects): a backup is restored into new ones, another FRS_DATA_DIR or other tables and buckets.`,
    );
  }
  if (await store.table.put({ ...marker, id, created }, 'attribute_not_exists(pk)')) return;
  // Another restore was begun meanwhile: of this backup, or it says of which.
  await claimStores(sources, { id, created });
}

interface SetWriter {
  add(face: Parameters<typeof faceItem>[3] & { readonly number: number }): Promise<void>;
  end(faces: number): Promise<void>;
}

/** The faces, then the manifest, then the name: a set that readers find is whole. Repeated, the same is written. */
async function setWriter({ store }: BackupSources, set: BackedUpSet): Promise<SetWriter> {
  const { table } = store;
  const { id, projectId, name, capacity, fields, model, dimension, createdAt, idKey } = set;
  // An earlier run has ended it, and maybe it was compacted since.
  const isThere = (await readDirectory(table, projectId))?.sets.get(name)?.id === id;
  const operation = newOperationId();
  let batch: Item[] = [];
  const flush = async () => {
    if (!isThere) await table.putMany(batch);
    batch = [];
    await store.failpoint('restore:batch');
  };
  return {
    async add(face) {
      batch.push(faceItem(id, face.number, operation, face));
      if (batch.length === batchItems) await flush();
    },
    async end(faces) {
      await flush();
      if (isThere) return;
      const manifest = { setId: id, projectId, name, idKey, createdAt: createdAt.getTime() };
      await createManifest(table, manifest, { used: faces, next: set.next + passedOver });
      await store.failpoint('restore:manifest');
      await initDirectory(table, projectId);
      const entry = { id, name, capacity, fields, model, dimension, createdAt };
      await addToDirectory(table, projectId, entry, anyNumber);
      await store.failpoint('restore:entered');
    },
  };
}

/** Domains last: without them nobody gets in. @returns how many access keys are disabled because they can't be opened */
async function writeAccounts(
  { accounts, store }: BackupSources,
  entries: readonly AccountEntry[],
  { secrets }: RestoreOptions,
): Promise<number> {
  let disabled = 0;
  for (const entry of entries) {
    if (entry.kind === 'user') await put(accounts.user, accounts.putUser, entry.entity);
    else if (entry.kind === 'project') await put(accounts.project, accounts.putProject, entry.entity);
    else if (entry.kind === 'api_token') await put(accounts.apiToken, accounts.putApiToken, entry.entity);
    else if (entry.kind === 'access_key') {
      const key = sealedAnew(entry.entity, secrets);
      if (entry.entity.enabled && !key.enabled) disabled += 1;
      await put(accounts.accessKey, accounts.putAccessKey, key);
    }
  }
  await store.failpoint('restore:accounts');
  for (const entry of entries) {
    if (entry.kind === 'domain') await put(accounts.domain, accounts.putDomain, entry.entity);
  }
  return disabled;
}

/** Under the first key; disabled, and sealed as it was, where no key opens it. */
function sealedAnew(key: AccessKey, secrets: SecretKeys): AccessKey {
  let secret: string;
  try {
    secret = secrets.open(key.sealedSecret, key.id);
  } catch {
    return { ...key, enabled: false };
  }
  return { ...key, sealedSecret: secrets.seal(secret, key.id) };
}

/** An earlier run may have written it. */
async function put<T extends { readonly id: string }>(
  get: (id: string) => Promise<T | undefined>,
  write: (entity: T, expect: 'new' | 'existing') => Promise<void>,
  entity: T,
): Promise<void> {
  await write(entity, (await get(entity.id)) === undefined ? 'new' : 'existing');
}
