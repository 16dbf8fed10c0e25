import type { FieldSchema } from '@openfrs/contract';
import type { FaceSetSpec } from '@openfrs/core';
import type { Item, Table } from '../../dynamodb/table.ts';
import { directoryKey, everySortKey, projectsPartition } from './keys.ts';

/** What a project's directory says of a set; it never changes while the set lives. */
export interface SetEntry extends FaceSetSpec {
  readonly id: string;
  readonly createdAt: Date;
}

/** A deleted set whose records and segments may not all be gone yet. */
interface TrashEntry {
  readonly setId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * A project's sets in ONE item, so that the uniqueness of a name and the number of sets are conditions of one
 * write. The names are prefixed: `__proto__` is a legal name of a set.
 */
export interface Directory {
  readonly sets: ReadonlyMap<string, SetEntry>;
  readonly trash: readonly TrashEntry[];
}

const mapName = (name: string) => `=${name}`;

export async function readDirectory(table: Table, projectId: string): Promise<Directory | undefined> {
  const item = await table.get(directoryKey(projectId));
  return item === undefined ? undefined : decodeDirectory(item);
}

function decodeDirectory(item: Item): Directory {
  const sets = item.faceSets as Record<string, StoredEntry>;
  const trash = item.trash as Record<string, { at: number }>;
  const entries = Object.entries(sets).map(([name, entry]) => decodeEntry(name.slice(1), entry));
  return {
    // In the order of creation; a map in DynamoDB has no order of its own.
    sets: new Map(
      entries
        .sort((a, b) => Number(a.createdAt) - Number(b.createdAt) || (a.name < b.name ? -1 : 1))
        .map((entry) => [entry.name, entry]),
    ),
    trash: Object.entries(trash).map(([setId, { at }]) => ({ setId, at })),
  };
}

/** Makes the project's directory where it has none, and enters the project in the list of projects before. */
export async function initDirectory(table: Table, projectId: string): Promise<void> {
  await table.put({ pk: projectsPartition, sk: projectId });
  await table.put({ ...directoryKey(projectId), faceSets: {}, trash: {} }, 'attribute_not_exists(pk)');
}

/** The projects that have or had a set. */
export async function listProjects(table: Table): Promise<string[]> {
  const found: string[] = [];
  for await (const items of table.pages(projectsPartition, ...everySortKey)) {
    found.push(...items.map((item) => item.sk));
  }
  return found;
}

/** False where the name is taken, the quota is reached or there is no directory. */
export async function addToDirectory(
  table: Table,
  projectId: string,
  entry: SetEntry,
  maxSets: number,
): Promise<boolean> {
  const item = await table.update(directoryKey(projectId), {
    UpdateExpression: 'SET faceSets.#name = :entry',
    ConditionExpression:
      'attribute_exists(pk) AND attribute_not_exists(faceSets.#name) AND size(faceSets) < :max',
    ExpressionAttributeNames: { '#name': mapName(entry.name) },
    ExpressionAttributeValues: { ':entry': encodeEntry(entry), ':max': maxSets },
  });
  return item !== undefined;
}

/** Moves a set from the directory to the trash; harmless where someone did it before. */
export async function trashSet(
  table: Table,
  projectId: string,
  name: string,
  setId: string,
  at: number,
): Promise<void> {
  await table.update(directoryKey(projectId), {
    UpdateExpression: 'REMOVE faceSets.#name SET trash.#id = :trash',
    ConditionExpression: 'faceSets.#name.id = :id',
    ExpressionAttributeNames: { '#name': mapName(name), '#id': setId },
    ExpressionAttributeValues: { ':id': setId, ':trash': { at } },
  });
}

/** Gives a set the name of one that it replaces, which moves to the trash; harmless where someone did it before. */
export async function takeName(
  table: Table,
  projectId: string,
  replaced: Pick<SetEntry, 'id' | 'name' | 'createdAt'>,
  by: SetEntry,
  at: number,
): Promise<void> {
  await table.update(directoryKey(projectId), {
    UpdateExpression: 'SET faceSets.#name = :entry, trash.#id = :trash REMOVE faceSets.#before',
    ConditionExpression: 'faceSets.#name.id = :id AND faceSets.#before.id = :by',
    ExpressionAttributeNames: {
      ...{ '#name': mapName(replaced.name), '#before': mapName(by.name), '#id': replaced.id },
    },
    ExpressionAttributeValues: {
      ':entry': encodeEntry({ ...by, createdAt: replaced.createdAt }),
      ...{ ':id': replaced.id, ':by': by.id, ':trash': { at } },
    },
  });
}

/** Forgets a deleted set: nothing of it is left. */
export async function emptyTrash(table: Table, projectId: string, setId: string): Promise<void> {
  await table.update(directoryKey(projectId), {
    UpdateExpression: 'REMOVE trash.#id',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#id': setId },
  });
}

interface StoredEntry {
  id: string;
  capacity: number;
  fields: string;
  model: string;
  dimension: number;
  createdAt: number;
}

/** The fields as text: their order counts, and their names are the caller's. */
function encodeEntry(entry: SetEntry): StoredEntry {
  const { id, capacity, fields, model, dimension, createdAt } = entry;
  return {
    id,
    capacity,
    fields: JSON.stringify(Object.entries(fields)),
    model,
    dimension,
    createdAt: createdAt.getTime(),
  };
}

function decodeEntry(name: string, stored: StoredEntry): SetEntry {
  const { id, capacity, fields, model, dimension, createdAt } = stored;
  const schema = Object.fromEntries(JSON.parse(fields) as [string, string][]) as FieldSchema;
  return { name, id, capacity, fields: schema, model, dimension, createdAt: new Date(createdAt) };
}
