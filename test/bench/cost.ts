import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OperationName, operation } from '@openfrs/contract';
import { operationOfFunction } from '../cloud/expected-routes.ts';
import { type Deployment, startDeployment } from '../cloud/lambda/deployment.ts';
import { node24 } from '../cloud/lambda/node24.ts';
import { preparedLayers } from '../cloud/layers.ts';
import { installPlatform, planCloud } from '../cloud/plan.ts';
import { functionOf } from '../cloud/plan-facts.ts';
import { photo } from '../support/photos.ts';
import { costPage, type Measured } from './cost/page.ts';
import { BenchInputError } from './inputs/inputs.ts';
import { median } from './statistics/quantile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const repeats = 7;
const freshInstances = 3;

/**
 * `npm run bench cost`: runs the built functions as Lambda does and prints as Markdown (`packages/infra/COST.md`) what 1,000 calls
 * of each operation cost, at which memory they would cost how much, and how long a new instance takes. Linux on x64.
 * Layers that are missing or old are built first.
 */
export async function bench(): Promise<void> {
  const layers = await preparedLayers();
  const node = await node24(layers);
  if (node === undefined) throw new BenchInputError('There is no pinned Node 24 for this machine.');
  await installPlatform();
  const plan = await planCloud({ FRS_ARCHITECTURE: 'x86_64' });
  const runtime = join(root, '.sst', 'platform', 'dist', 'nodejs-runtime', 'index.js');
  const cloud = await startDeployment(plan, layers, node, runtime);
  try {
    const rows: Measured[] = [];
    for (const [name, call] of await calls(cloud)) {
      const own = operationOfFunction({ name });
      const { memorySize } = functionOf(plan, own);
      const { size } = await stat(join(plan.artifacts, own, 'code.zip'));
      const first = await firstCalls(cloud, own, call);
      rows.push({
        ...(await warmCalls(cloud, own, call)),
        ...first,
        ...{ name, megabytes: Number(memorySize), bundleBytes: size },
      });
      console.error(`${name} measured`);
    }
    console.log(costPage(rows));
  } finally {
    await cloud.stop();
  }
}

/** Of new instances, one after the other: their files have been read before, as on a host that has had the function. */
async function firstCalls(cloud: Deployment, own: string, call: () => Promise<unknown>) {
  const inits: number[] = [];
  const firsts: number[] = [];
  for (let i = 0; i < freshInstances; i++) {
    cloud.kill(own);
    const begun = performance.now();
    await call();
    const all = performance.now() - begun;
    const { initMs } = cloud.taken(own);
    inits.push(initMs);
    firsts.push(all - initMs);
  }
  return { initMs: median(inits), firstMs: median(firsts) };
}

async function warmCalls(cloud: Deployment, own: string, call: () => Promise<unknown>) {
  await call();
  await call();
  const before = cloud.asked.length;
  const { processorMs } = cloud.taken(own);
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const begun = performance.now();
    await call();
    times.push(performance.now() - begun);
  }
  const actions = cloud.asked.slice(before).map(({ action }) => action);
  const count = (pattern: RegExp) => actions.filter((action) => pattern.test(action)).length / repeats;
  return {
    medianMs: median(times),
    leastMs: Math.min(...times),
    processorMs: (cloud.taken(own).processorMs - processorMs) / repeats,
    reads: count(/^dynamodb:(Get|BatchGet|Query)/),
    writes: count(/^dynamodb:(Put|Update|Delete|BatchWrite)/),
    gets: count(/^s3:GetObject/),
  };
}

async function calls(cloud: Deployment): Promise<[OperationName, () => Promise<unknown>][]> {
  const { FRS_USER, FRS_PASSWORD, FRS_DOMAIN, FRS_REGION, FRS_PROJECT_ID = '' } = cloud.credentials;
  let token = '';
  async function call(name: OperationName, body?: unknown, query = ''): Promise<void> {
    const { method, paths } = operation(name);
    const path = paths[0].replace('{project_id}', FRS_PROJECT_ID).replace('{face_set_name}', 'people');
    const answer = await fetch(cloud.endpoint + path + query, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Auth-Token': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
    token = answer.headers.get('X-Subject-Token') ?? token;
  }
  const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
  const identity = { methods: ['password'], password: { user } };
  const login = { auth: { identity, scope: { project: { name: FRS_REGION } } } };
  const image_base64 = photo(1).toString('base64');
  await call('token-create', login);
  await call('face-set-create', { face_set_name: 'people' });
  return [
    ['token-create', () => call('token-create', login)],
    ['face-detect', () => call('face-detect', { image_base64 })],
    [
      'face-compare',
      () => call('face-compare', { image1_base64: image_base64, image2_base64: image_base64 }),
    ],
    ['face-add', () => call('face-add', { image_base64, single: true })],
    ['face-search', () => call('face-search', { image_base64, top_n: 10 })],
    ['face-list', () => call('face-list', undefined, '?offset=0&limit=10')],
    ['live-detect-face', () => call('live-detect-face', { image_base64 })],
  ];
}
