import { buildPages, type Console, consoleApp } from '@openfrs/console';
import { parts, type Service } from '@openfrs/service';

/**
 * The web console, its pages built first where that is needed. Without it the service is whole: where the pages can't
 * be built, `onProgress` is told why and nothing is returned.
 */
export async function openConsole(
  { config, resolve }: Service,
  onProgress: (message: string) => void,
): Promise<Console | undefined> {
  try {
    const pages = await buildPages();
    return await consoleApp({
      pages,
      modelsDir: config.modelsDir,
      ports: async () => ({
        ...resolve(parts.gateway),
        ...resolve(parts.media),
        liveness: () => resolve(parts.liveness),
        accessKeys: (userId) => resolve(parts.accounts).accessKeys(userId),
      }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`The web console is left out, because its pages could not be built: ${reason.split('\n')[0]}`);
    return undefined;
  }
}
