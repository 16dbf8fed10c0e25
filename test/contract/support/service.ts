import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '@openfrs/server';
import type { Overrides, Service } from '@openfrs/service';
import { quickDerivation } from '@openfrs/testing/passwords';
import type { Account } from '../../support/account.ts';

/** What the suite is held against; filled in by `startService`. */
export const service = {
  endpoint: '',
  bucket: '',
  owner: {} as Account,
  /** Where a local server keeps its stores; empty for another implementation. */
  dataDir: '',
};

let running: Service | undefined;

/** The service of this process: for tests of what only its insides show. @throws Error it is another implementation */
export function localService(): Service {
  if (running === undefined) throw new Error('No service runs in this process.');
  return running;
}

/**
 * Starts a local server for the suite, or takes the one that the environment names (the variables of
 * `credentials.env`, and FRS_CONTRACT_REMOTE=1), so that another implementation can be held against it. The
 * environment of this process leads to the server's stores until it is stopped.
 */
export async function startService(overrides: Overrides = {}): Promise<() => Promise<void>> {
  if (process.env.FRS_CONTRACT_REMOTE === '1') {
    fill(process.env);
    return async () => {};
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-contract-'));
  const server = await startLocal({
    port: 0,
    dataDir,
    overrides: { keyDerivation: () => quickDerivation, ...overrides },
  });
  fill({ ...server.credentials });
  service.dataDir = dataDir;
  running = server.service;
  const restore = setEnvironment({
    ...Object.fromEntries(Object.entries(server.credentials).filter(([name]) => name.startsWith('AWS_'))),
    FRS_SECRET_KEY: running.config.secretKey,
  });
  return async () => {
    running = undefined;
    restore();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Returns what takes the variables back. */
function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  return () => {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
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
