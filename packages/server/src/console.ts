import { buildPages, consoleApp, type UsageCounter } from '@openfrs/console';
import { shownSettings } from '@openfrs/core';
import type { HttpEnv, OnRequest } from '@openfrs/http';
import { parts, type Service } from '@openfrs/service';
import type { Hono } from 'hono';
import { version } from '../package.json' with { type: 'json' };

/**
 * The web console, its pages built first where that is needed. Without it the service is whole: where the pages can't
 * be built, `onProgress` is told why and nothing is returned.
 * @param environment whose settings the operator is shown: what was handed to the server
 */
export async function openConsole(
  { config, resolve }: Service,
  usage: UsageCounter,
  onRequest: OnRequest,
  onProgress: (message: string) => void,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Hono<HttpEnv> | undefined> {
  const { queue } = resolve(parts.admission);
  const startedAt = new Date().toISOString();
  const settings = shownSettings(environment);
  try {
    const pages = await buildPages();
    return await consoleApp({
      pages,
      modelsDir: config.modelsDir,
      usage,
      reports: {
        onRequest,
        ports: async () => ({
          ...resolve(parts.pipelinePorts),
          ...resolve(parts.media),
          liveness: () => resolve(parts.liveness),
          accessKeys: (userId) => resolve(parts.accounts).accessKeys(userId),
          faceSets: resolve(parts.faceSets),
          accounts: resolve(parts.accounts),
          secrets: resolve(parts.secrets),
          tokenUses: resolve(parts.tokenUses),
          derivation: resolve(parts.keyDerivation),
          about: async () => ({
            version,
            startedAt,
            model: (await resolve(parts.model)).id,
            memory: {
              process: process.memoryUsage.rss(),
              indexes: resolve(parts.faceSets).bytesInMemory(),
            },
            work: { running: queue.running, waiting: queue.waiting },
            settings,
          }),
        }),
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`The web console is left out, because its pages could not be built: ${reason.split('\n')[0]}`);
    return undefined;
  }
}
