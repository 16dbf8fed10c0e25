import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@openfrs/core';
import { createClients, type StoreOptions } from '@openfrs/store';
import { credentialsIn } from '../e2e/client.ts';
import { npmStart } from '../e2e/npm-start.ts';
import { assertReportWritable } from './inputs/inputs.ts';
import type { Dataset } from './search/data.ts';
import { openfrs } from './search/openfrs.ts';
import { coldSearches } from './service/cold.ts';
import type { Told as ColdTold } from './service/cold-search.ts';
import { asInAws, distantS3 } from './service/distant-s3.ts';
import { fillSet } from './service/full-set.ts';
import { searchesOverHttp } from './service/over-http.ts';
import { sizesTable } from './service/sizes.ts';
import { throughput } from './service/throughput.ts';
import { atPace, round } from './service/timing.ts';
import { median, quantile } from './statistics/quantile.ts';

const port = 18_080;
const setName = 'bench';
/** Searched before the full one by each process whose first search of that is timed. */
const smallSet = { name: 'bench-small', faces: 10_000 };
const rounds = 32;

/**
 * `npm run bench service [-- --json FILE --faces N --seconds S]`: a full set in the whole service. Import, cold and warm
 * search, and search by face_id over HTTP at 20 requests a second, beside what the parts take alone.
 * `-- --sizes [--largest N]`: time, memory and cost by set size instead, as a Markdown table. `-- --throughput [--photos N]`: faces enrolled
 * and deleted a second, and lists beside pictures, instead.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      json: { type: 'string' },
      faces: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '30' },
      sizes: { type: 'boolean', default: false },
      largest: { type: 'string', default: '1000000' },
      throughput: { type: 'boolean', default: false },
      photos: { type: 'string', default: '120' },
    },
  });
  assertReportWritable(values.json);
  const [faces, seconds] = [Number(values.faces), Number(values.seconds)];
  if (values.throughput) {
    const figures = await throughput({ photos: Number(values.photos), faces, seconds });
    return await report(figures, values.json);
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-bench-'));
  const server = await npmStart({ FRS_DATA_DIR: dataDir, PORT: String(port) });
  try {
    Object.assign(process.env, await credentialsIn(join(dataDir, 'credentials.env')));
    const { FRS_PROJECT_ID: project = '' } = process.env;
    const { dynamodb, s3, destroy } = createClients(readConfig().aws);
    const where = { dynamodb, s3, table: 'openfrs-data', bucket: 'openfrs-index' };
    if (values.sizes) {
      const sizes = [1000, 10_000, 100_000, 1_000_000].filter((faces) => faces <= Number(values.largest));
      console.log(`\n${await sizesTable(where, project, sizes)}`);
    } else {
      await report(await measure(where, project, faces, seconds), values.json);
    }
    destroy();
  } finally {
    server.interrupt();
    await server.exited();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function report(figures: Readonly<Record<string, number>>, file: string | undefined): Promise<void> {
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(34)} ${value}`);
  if (file) await writeFile(file, `${JSON.stringify(figures, undefined, 2)}\n`);
}

async function measure(
  where: StoreOptions,
  project: string,
  faces: number,
  seconds: number,
): Promise<Record<string, number>> {
  const { data, importMs, compactMs } = await fillSet(where, project, setName, faces);
  await fillSet(where, project, smallSet.name, smallSet.faces);
  const task = { project, name: setName, known: smallSet.name };
  const near = await coldSearches(rounds, { ...task, s3Endpoint: undefined });
  const distant = await atDistance((s3Endpoint) => coldSearches(rounds, { ...task, s3Endpoint }));
  const { kernel, kernelAtPace, http } = await overHttp(where, project, data, seconds);
  return {
    faces,
    import_faces_a_second: Math.round((faces / importMs) * 1000),
    compact_ms: Math.round(compactMs),
    ...coldFigures('', near),
    ...coldFigures('distant_', distant),
    kernel_ms: round(median(kernel)),
    kernel_at_pace_ms: round(median(kernelAtPace)),
    warm_search_in_process_ms: round(median(near.flatMap(({ warmMs }) => warmMs))),
    http_requests: http.length,
    http_median_ms: round(median(http)),
    http_p99_ms: round(quantile(http, 0.99)),
    http_limit_ms: round(2 * median(kernel) + 5),
    http_limit_at_pace_ms: round(2 * median(kernelAtPace) + 5),
  };
}

function coldFigures(prefix: string, told: readonly ColdTold[]): Record<string, number> {
  const read = ofBothOrders(told.map(({ readMs }) => readMs));
  const cold = ofBothOrders(told.map(({ coldMs }) => coldMs));
  return {
    [`${prefix}read_int8_block_ms`]: round(read),
    [`${prefix}cold_search_ms`]: round(cold),
    [`${prefix}cold_over_read`]: round(cold / read),
  };
}

/**
 * The mean of two medians, of the processes that read first and of those that searched first: what comes first in a process
 * takes longer, and the median of all would lie anywhere between the two.
 */
function ofBothOrders(values: readonly number[]): number {
  return (
    (median(values.filter((_, at) => at % 2 === 0)) + median(values.filter((_, at) => at % 2 === 1))) / 2
  );
}

/** With an S3 that answers as AWS's does: the embedded one takes its time from the same processors. */
async function atDistance<T>(use: (s3Endpoint: string) => Promise<T>): Promise<T> {
  const { endpoint, stop } = await distantS3(process.env.AWS_ENDPOINT_URL_S3 ?? '', asInAws);
  try {
    return await use(endpoint);
  } finally {
    stop();
  }
}

interface OverHttp {
  readonly http: number[];
  /** The index alone, in this process, query after query: what the search inside of a request can't be faster than. */
  readonly kernel: number[];
  /** The same 20 times a second, as the requests come: processors are slower after each rest. */
  readonly kernelAtPace: number[];
}

/** By turns, as the machine's speed changes from minute to minute. */
async function overHttp(
  where: StoreOptions,
  project: string,
  data: Dataset,
  seconds: number,
): Promise<OverHttp> {
  const index = await openfrs.load(data);
  let next = 0;
  const scan = async () => {
    const query = data.queries[next % data.queries.length] as Float32Array;
    next += 1;
    return (await index.answer({ queries: [query], top: 10, selectivity: 1 }))?.ms ?? Number.NaN;
  };
  const search = await searchesOverHttp(where, project, setName);
  for (let warmUp = 0; warmUp < 50; warmUp += 1) await scan();
  const times: OverHttp = { http: [], kernel: [], kernelAtPace: [] };
  const turns = 6;
  for (let turn = 0; turn < turns; turn += 1) {
    times.http.push(...(await atPace((20 * seconds) / turns, search)));
    times.kernelAtPace.push(...(await atPace(40, scan)));
    for (let query = 0; query < 40; query += 1) times.kernel.push(await scan());
  }
  await index.close();
  return times;
}
