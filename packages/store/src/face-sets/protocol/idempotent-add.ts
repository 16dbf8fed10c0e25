import { createHash } from 'node:crypto';
import { FrsError } from '@openfrs/contract';
import type { FaceSet, NewFace, StoredFace } from '@openfrs/core';
import type { Key } from '../../dynamodb/table.ts';
import type { RecordContext } from '../context.ts';
import { isTombstone, readFaces } from '../records/faces.ts';
import { idempotencyKey } from '../records/keys.ts';
import { faceNumber, type SetManifest } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import { tryAdd } from './add.ts';
import { isTombstoneOf, recover } from './recovery.ts';
import { requestCompaction } from './request-maintenance.ts';
import { faceIdsOf, requireManifest, storedFace, storedFaces } from './visibility.ts';

/** How long the claim to an idempotency key is kept. */
const rememberedMs = 30 * 86_400_000;
/** Another instance is doing the same add: it is waited for, about a second in all. */
const maxAttempts = 20;
const pollMs = 50;

/** The claim to an idempotency key: the attempt that may add under it, and its faces' numbers once they are reserved. */
interface Claim {
  readonly op: string;
  readonly from?: number;
  readonly count?: number;
}

/** The claim was taken by another attempt. */
class ClaimLost extends Error {}

/**
 * Adds faces under an idempotency key, once: whoever comes again, later or at the same time or after a crash, gets what is left of
 * the faces added first. Only the attempt that holds the claim can add: it writes its numbers into the claim before it writes a
 * face, and a claim is taken from an attempt only after that was aborted.
 * @param once the idempotency key, of any length
 * @throws FrsError as `addFaces` does; FRS.0018 where another instance is at it and takes its time: try again later
 */
export async function addIdempotently(
  store: RecordContext,
  set: FaceSet,
  faces: readonly NewFace[],
  once: string,
): Promise<StoredFace[]> {
  const key = idempotencyKey(set.id, createHash('sha256').update(once).digest('base64url'));
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const claim = (await store.table.get(key)) as Claim | undefined;
    const manifest = await requireManifest(store, set.id);
    const inFlight = claim === undefined ? undefined : manifest.inFlight.get(claim.op);
    if (claim !== undefined && inFlight?.kind === 'add') {
      if (inFlight.at < store.now() - store.limits.staleAfterMs)
        await recover(store, set.id, claim.op, inFlight);
      else await new Promise((resolve) => setTimeout(resolve, pollMs));
      continue;
    }
    const before = claim === undefined ? undefined : await addedBy(store, set, manifest, claim);
    if (before !== undefined) return before;
    const op = newOperationId();
    if (!(await takeClaim(store, key, claim, op))) continue;
    const added = await addUnder(store, set, faces, key, op);
    if (added !== undefined) return added;
  }
  throw new FrsError('FRS.0018', 'The same faces are being added elsewhere.');
}

/** What is left of the faces that a claim's attempt added; `undefined` where it was aborted or never began. */
async function addedBy(
  store: RecordContext,
  set: FaceSet,
  manifest: SetManifest,
  { op, from, count }: Claim,
): Promise<StoredFace[] | undefined> {
  if (from === undefined || count === undefined) return undefined;
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const faces = await readFaces(store.table, set.id, numbers, set.fields);
  if ([...faces.values()].some((face) => isTombstoneOf(face, op))) return undefined;
  return numbers.flatMap((number) => {
    const face = faces.get(number);
    return face === undefined || isTombstone(face) ? [] : [storedFace(faceIdsOf(store, manifest), face)];
  });
}

/** One attempt; `undefined` where it was aborted. */
async function addUnder(
  store: RecordContext,
  set: FaceSet,
  faces: readonly NewFace[],
  key: Key,
  op: string,
): Promise<StoredFace[] | undefined> {
  try {
    const fill = (from: number) => fillClaim(store, key, op, from, faces.length);
    const added = await tryAdd(store, set, faces, op, fill);
    if (added === undefined) return undefined;
    await requestCompaction(store, set, added.manifest, faces.length);
    return storedFaces(store, added.manifest, added.from, faces);
  } catch (error) {
    if (error instanceof ClaimLost) return undefined;
    if (error instanceof FrsError && error.code === 'FRS.0306')
      await unlessReserved(store, set, faces.length);
    throw error;
  }
}

/**
 * A set is full only when its faces fill it: what fills it may be another attempt's places for these very faces.
 * @throws FrsError FRS.0018 places are reserved that may come free
 */
async function unlessReserved(store: RecordContext, set: FaceSet, count: number): Promise<void> {
  if (faceNumber(await requireManifest(store, set.id)) + count > set.capacity) return;
  throw new FrsError('FRS.0018', 'The last places are reserved for faces that are being added.');
}

async function takeClaim(
  store: RecordContext,
  key: Key,
  before: Claim | undefined,
  op: string,
): Promise<boolean> {
  const expires = Math.ceil((store.now() + rememberedMs) / 1000);
  if (before === undefined) {
    return store.table.put({ ...key, op, expires }, 'attribute_not_exists(pk)');
  }
  const unfilled = before.from === undefined ? ' AND attribute_not_exists(#from)' : '';
  const item = await store.table.update(key, {
    UpdateExpression: 'SET op = :op, expires = :expires REMOVE #from, #count',
    ConditionExpression: `op = :before${unfilled}`,
    ExpressionAttributeNames: { '#from': 'from', '#count': 'count' },
    ExpressionAttributeValues: { ':op': op, ':before': before.op, ':expires': expires },
  });
  return item !== undefined;
}

/** @throws ClaimLost this attempt is to be aborted */
async function fillClaim(
  store: RecordContext,
  key: Key,
  op: string,
  from: number,
  count: number,
): Promise<void> {
  await store.failpoint('add:claimed');
  const filled = await store.table.update(key, {
    UpdateExpression: 'SET #from = :from, #count = :count',
    ConditionExpression: 'op = :op',
    ExpressionAttributeNames: { '#from': 'from', '#count': 'count' },
    ExpressionAttributeValues: { ':from': from, ':count': count, ':op': op },
  });
  if (filled === undefined) throw new ClaimLost();
}
