import { createHash } from 'node:crypto';
import { FrsError } from '@openfrs/contract';
import type { FaceSet, NewFace, StoredFace } from '@openfrs/core';
import type { Key } from '../../dynamodb/table.ts';
import { isDead, readFaces } from '../records/faces.ts';
import { onceKey } from '../records/keys.ts';
import { faceNumber, type Meta } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import type { Store } from '../context.ts';
import { settle } from './recovery.ts';
import { tryAdd } from './add.ts';
import { askForCompaction } from './request-maintenance.ts';
import { idsOf, livingMeta, storedFace, storedFaces } from './visibility.ts';

/** An add is remembered under its name for so long. */
const rememberedMs = 30 * 86_400_000;
/** Another instance is doing the same add: it is waited for, about a second in all. */
const rounds = 20;
const pollMs = 50;

/** The claim to a name: the attempt that may add under it, and its faces' numbers once it has reserved them. */
interface Claim {
  readonly op: string;
  readonly from?: number;
  readonly count?: number;
}

/** The claim was taken by another attempt. */
class ClaimLost extends Error {}

/**
 * Adds faces under a name, once: whoever comes again, later or at the same time or after a crash, gets what is left of the
 * faces that were added first. Only the attempt that holds the claim to the name can add: it writes its numbers into the
 * claim before it writes a face, and a claim is taken from an attempt only after that was given up.
 * @throws FrsError as `addFaces` does; FRS.0018 where another instance is at it and takes its time: try again later
 */
export async function addOnce(
  store: Store,
  set: FaceSet,
  faces: readonly NewFace[],
  once: string,
): Promise<StoredFace[]> {
  const key = onceKey(set.id, createHash('sha256').update(once).digest('base64url'));
  for (let round = 0; round < rounds; round++) {
    const claim = (await store.database.get(key)) as Claim | undefined;
    const meta = await livingMeta(store, set.id);
    const flying = claim === undefined ? undefined : meta.inflight.get(claim.op);
    if (claim !== undefined && flying?.kind === 'add') {
      if (flying.at < store.now() - store.limits.staleAfterMs) await settle(store, set.id, claim.op, flying);
      else await new Promise((resolve) => setTimeout(resolve, pollMs));
      continue;
    }
    const before = claim === undefined ? undefined : await addedBy(store, set, meta, claim);
    if (before !== undefined) return before;
    const op = newOperationId();
    if (!(await takeClaim(store, key, claim, op))) continue;
    const added = await addUnder(store, set, faces, key, op);
    if (added !== undefined) return added;
  }
  throw new FrsError('FRS.0018', 'The same faces are being added elsewhere.');
}

/** What is left of the faces that a claim's attempt added; `undefined` where it was given up or never began. */
async function addedBy(
  store: Store,
  set: FaceSet,
  meta: Meta,
  { op, from, count }: Claim,
): Promise<StoredFace[] | undefined> {
  if (from === undefined || count === undefined) return undefined;
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const faces = await readFaces(store.database, set.id, numbers, set.fields);
  if ([...faces.values()].some((face) => isDead(face) && face.dead === op)) return undefined;
  return numbers.flatMap((number) => {
    const face = faces.get(number);
    return face === undefined || isDead(face) ? [] : [storedFace(idsOf(meta), face)];
  });
}

/** One attempt; `undefined` where it was given up. */
async function addUnder(
  store: Store,
  set: FaceSet,
  faces: readonly NewFace[],
  key: Key,
  op: string,
): Promise<StoredFace[] | undefined> {
  try {
    const fill = (from: number) => fillClaim(store, key, op, from, faces.length);
    const added = await tryAdd(store, set, faces, op, fill);
    if (added === undefined) return undefined;
    await askForCompaction(store, set, added.meta, faces.length);
    return storedFaces(added.meta, added.from, faces);
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
async function unlessReserved(store: Store, set: FaceSet, count: number): Promise<void> {
  if (faceNumber(await livingMeta(store, set.id)) + count > set.capacity) return;
  throw new FrsError('FRS.0018', 'The last places are reserved for faces that are being added.');
}

async function takeClaim(store: Store, key: Key, before: Claim | undefined, op: string): Promise<boolean> {
  const expires = Math.ceil((store.now() + rememberedMs) / 1000);
  if (before === undefined) {
    return store.database.put({ ...key, op, expires }, 'attribute_not_exists(pk)');
  }
  const unfilled = before.from === undefined ? ' AND attribute_not_exists(#from)' : '';
  const item = await store.database.update(key, {
    UpdateExpression: 'SET op = :op, expires = :expires REMOVE #from, #count',
    ConditionExpression: `op = :before${unfilled}`,
    ExpressionAttributeNames: { '#from': 'from', '#count': 'count' },
    ExpressionAttributeValues: { ':op': op, ':before': before.op, ':expires': expires },
  });
  return item !== undefined;
}

/** @throws ClaimLost this attempt is to be given up */
async function fillClaim(store: Store, key: Key, op: string, from: number, count: number): Promise<void> {
  await store.step('add:claimed');
  const filled = await store.database.update(key, {
    UpdateExpression: 'SET #from = :from, #count = :count',
    ConditionExpression: 'op = :op',
    ExpressionAttributeNames: { '#from': 'from', '#count': 'count' },
    ExpressionAttributeValues: { ':from': from, ':count': count, ':op': op },
  });
  if (filled === undefined) throw new ClaimLost();
}
