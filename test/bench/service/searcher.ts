import { readConfig } from '@openfrs/core';
import { createClients, createFaceSets } from '@openfrs/store';
import { makeDataset } from '../search/data.ts';
import { median } from '../statistics/quantile.ts';
import { dimension } from './full-set.ts';
import { codesBlocksOf, readBlocks } from './read-block.ts';
import { time } from './timing.ts';

/* A new process that searches a set, or reads its int8 blocks, for the first time; run by sizes.ts. */

export interface Task {
  readonly project: string;
  readonly name: string;
  /** Sets in memory: the same one so many times, each as if it were another. 0: the blocks are read, nothing is searched. */
  readonly copies: number;
  readonly cacheBytes: number;
}

export interface Told {
  /** The first search, or the reading of the int8 blocks. */
  readonly firstMs: number;
  readonly warmMs: number;
  /** Resident memory that came to it. */
  readonly rssBytes: number;
  readonly gets: number;
  readonly reads: number;
}

async function tell({ project, name, copies, cacheBytes }: Task): Promise<Told> {
  const { dynamodb, s3, destroy } = createClients(readConfig().aws);
  const where = { dynamodb, s3, table: 'openfrs-data', bucket: 'openfrs-index', limits: { cacheBytes } };
  const asked: string[] = [];
  for (const client of [dynamodb, s3 as unknown as typeof dynamodb]) {
    client.middlewareStack.add(
      (next, context) => (args) => {
        asked.push(String((context as { commandName?: string }).commandName));
        return next(args);
      },
      { step: 'initialize', name: 'count' },
    );
  }
  const { queries } = makeDataset('clustered', 1000, dimension, 40);
  const sets = Array.from({ length: Math.max(1, copies) }, () => createFaceSets(where));
  const [first] = sets as [(typeof sets)[0]];
  const set = await first.get(project, name);
  const blocks = await codesBlocksOf(where, set.id);
  gc?.();
  const before = process.memoryUsage().rss;
  const search = async (faceSets: typeof first, query: number) => {
    const vector = queries[query % queries.length] as Float32Array;
    await faceSets.search(set, { probe: { vector }, topN: 10, minCosine: -1 });
  };
  asked.length = 0;
  const firstMs = await time(() => (copies === 0 ? readBlocks(where, blocks) : search(first, 0)));
  const gets = asked.filter((command) => command === 'GetObjectCommand').length;
  const reads = asked.length - gets;
  const warm: number[] = [];
  if (copies > 0) {
    for (const each of sets) {
      await search(each, 0);
      await each.whenIdle();
    }
    for (let round = 0; round < 60; round += 1) warm.push(await time(() => search(first, round)));
  }
  gc?.();
  const rssBytes = process.memoryUsage().rss - before;
  destroy();
  return { firstMs, warmMs: warm.length > 0 ? median(warm.slice(20)) : 0, rssBytes, gets, reads };
}

process.once('message', async (task: Task) => {
  process.send?.(await tell(task));
  process.disconnect();
});
