import { randomUUID } from 'node:crypto';
import { AccountConflict } from '@openfrs/core';
import type { Item, Key, Table } from '../../dynamodb/table.ts';
import { claimName, nameOwner, releaseName } from './unique-names.ts';

/** Layout of the items. One that is newer than this is refused rather than misread. */
const ACCOUNTS_SCHEMA = 1;
/** DynamoDB's limit for a partition key, in bytes. */
const LONGEST_KEY = 2048;

/** Of a change that others come before again and again. Each time one of them got through, so that few are needed. */
const mostTries = 50;

/** No entity's id. */
const nobody = ' ';

export interface Entity {
  readonly id: string;
}

/** Where one kind of entity lies. */
export interface Collection<T extends Entity> {
  /** For messages. */
  readonly what: string;
  key(id: string): Key;
  /** Its place in the list of its owner's. */
  member(entity: T): Key;
  /** The claim of its name, for kinds whose names are unique. */
  name?(entity: Omit<T, 'id'>): Key;
}

export interface EntityStore<T extends Entity> {
  get(id: string): Promise<T | undefined>;
  /** The entity that has the name claimed under `key`. */
  named(key: Key): Promise<T | undefined>;
  /** Those listed under a partition, their ids following `prefix` in the sort key; by id. */
  listed(pk: string, prefix: string): Promise<T[]>;
  /**
   * Writes all of an entity, whatever it has become ('existing'): for who has it from elsewhere. What was read is changed with `change`.
   * @throws AccountConflict its name or id is taken ('new'), or it isn't there ('existing')
   */
  put(entity: T, expect: 'new' | 'existing'): Promise<void>;
  /**
   * Changes an entity as it is stored. Where somebody else changes it at the same time, `changed` is called again with what they wrote:
   * no change takes back another one.
   * @returns the entity as it is written
   * @throws AccountConflict its new name is taken, or it isn't there; what `changed` throws
   */
  change(id: string, changed: (entity: T) => T): Promise<T>;
  /** @throws AccountConflict it isn't there */
  remove(id: string): Promise<void>;
}

/**
 * Entities with unique names, without transactions: the name is claimed first, then the membership is written, then the
 * entity, which alone counts. What a cut off write leaves behind is invisible and can be written over.
 */
export function entityStore<T extends Entity>(table: Table, collection: Collection<T>): EntityStore<T> {
  const { what, key, member, name } = collection;
  const missing = (id: string) => new AccountConflict('missing', `The ${what} "${id}"`);

  const itemOf = async (id: string) => (fits(key(id)) ? await table.get(key(id)) : undefined);

  async function get(id: string): Promise<T | undefined> {
    return entityOf<T>(await itemOf(id));
  }

  async function claim(entity: T): Promise<void> {
    const wanted = name?.(entity);
    if (wanted === undefined) return;
    const claimed = await claimName(table, wanted, entity.id, async (owner) => {
      const holder = await get(owner);
      return holder !== undefined && name?.(holder).pk === wanted.pk;
    });
    if (!claimed) throw new AccountConflict('taken', `A ${what} of that name`);
  }

  async function write(entity: T, condition: string, values?: Record<string, unknown>): Promise<boolean> {
    // Another one for each write: entities that are alike again are told apart.
    const revision = randomUUID();
    const item = { ...key(entity.id), schema: ACCOUNTS_SCHEMA, revision, entity };
    if (await table.put(item, condition, values)) return true;
    // Maybe this very write came through and its answer was lost.
    return (await itemOf(entity.id))?.revision === revision;
  }

  /** Writes an entity whose name may have changed. False where the condition failed. */
  async function replace(
    before: T,
    entity: T,
    condition: string,
    values?: Record<string, unknown>,
  ): Promise<boolean> {
    const [oldName, newName] = [name?.(before), name?.(entity)];
    if (oldName?.pk !== newName?.pk) await claim(entity);
    if (!(await write(entity, condition, values))) return false;
    if (oldName !== undefined && oldName.pk !== newName?.pk) await releaseName(table, oldName, entity.id);
    return true;
  }

  return {
    get,
    async named(wanted) {
      const owner = fits(wanted) ? await nameOwner(table, wanted) : undefined;
      // As many reads for a name that nobody has: the time doesn't tell.
      const found = await get(owner ?? nobody);
      return found !== undefined && name?.(found).pk === wanted.pk ? found : undefined;
    },
    async listed(pk, prefix) {
      const ids: string[] = [];
      for await (const page of table.pages(pk, prefix, `${prefix}~`)) {
        ids.push(...page.map(({ sk }) => sk.slice(prefix.length)));
      }
      const items = await table.getMany(ids.map(key));
      const entities = items.flatMap((item) => entityOf<T>(item) ?? []);
      return entities.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async put(entity, expect) {
      if (expect === 'new') {
        await claim(entity);
        await table.put({ ...member(entity) });
        if (await write(entity, 'attribute_not_exists(pk)')) return;
        throw new AccountConflict('taken', `The ${what} "${entity.id}"`);
      }
      const before = await get(entity.id);
      if (before === undefined) throw missing(entity.id);
      if (!(await replace(before, entity, 'attribute_exists(pk)'))) throw missing(entity.id);
    },
    async change(id, changed) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const item = await itemOf(id);
        const before = entityOf<T>(item);
        if (before === undefined) throw missing(id);
        const entity = changed(before);
        // Earlier versions wrote no revision.
        const isDone =
          item?.revision === undefined
            ? await replace(before, entity, 'attribute_exists(pk) AND attribute_not_exists(revision)')
            : await replace(before, entity, 'revision = :read', { ':read': item.revision });
        if (isDone) return entity;
      }
      throw new Error(`The ${what} "${id}" is changed by others again and again: nothing was written`);
    },
    async remove(id) {
      const entity = await get(id);
      if (entity === undefined) throw missing(id);
      await table.removeMany([key(id)]);
      await table.removeMany([member(entity)]);
      const taken = name?.(entity);
      if (taken !== undefined) await releaseName(table, taken, id);
    },
  };
}

/** Ids and names come from requests: one that can't be a key is nobody's. */
function fits({ pk }: Key): boolean {
  return Buffer.byteLength(pk) <= LONGEST_KEY;
}

function entityOf<T>(item: Item | undefined): T | undefined {
  if (item === undefined) return undefined;
  if (Number(item.schema) > ACCOUNTS_SCHEMA) {
    throw new Error('The accounts table was written by a newer version of openfrs: update this one');
  }
  return item.entity as T;
}
