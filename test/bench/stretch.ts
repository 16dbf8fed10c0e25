import { parseArgs } from 'node:util';
import { readConfig } from '@openfrs/core';
import { startEmbedded } from '@openfrs/embedded';
import { createBuckets, createClients, createMaintenance, createTables } from '@openfrs/store';
import { runInChildProcess } from './service/child-process.ts';
import { fillSet, threeFields } from './service/full-set.ts';
import type { Stretch } from './stretch/measure.ts';
import type { Task } from './stretch/searcher.ts';

const program = (name: string) => new URL(`./stretch/${name}.ts`, import.meta.url);

/**
 * `npm run bench stretch [-- --faces N --stored N --deleted N]`: how long the event loop stands still at a stretch, and how
 * long all of it takes, while a face set of many faces is searched and changed in hostile ways.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      faces: { type: 'string', default: '60000,300000' },
      stored: { type: 'string', default: '100000' },
      deleted: { type: 'string', default: '50000' },
    },
  });
  for (const faces of values.faces.split(',').filter((text) => text !== '')) {
    print(
      `the index alone, ${faces} faces`,
      await runInChildProcess(program('index-alone'), { faces: Number(faces) }),
    );
  }
  const stored = Number(values.stored);
  if (stored === 0) return;
  const stores = await startEmbedded();
  Object.assign(process.env, {
    AWS_REGION: stores.region,
    AWS_ENDPOINT_URL_DYNAMODB: stores.dynamodbEndpoint,
    AWS_ENDPOINT_URL_S3: stores.s3Endpoint,
    AWS_ACCESS_KEY_ID: stores.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stores.secretAccessKey,
  });
  const { dynamodb, s3, destroy } = createClients(readConfig().aws);
  const where = { dynamodb, s3, table: 'openfrs-data', bucket: 'openfrs-index' };
  await createTables(dynamodb, [where.table]);
  await createBuckets(s3, [where.bucket]);
  await fillSet(where, 'stretch', 'set', stored, threeFields, false);
  const task: Task = { project: 'stretch', name: 'set', deleted: Number(values.deleted) };
  print(
    `a set of ${stored} right after its import`,
    await runInChildProcess(program('searcher'), { ...task, deleted: 0 }),
  );
  await createMaintenance(where).compact('stretch', 'set');
  print(`a set of ${stored} in segments`, await runInChildProcess(program('searcher'), task));
  destroy();
  await stores.stop();
}

function print(title: string, found: readonly Stretch[]): void {
  console.log(
    `\n${title}\n\n| | longest stretch, ms | of it on the processor | all, ms |\n| --- | --- | --- | --- |`,
  );
  for (const { what, longestMs, longestCpuMs, allMs } of found) {
    console.log(`| ${what} | ${longestMs.toFixed(1)} | ${longestCpuMs.toFixed(1)} | ${allMs.toFixed(0)} |`);
  }
}
