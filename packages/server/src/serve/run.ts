import { readConfig } from '@openfrs/core';
import { log } from '@openfrs/core/observation';
import { openServerLog } from '../log/server-log.ts';
import { outliveBrokenOutput } from '../standard-streams.ts';
import { startEnvironment } from '../start-environment.ts';
import { stopSignal } from '../stop-signal.ts';
import { startTracing } from '../tracing/tracing.ts';
import { type ServeOptions, serve } from './serve.ts';

/** Serves until the process is told to stop; answers its exit code. Everything that is printed is a JSON object a line. */
export async function runServer(options: Omit<ServeOptions, 'onProgress'>): Promise<number> {
  try {
    outliveBrokenOutput();
    openServerLog({ level: readConfig(startEnvironment(options.environment)).logLevel });
    const endTracing = await startTracing(options.environment);
    const onProgress = (message: string) => log('info', message);
    const serving = await serve({ ...options, onProgress });
    log('info', `openfrs serves at ${serving.endpoint} (port ${serving.port})`);
    for (const warning of serving.warnings) log('warn', warning);
    if (serving.hasNoAccount) log('info', firstAccount);
    const signal = await stopSignal();
    // A load balancer is told before a stop that it decided on itself; at a terminal nobody waits.
    if (signal === 'SIGTERM') await serving.drain();
    log('info', 'stopping once the requests under way have been answered');
    await serving.stop();
    await endTracing?.();
    log('info', 'stopped');
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

const firstAccount =
  'there is no account yet; with the same settings, this makes the first: openfrs account create acme --user ann --project cn-north-4';
