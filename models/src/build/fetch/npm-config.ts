import { dirname } from 'node:path';
import Config from '@npmcli/config';
import npm from '@npmcli/config/lib/definitions/index.js';

/**
 * npm's own configuration as npm would read it here: the user's, the project's and the global npmrc, and the
 * `npm_config_*` variables: registry, proxy, certificates, credentials, cache. For pacote.
 */
export async function npmConfig(cwd: string): Promise<Record<string, unknown>> {
  const config = new Config({
    ...npm,
    npmPath: dirname(process.execPath),
    argv: [],
    cwd,
    // A copy: loading the configuration writes variables for child processes, of which we have none.
    env: { ...process.env },
  });
  await config.load();
  return { ...config.flat };
}
