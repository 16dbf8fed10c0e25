import { buildPages, type Console, consoleApp } from '@openfrs/console';
import { dynamodbAccounts } from '@openfrs/store';
import { clients } from '../../../functions/wiring/clients.ts';
import { gateway } from '../../../functions/wiring/gateway.ts';
import { liveness } from '../../../functions/wiring/liveness.ts';
import { media } from '../../../functions/wiring/media.ts';
import { settings } from '../../../functions/wiring/settings.ts';

/**
 * The web console, its pages built first where that is needed. Without it the service is whole: where the pages can't
 * be built, `onProgress` is told why and nothing is returned.
 */
export async function openConsole(
  modelsDir: string,
  onProgress: (message: string) => void,
): Promise<Console | undefined> {
  try {
    const pages = await buildPages();
    return await consoleApp({
      pages,
      modelsDir,
      ports: async () => ({
        ...gateway(),
        ...media(),
        liveness,
        accessKeys: (userId) =>
          dynamodbAccounts(clients().dynamodb, settings().accountsTable).accessKeys(userId),
      }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`The web console is left out, because its pages could not be built: ${reason.split('\n')[0]}`);
    return undefined;
  }
}
