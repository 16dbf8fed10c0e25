import { readConfig } from '@openfrs/core';
import { createClients, createFaceSets, type StoreOptions } from '@openfrs/store';
import { makeDataset } from '../search/data.ts';
import { dimension } from './full-set.ts';
import { codesBlocksOf, readBlocks } from './read-block.ts';
import { time } from './timing.ts';

/* A process that has been answering for a while and meets a full set for the first time; run by cold.ts. */

export interface Task {
  readonly project: string;
  readonly name: string;
  /** The small set that it has searched before. */
  readonly known: string;
  readonly s3Endpoint: string | undefined;
  /** Chooses the query, and which comes first: what that leaves to be cleared away is to the other's disadvantage. */
  readonly round: number;
}

export interface Told {
  readonly readMs: number;
  readonly coldMs: number;
  readonly warmMs: readonly number[];
}

const { queries } = makeDataset('clustered', 1000, dimension, 50);
const warmUp = 30;
const restMs = 200;

async function tell({ project, name, known, s3Endpoint, round }: Task): Promise<Told> {
  const { dynamodb, s3, destroy } = createClients({
    ...readConfig().aws,
    ...(s3Endpoint !== undefined && { s3Endpoint }),
  });
  const where: StoreOptions = { dynamodb, s3, table: 'openfrs-data', bucket: 'openfrs-index' };
  const search = async (face: string, query: number) => {
    const sets = createFaceSets(where);
    // It has met the set, as the operations on it do, but not searched it.
    await sets.get(project, face);
    const vector = queries[query % queries.length] as Float32Array;
    const ask = () => sets.searchNamed(project, face, () => ({ probe: { vector }, topN: 10, minCosine: -1 }));
    const coldMs = await time(ask);
    await sets.whenIdle();
    return { coldMs, ask };
  };
  const blocksOf = async (face: string) =>
    codesBlocksOf(where, (await createFaceSets(where).get(project, face)).id);
  const [small, full] = [await blocksOf(known), await blocksOf(name)];
  for (let query = 0; query < warmUp; query += 1) {
    await search(known, query);
    await readBlocks(where, small);
  }
  const rest = () => new Promise((resolve) => setTimeout(resolve, restMs));
  await rest();
  const read = () => time(() => readBlocks(where, full));
  const before = round % 2 === 0 ? await read() : undefined;
  await rest();
  const { coldMs, ask } = await search(name, round);
  await rest();
  const readMs = before ?? (await read());
  const warmMs: number[] = [];
  for (let repeat = 0; repeat < 30; repeat += 1) warmMs.push(await time(ask));
  destroy();
  return { readMs, coldMs, warmMs: warmMs.slice(10) };
}

process.once('message', async (task: Task) => {
  process.send?.(await tell(task));
  process.disconnect();
});
