import { buildPages, consoleApp, type UsageCounter } from '@openfrs/console';
import type { HttpEnv, OnRequest } from '@openfrs/http';
import { parts, type Service } from '@openfrs/service';
import type { Hono } from 'hono';

/**
 * The web console, its pages built first where that is needed. Without it the service is whole: where the pages can't
 * be built, `onProgress` is told why and nothing is returned.
 */
export async function openConsole(
  { config, resolve }: Service,
  usage: UsageCounter,
  onRequest: OnRequest,
  onProgress: (message: string) => void,
): Promise<Hono<HttpEnv> | undefined> {
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
        }),
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`The web console is left out, because its pages could not be built: ${reason.split('\n')[0]}`);
    return undefined;
  }
}
