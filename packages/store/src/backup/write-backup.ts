import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrsError } from '@openfrs/contract';
import { type AccessKey, type AccountsAdmin, sealingKeyId } from '@openfrs/core';
import type { StoredLogs } from '../adapters/stored-logs.ts';
import type { StoreContext } from '../face-sets/context.ts';
import { requireManifest } from '../face-sets/protocol/visibility.ts';
import { readDirectory, type SetEntry } from '../face-sets/records/directory.ts';
import { isDeleted, readManifest } from '../face-sets/records/manifest.ts';
import { isStagingName } from '../face-sets/records/staging-name.ts';
import { type DamagedFace, exportFaces, exportHeader } from '../face-sets/transfer/export.ts';
import {
  type AccountEntry,
  withEnd,
  writeAccount,
  writeEndOfSet,
  writeHead,
  writeLog,
  writeSet,
} from './format.ts';

export interface BackupSources {
  readonly store: StoreContext;
  readonly accounts: AccountsAdmin;
  readonly logs: StoredLogs;
}

export interface BackupSettings {
  /** The version of openfrs that writes it. */
  readonly openfrs: string;
  /** The bucket whose photos enrol themselves. */
  readonly mediaBucket: string;
  /** Told of each page: faces written, and how many the sets so far are said to have. */
  readonly progress?: (done: number, expected: number) => void;
  /** Told of each face whose record is damaged: it is not in the backup, and holds up nobody else's. */
  readonly leftOut: (face: LeftOutFace) => void;
}

export interface LeftOutFace extends DamagedFace {
  readonly projectId: string;
  readonly faceSetName: string;
}

/** Faces that are read at once: a larger page keeps requests waiting for longer (0.8 KB a face). */
const pageFaces = 100;

/**
 * The lines of a backup of everything, written while the service runs. What was acknowledged before the call is in it, but for what
 * is deleted or changed while it runs: each face is as it was when its turn came. The faces of one add are all in it or none; a set
 * deleted meanwhile is not, and no set or user is without its project or domain.
 */
export function backupLines(sources: BackupSources, settings: BackupSettings): AsyncGenerator<string> {
  return withEnd(bodyLines(sources, settings));
}

async function* bodyLines(
  { store, accounts, logs }: BackupSources,
  { openfrs, mediaBucket, progress = () => undefined, leftOut }: BackupSettings,
): AsyncGenerator<string> {
  const created = new Date(store.now()).toISOString();
  const entries = await readAccounts(accounts);
  yield writeHead({ id: randomUUID(), created, openfrs, secretKeys: sealingKeys(entries) });
  yield* entries.map(writeAccount);
  const projectIds = entries.flatMap(({ kind, entity }) => (kind === 'project' ? [entity.id] : []));
  // Before the faces: what these logs call enrolled is then among them.
  for await (const records of logs.records({ bucket: mediaBucket, projectIds })) yield* records.map(writeLog);
  const count = { done: 0, expected: 0 };
  for (const projectId of projectIds) {
    const directory = await readDirectory(store.table, projectId);
    for (const entry of directory?.sets.values() ?? []) {
      if (isStagingName(entry.name)) continue;
      const counted = (done: number, expected: number) => {
        count.done += done;
        count.expected += expected;
        progress(count.done, count.expected);
      };
      yield* setLines(store, projectId, entry, counted, (face) =>
        leftOut({ ...face, projectId, faceSetName: entry.name }),
      );
    }
  }
}

/** Each owner before what it owns is read, so that nothing is without its owner. */
async function readAccounts(accounts: AccountsAdmin): Promise<AccountEntry[]> {
  const entries: AccountEntry[] = [];
  for (const domain of await accounts.domains()) {
    entries.push({ kind: 'domain', entity: domain });
    for (const entity of await accounts.projects(domain.id)) entries.push({ kind: 'project', entity });
    for (const user of await accounts.users(domain.id)) {
      entries.push({ kind: 'user', entity: user });
      for (const entity of await accounts.accessKeys(user.id)) entries.push({ kind: 'access_key', entity });
      for (const entity of await accounts.apiTokens(user.id)) entries.push({ kind: 'api_token', entity });
    }
  }
  return entries;
}

function sealingKeys(entries: readonly AccountEntry[]): string[] {
  const keys = entries.flatMap((entry): AccessKey[] =>
    entry.kind === 'access_key' && entry.entity.enabled ? [entry.entity] : [],
  );
  return [...new Set(keys.map(({ sealedSecret }) => sealingKeyId(sealedSecret)))];
}

async function* setLines(
  store: StoreContext,
  projectId: string,
  entry: SetEntry,
  count: (done: number, expected: number) => void,
  leftOut: (face: DamagedFace) => void,
): AsyncGenerator<string> {
  const manifest = await requireManifest(store, entry.id).catch(unlessDeleted);
  if (manifest === undefined) return;
  count(0, manifest.used);
  const { id, createdAt } = entry;
  const { next, idKey } = manifest;
  yield writeSet({ ...exportHeader(entry, manifest), idKey, id, projectId, createdAt, next });
  let faces = 0;
  let begun = performance.now();
  for await (const lines of exportFaces(store, entry, manifest, { pageFaces, leftOut })) {
    yield* lines;
    faces += lines.length;
    count(lines.length, 0);
    // Half of the time belongs to the service's requests.
    await sleep(performance.now() - begun);
    begun = performance.now();
  }
  yield writeEndOfSet({ faces, deleted: isDeleted(await readManifest(store.table, entry.id)) });
}

function unlessDeleted(error: unknown): undefined {
  if (!(error instanceof FrsError && error.code === 'FRS.0302')) throw error;
}
