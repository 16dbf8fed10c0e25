import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Deployment, startDeployment } from '../../cloud/lambda/deployment.ts';
import { node24 } from '../../cloud/lambda/node24.ts';
import { preparedLayers } from '../../cloud/layers.ts';
import { installPlatform, type Plan, planCloud } from '../../cloud/plan.ts';
import { BenchInputError } from '../inputs/inputs.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The functions as they would be deployed, running here, with what runs them. */
export interface Deployed {
  readonly cloud: Deployment;
  readonly plan: Plan;
  /** Folder of the layers' zips. */
  readonly layers: string;
  /** A Node as Lambda's, and SST's runtime loop. */
  readonly node: string;
  readonly runtime: string;
}

/**
 * Plans the deployment, builds the functions and runs them for as long as `use` takes. Linux on x64; layers that are missing or old are
 * built first.
 * @throws BenchInputError on a machine that there is no Node for
 */
export async function withDeployment<T>(use: (deployed: Deployed) => Promise<T>): Promise<T> {
  const layers = await preparedLayers();
  const node = await node24(layers);
  if (node === undefined) throw new BenchInputError('There is no pinned Node 24 for this machine.');
  await installPlatform();
  const plan = await planCloud({ FRS_ARCHITECTURE: 'x86_64' });
  const runtime = join(root, '.sst', 'platform', 'dist', 'nodejs-runtime', 'index.js');
  const cloud = await startDeployment(plan, layers, node, runtime);
  try {
    return await use({ cloud, plan, layers, node, runtime });
  } finally {
    await cloud.stop();
  }
}
