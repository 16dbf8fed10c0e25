import { join } from 'node:path';
import type { LocalServer } from '@openfrs/server';
import { credentialsIn } from '../e2e/client.ts';
import { plainStart } from '../e2e/npm-start.ts';

/** A service in a process of its own, as its clients see it. */
export interface CompiledService extends Pick<LocalServer, 'credentials' | 'endpoint' | 'stop'> {
  /** Where the web console is. */
  readonly console: string;
}

/**
 * Starts what `npm start` starts, compiled, on any free port. For tests that need nothing of the service's inside: theirs need not
 * import it, and it starts with half the work.
 * @throws Error with what it printed, where it does not start
 */
export async function startCompiled(dataDir: string): Promise<CompiledService> {
  const run = await plainStart({ FRS_DATA_DIR: dataDir, PORT: '0' });
  const console = /the console is at +(\S+)/.exec(run.out())?.[1];
  if (console === undefined) throw new Error(`The service does not start: ${run.out()}${run.err()}`);
  const credentials = await credentialsIn(join(dataDir, 'credentials.env'));
  return {
    credentials,
    endpoint: credentials.FRS_ENDPOINT,
    console,
    stop: async () => {
      run.interrupt();
      await run.exited();
    },
  };
}
