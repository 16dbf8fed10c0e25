import { readFile } from 'node:fs/promises';
import { type FrsClient, frsClient } from '@openfrs/client';
import { readConfig } from '@openfrs/core';
import { CliError, Unreachable } from '../failure.ts';
import { localEnvironment } from '../local-environment.ts';
import { type Profile, readProfile } from './profiles.ts';

const names = ['FRS_ENDPOINT', 'FRS_PROJECT_ID', 'FRS_AK', 'FRS_SK'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The profile that is used unless another is named. */
export const profileName = ({ FRS_PROFILE }: Environment) => FRS_PROFILE || 'default';

/**
 * The service that FRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK and FRS_SK name; without FRS_ENDPOINT that of the profile FRS_PROFILE; without
 * that the server of this folder, or that of the profile `default`. Its methods throw FrsApiError and Unreachable.
 * @throws CliError naming what is missing
 */
export async function openApi(environment: Environment): Promise<FrsClient> {
  if (environment.FRS_ENDPOINT) return apiOfSettings(environment);
  const profile = await readProfile(environment, profileName(environment));
  if (environment.FRS_PROFILE) {
    if (profile === undefined)
      throw new CliError(`There is no profile ${environment.FRS_PROFILE}: make it with openfrs login.`);
    return apiOf(profile);
  }
  const local = await localEnvironment(readConfig(environment).dataDir);
  return local === undefined && profile !== undefined
    ? apiOf(profile)
    : apiOfSettings({ ...environment, ...local });
}

function apiOfSettings(settings: Environment): FrsClient {
  const missing = names.filter((name) => !settings[name]);
  if (missing.length > 0) {
    throw new CliError(
      `Start the server (npm start), log in to another one (openfrs login), or set ${missing.join(', ')}.`,
    );
  }
  const [endpoint = '', projectId = '', ak = '', sk = ''] = names.map((name) => settings[name]);
  if (!URL.canParse(endpoint)) throw new CliError(`FRS_ENDPOINT is no address: ${endpoint}.`);
  return apiOf({ endpoint, projectId, ak, sk });
}

export function apiOf({ endpoint, projectId, ak, sk }: Profile): FrsClient {
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
