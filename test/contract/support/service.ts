import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '@openfrs/server';

/** One project's credentials at a running service. */
export interface Account {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly region: string;
  readonly projectId: string;
  readonly ak: string;
  readonly sk: string;
}

/** What the suite is held against; filled in by `startService`. */
export const service = {
  endpoint: '',
  bucket: '',
  owner: {} as Account,
  /** Where a local server keeps its stores; empty for another implementation. */
  dataDir: '',
};

/**
 * Starts a local server for the suite, or takes the one that the environment names (the variables of
 * `credentials.env`, and FRS_CONTRACT_REMOTE=1), so that another implementation can be held against it.
 */
export async function startService(): Promise<() => Promise<void>> {
  if (process.env.FRS_CONTRACT_REMOTE === '1') {
    fill(process.env);
    return async () => {};
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-contract-'));
  const server = await startLocal({ port: 0, dataDir });
  fill({ ...server.credentials });
  service.dataDir = dataDir;
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

function fill(variables: Readonly<Record<string, string | undefined>>): void {
  const read = (name: string) => {
    const value = variables[name];
    if (!value) throw new Error(`${name} is needed to reach the service.`);
    return value;
  };
  service.endpoint = read('FRS_ENDPOINT');
  service.bucket = read('FRS_BUCKET');
  service.owner = {
    domain: read('FRS_DOMAIN'),
    user: read('FRS_USER'),
    password: read('FRS_PASSWORD'),
    region: read('FRS_REGION'),
    projectId: read('FRS_PROJECT_ID'),
    ak: read('FRS_AK'),
    sk: read('FRS_SK'),
  };
}
