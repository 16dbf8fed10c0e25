import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type CompiledService, startCompiled } from '../support/compiled-service.ts';

export interface Service extends CompiledService {
  /** Stops it and deletes its data. */
  end(): Promise<void>;
}

/** What all the tests of pages have in common. */
export interface Shared {
  readonly service: Service;
  readonly browser: Browser;
}

/** The real service with its console, on any free port. */
export async function openService(): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-console-'));
  const server = await startCompiled(dataDir);
  return {
    ...server,
    async end() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Signs in by the form, as a person would. */
export async function signIn(
  page: Page,
  { credentials }: Pick<CompiledService, 'credentials'>,
): Promise<void> {
  await page.getByLabel('Domain').fill(credentials.FRS_DOMAIN);
  await page.getByLabel('User').fill(credentials.FRS_USER);
  await page.getByLabel('Password').fill(credentials.FRS_PASSWORD);
  await page.getByLabel('Project (region)').fill(credentials.FRS_REGION);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}
