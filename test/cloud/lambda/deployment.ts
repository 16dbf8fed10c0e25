import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAccount, secretKeys } from '@openfrs/core';
import { type EmbeddedStores, startEmbedded } from '@openfrs/embedded';
import { createBuckets, createClients, createTables, dynamodbAccounts } from '@openfrs/store';
import type { Plan } from '../plan.ts';
import { environmentOf, policyOf, resourcesOf, routesOf } from '../plan-facts.ts';
import { type CloudHost, startCloud } from './gateway.ts';
import { type Guard, type Sent, startGuard } from './guard.ts';
import type { FunctionConfig } from './instance.ts';
import type { Asked } from './policy.ts';

const run = promisify(execFile);

/** The plan's functions, running with their layers over embedded stores, each behind its own policy. */
export interface Deployment extends CloudHost {
  readonly stores: EmbeddedStores;
  readonly mediaBucket: string;
  /** How each function is run, by its name in the plan. */
  readonly functions: ReadonlyMap<string, FunctionConfig>;
  /** The variables of `credentials.env` of an account that was made for it. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Messages that functions sent to queues. */
  readonly sent: readonly Sent[];
  /** What functions asked their stores for. */
  readonly asked: readonly (Asked & { readonly function: string })[];
  /** What functions tried that their policies don't allow. */
  readonly denied: readonly (Asked & { readonly function: string })[];
}

/**
 * @param layers the folder with the layers' zips
 * @param node a Node as Lambda's
 * @param runtime SST's runtime loop
 */
export async function startDeployment(
  plan: Plan,
  layers: string,
  node: string,
  runtime: string,
): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-lambda-'));
  const stores = await startEmbedded();
  const guards: Guard[] = [];
  const sent: Sent[] = [];
  const asked: (Asked & { function: string })[] = [];
  const denied: (Asked & { function: string })[] = [];
  const opt = join(folder, 'opt');
  await unzip(join(layers, `native-${process.arch}.zip`), opt);
  for (const name of ['models', 'ffmpeg']) await unzip(join(layers, `${name}.zip`), opt);
  const configs = new Map<string, FunctionConfig>();
  for (const { name, inputs } of resourcesOf(plan, 'aws:lambda/function:Function')) {
    const own = name.replace(/Function$/, '');
    const guard = await startGuard({
      statements: policyOf(plan, own),
      ...stores,
      onSent: (message) => sent.push(message),
      onAllowed: (one) => asked.push({ ...one, function: own }),
      onDenied: (one) => denied.push({ ...one, function: own }),
    });
    guards.push(guard);
    const code = join(folder, own);
    await unzip(join(plan.artifacts, own, 'code.zip'), code);
    const planned = Object.entries(environmentOf(plan, own)).map(([key, value]) => [
      key,
      value.replace(/^\/opt\//, `${opt}/`),
    ]);
    configs.set(own, {
      name: own,
      code,
      handler: String(inputs.handler),
      memoryMb: Number(inputs.memorySize),
      timeoutSeconds: Number(inputs.timeout),
      // Of a function without layers, /opt is empty.
      opt: ((inputs.layers ?? []) as unknown[]).length > 0 ? opt : join(folder, 'nothing'),
      environment: {
        ...Object.fromEntries(planned),
        AWS_ENDPOINT_URL_DYNAMODB: guard.dynamodbEndpoint,
        AWS_ENDPOINT_URL_S3: guard.s3Endpoint,
        AWS_ENDPOINT_URL_SQS: guard.sqsEndpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: stores.accessKeyId,
        AWS_SECRET_ACCESS_KEY: stores.secretAccessKey,
      },
    });
  }
  const routes = routesOf(plan).map(({ key, function: name }) => ({
    key,
    function: configs.get(name) as FunctionConfig,
  }));
  const host = await startCloud(routes, [...configs.values()], node, runtime);
  const credentials = await account(plan, stores, host.endpoint);
  return {
    ...host,
    stores,
    functions: configs,
    mediaBucket: credentials.FRS_BUCKET,
    credentials,
    sent,
    asked,
    denied,
    stop: async () => {
      await host.stop();
      await Promise.all(guards.map((guard) => guard.stop()));
      await stores.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function unzip(file: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run('unzip', ['-q', '-o', file, '-d', folder]);
}

/** Makes the plan's tables and buckets and an account, as a deployer does. */
async function account(plan: Plan, stores: EmbeddedStores, endpoint: string) {
  const variables = environmentOf(plan, 'FaceAdd');
  const name = (variable: string) => variables[variable] as string;
  const clients = createClients({
    region: 'us-east-1',
    dynamodbEndpoint: stores.dynamodbEndpoint,
    s3Endpoint: stores.s3Endpoint,
    credentials: stores,
  });
  try {
    const tables = ['FRS_TABLE_DATA', 'FRS_TABLE_ACCOUNTS', 'FRS_TABLE_LIMITS'].map(name);
    await createTables(clients.dynamodb, tables);
    await createBuckets(clients.s3, [name('FRS_BUCKET_INDEX'), name('FRS_BUCKET')]);
    const made = await createAccount(
      { domain: 'openfrs', user: 'deployer', project: 'region-1', buckets: [name('FRS_BUCKET')] },
      {
        accounts: dynamodbAccounts(clients.dynamodb, name('FRS_TABLE_ACCOUNTS')),
        secrets: secretKeys(name('FRS_SECRET_KEY')),
      },
    );
    return {
      FRS_ENDPOINT: endpoint,
      FRS_REGION: made.project,
      FRS_DOMAIN: made.domain,
      FRS_USER: made.user,
      FRS_PASSWORD: made.password,
      FRS_AK: made.ak,
      FRS_SK: made.sk,
      FRS_PROJECT_ID: made.projectId,
      FRS_BUCKET: name('FRS_BUCKET'),
      FRS_SECRET_KEY: name('FRS_SECRET_KEY'),
      FRS_TABLE_ACCOUNTS: name('FRS_TABLE_ACCOUNTS'),
    };
  } finally {
    clients.destroy();
  }
}
