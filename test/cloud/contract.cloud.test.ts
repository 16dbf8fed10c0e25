import { readFileSync } from 'node:fs';
import { sdkVariables } from '@openfrs/embedded';
import { sampled } from '@openfrs/testing/sample';
import { afterAll, beforeAll, describe, inject, vi } from 'vitest';
import { startService } from '../contract/support/service.ts';
import { type Deployment, startDeployment } from './lambda/deployment.ts';
import type { Plan } from './plan.ts';

const { plan: planFile, layers, node = '', runtime } = inject('prepared');
if (node === '') console.log('skipped: there is no pinned Node 24 for this machine');

// The chapters read these when they are imported.
Object.assign(process.env, { FRS_CONTRACT_REMOTE: '1', FRS_CONTRACT_SMALL: '1' });

/** In their order. lambda.cloud.test.ts calls every function in each run; of the chapters a run draws one of each kind. */
const chapters = [
  { about: 'requests', file: '3-calling' },
  { about: 'pictures', file: '4.1-face-detect' },
  { about: 'pictures', file: '4.2-face-compare' },
  { about: 'pictures', file: '4.3-live-detect' },
  { about: 'sets', file: '4.5-face-sets' },
  { about: 'sets', file: '4.6-faces' },
  { about: 'sets', file: '4.4-face-search' },
  { about: 'sets', file: '5-custom-fields' },
  { about: 'requests', file: 'beyond-uploads' },
] as const;

// The contract, chapter by chapter, held against the bundles as Lambda runs them.
describe.skipIf(node === '')('the contract under the Lambda Runtime API', async () => {
  let cloud: Deployment;
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan;
    cloud = await startDeployment(plan, layers, node, runtime);
    Object.assign(process.env, cloud.credentials, sdkVariables(cloud.stores));
    await startService();
  });
  afterAll(() => cloud?.stop());

  for (const { file } of sampled(chapters, ({ about }) => about))
    await import(`../contract/chapters/${file}.ts`);
});
