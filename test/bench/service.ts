import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { readSegmentPlan, segmentHeaderBytes } from '@openfrs/search';
import { createClients, createFaceSets, createTransfer, createUpkeep } from '@openfrs/store';
import { npmStart } from '../e2e/npm-start.ts';
import { type Dataset, makeDataset } from './search/data.ts';
import { openfrs } from './search/openfrs.ts';

const dimension = 192;
const port = 18_080;
const setName = 'bench';

/**
 * `npm run bench service [-- --json FILE --faces N --seconds S]`: a full set in the whole service. Import, cold and warm
 * search, and search by face_id over HTTP at 20 requests a second, beside what the parts take alone.
 */
export async function bench(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: { json: { type: 'string' }, faces: { type: 'string' }, seconds: { type: 'string' } },
  });
  const faces = Number(values.faces ?? 100_000);
  const seconds = Number(values.seconds ?? 30);
  const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-bench-'));
  const server = await npmStart({ FRS_DATA_DIR: dataDir, PORT: String(port) });
  try {
    Object.assign(process.env, await variables(join(dataDir, 'credentials.env')));
    const figures = await measure(faces, seconds);
    for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(34)} ${value}`);
    if (values.json) await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  } finally {
    server.interrupt();
    await server.exited();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(faces: number, seconds: number): Promise<Record<string, number>> {
  const { FRS_PROJECT_ID: project = '' } = process.env;
  const { dynamodb, s3, destroy } = createClients();
  const where = { dynamodb, s3, table: 'openfrs-data', bucket: 'openfrs-index' };
  const data = makeDataset('clustered', faces, dimension, 50);
  const { vectors, queries } = data;
  const text = (row: number) =>
    Buffer.from(vectors.buffer, row * dimension * 4, dimension * 4).toString('base64');
  async function* lines() {
    const model = { model: 'fr-feature-192', dimension };
    yield JSON.stringify({
      kind: 'openfrs.face-set',
      version: 1,
      name: setName,
      capacity: 100_000,
      fields: [],
      ...model,
    });
    for (let row = 0; row < faces; row += 1) {
      const id = { external_image_id: `person-${Math.floor(row / 5)}`, bounding_box: [10, 10, 90, 90] };
      yield JSON.stringify({ ...id, vector: text(row) });
    }
  }
  const importMs = await time(async () => {
    await createTransfer(where).importSet(project, lines, { maxSets: 10 });
  });
  const compactMs = await time(async () => {
    await createUpkeep(where).compact(project, setName);
  });

  // Cold: a new searcher each time, beside plain ranged reads of the same bytes.
  const cold: number[] = [];
  const read: number[] = [];
  const warm: number[] = [];
  const entries = await segments(where);
  for (let round = 0; round < 7; round += 1) {
    const vector = queries[round] as Float32Array;
    read.push(await time(() => Promise.all(entries.map((entry) => readCodes(where, entry)))));
    const sets = createFaceSets(where);
    const set = await sets.get(project, setName);
    const search = () => sets.search(set, { probe: { vector }, topN: 10, minCosine: -1 });
    cold.push(await time(search));
    for (let repeat = 0; repeat < 5; repeat += 1) warm.push(await time(search));
  }
  const kernel = await kernelTimes(data);
  const http = await overHttp(where, project, seconds);
  destroy();
  return {
    faces,
    import_faces_a_second: Math.round((faces / importMs) * 1000),
    compact_ms: Math.round(compactMs),
    read_int8_block_ms: round(median(read)),
    cold_search_ms: round(median(cold)),
    cold_over_read: round(median(cold) / median(read)),
    kernel_ms: round(median(kernel)),
    warm_search_in_process_ms: round(median(warm)),
    http_requests: http.length,
    http_median_ms: round(median(http)),
    http_p99_ms: round(quantile(http, 0.99)),
    http_limit_ms: round(2 * median(kernel) + 5),
  };
}

/** 20 requests a second, each at its own time, whether or not the one before was answered. */
async function overHttp(where: Where, project: string, seconds: number): Promise<number[]> {
  const { FRS_ENDPOINT, FRS_DOMAIN, FRS_USER, FRS_PASSWORD, FRS_REGION } = process.env;
  const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
  const auth = {
    identity: { methods: ['password'], password: { user } },
    scope: { project: { name: FRS_REGION } },
  };
  const answer = await fetch(`${FRS_ENDPOINT}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth }),
  });
  const headers = {
    'X-Auth-Token': answer.headers.get('x-subject-token') ?? '',
    'Content-Type': 'application/json',
  };
  const sets = createFaceSets(where);
  const listed = await sets.page(await sets.get(project, setName), 0, 1000);
  const ask = async (index: number) => {
    const body = JSON.stringify({ face_id: listed[index % listed.length]?.faceId });
    const url = `${FRS_ENDPOINT}/v2/${project}/face-sets/${setName}/search`;
    return time(async () => {
      const found = await fetch(url, { method: 'POST', headers, body });
      if (!found.ok) throw new Error(await found.text());
      await found.text();
    });
  };
  for (let warmUp = 0; warmUp < 40; warmUp += 1) await ask(warmUp);
  const asked: Promise<number>[] = [];
  for (let index = 0; index < seconds * 20; index += 1) {
    asked.push(ask(index));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Promise.all(asked);
}

type Where = {
  dynamodb: ReturnType<typeof createClients>['dynamodb'];
  s3: ReturnType<typeof createClients>['s3'];
  table: string;
  bucket: string;
};

async function segments({ s3, bucket }: Where): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'segments/' }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

/** The part that a cold search waits for, as it lies in the file, by ranged reads side by side. */
async function readCodes({ s3, bucket }: Where, key: string): Promise<void> {
  const range = async (from: number, length: number) => {
    const Range = `bytes=${from}-${from + length - 1}`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
    return (await Body?.transformToByteArray()) as Uint8Array;
  };
  const { offset, length } = readSegmentPlan(await range(0, segmentHeaderBytes)).parts.codes;
  const part = 8 * 2 ** 20;
  const starts = Array.from({ length: Math.ceil(length / part) }, (_, index) => index * part);
  await Promise.all(starts.map((at) => range(offset + at, Math.min(part, length - at))));
}

/** The index alone, in this process: what the search inside of a request can't be faster than. */
async function kernelTimes(data: Dataset): Promise<number[]> {
  const index = await openfrs.load(data);
  const times: number[] = [];
  for (const [round, query] of data.queries.entries()) {
    const answer = await index.answer({ queries: [query], top: 10, selectivity: 1 });
    if (round >= 5 && answer) times.push(answer.ms);
  }
  await index.close();
  return times;
}

async function variables(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('='));
  const unquoted = (text: string) => text.replace(/^(['"])(.*)\1$/, '$2');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), unquoted(line.slice(line.indexOf('=') + 1))]),
  );
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] as number;
const median = (values: readonly number[]) => quantile(values, 0.5);
const round = (value: number) => Math.round(value * 100) / 100;
