import { readFileSync } from 'node:fs';
import { sdkVariables } from '@openfrs/embedded';
import { afterAll, beforeAll, describe, inject, vi } from 'vitest';
import { startService } from '../contract/support/service.ts';
import { type Deployment, startDeployment } from './lambda/deployment.ts';
import type { Plan } from './plan.ts';

const { plan: planFile, layers, node = '', runtime } = inject('prepared');
if (node === '') console.log('skipped: there is no pinned Node 24 for this machine');

// The chapters read these when they are imported.
Object.assign(process.env, { FRS_CONTRACT_REMOTE: '1', FRS_CONTRACT_SMALL: '1' });

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

  await import('../contract/chapters/3-calling.ts');
  await import('../contract/chapters/4.1-face-detect.ts');
  await import('../contract/chapters/4.2-face-compare.ts');
  await import('../contract/chapters/4.3-live-detect.ts');
  await import('../contract/chapters/4.5-face-sets.ts');
  await import('../contract/chapters/4.6-faces.ts');
  await import('../contract/chapters/4.4-face-search.ts');
  await import('../contract/chapters/5-custom-fields.ts');
  await import('../contract/chapters/beyond-uploads.ts');
});
