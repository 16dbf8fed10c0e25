import type { Key, Table } from '../../dynamodb/table.ts';

/** How long a name may be claimed before its owner is written; older claims without an owner are left over. */
const CLAIM_MS = 10_000;

const names = { '#owner': 'owner', '#at': 'at' };

/**
 * Takes a unique name for an owner, before the owner itself is written. The claim of a writer that was cut off in between
 * can be taken over. Answers whether the name is the owner's now.
 */
export async function claimName(
  table: Table,
  key: Key,
  owner: string,
  ownerHasName: (owner: string) => Promise<boolean>,
): Promise<boolean> {
  const claim = async (condition: string, values: Record<string, unknown> = {}) =>
    (await table.update(key, {
      UpdateExpression: 'SET #owner = :owner, #at = :now',
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':owner': owner, ':now': Date.now(), ...values },
    })) !== undefined;
  if (await claim('attribute_not_exists(#owner) OR #owner = :owner')) return true;
  const held = await table.get(key);
  if (typeof held?.owner !== 'string') return await claim('attribute_not_exists(#owner)');
  if (Date.now() - Number(held.at) < CLAIM_MS || (await ownerHasName(held.owner))) return false;
  return await claim('#owner = :left AND #at = :at', { ':left': held.owner, ':at': held.at });
}

/** Who has the name. */
export async function nameOwner(table: Table, key: Key): Promise<string | undefined> {
  const owner = (await table.get(key))?.owner;
  return typeof owner === 'string' ? owner : undefined;
}

/** Frees a name, if it is still the owner's. */
export async function releaseName(table: Table, key: Key, owner: string): Promise<void> {
  await table.update(key, {
    UpdateExpression: 'REMOVE #owner, #at',
    ConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':owner': owner },
  });
}
