import { readFile } from 'node:fs/promises';
import { type FrsClient, frsClient } from '@openfrs/client';
import { readConfig } from '@openfrs/core';
import { CliError, Unreachable } from '../failure.ts';
import { localEnvironment } from '../local-environment.ts';

const names = ['FRS_ENDPOINT', 'FRS_PROJECT_ID', 'FRS_AK', 'FRS_SK'] as const;

/**
 * The service that FRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK and FRS_SK name; without FRS_ENDPOINT the local server.
 * Its methods throw FrsApiError and Unreachable.
 * @throws CliError naming what is missing
 */
export async function openApi(environment: Readonly<Record<string, string | undefined>>): Promise<FrsClient> {
  const local = environment.FRS_ENDPOINT ? {} : await localEnvironment(readConfig(environment).dataDir);
  const settings = { ...environment, ...local };
  const missing = names.filter((name) => !settings[name]);
  if (missing.length > 0) {
    throw new CliError(`Start the server (npm start), or set ${missing.join(', ')} for a deployed one.`);
  }
  const [endpoint = '', projectId = '', ak = '', sk = ''] = names.map((name) => settings[name]);
  if (!URL.canParse(endpoint)) throw new CliError(`FRS_ENDPOINT is no address: ${endpoint}.`);
  return frsClient({
    endpoint,
    projectId,
    credentials: { ak, sk },
    fetch: (url, request) =>
      fetch(url, request).catch((error: unknown) => {
        throw new Unreachable(endpoint, { cause: error });
      }),
  });
}

export async function photoFile(path: string): Promise<Blob> {
  return new Blob([await readFile(path)]);
}
