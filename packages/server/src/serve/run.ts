import { outliveBrokenOutput } from '../standard-streams.ts';
import { stopSignal } from '../stop-signal.ts';
import { type ServeOptions, serve } from './serve.ts';

/** Serves until the process is told to stop; answers its exit code. Everything that is printed is a JSON object a line. */
export async function runServer(options: Omit<ServeOptions, 'onProgress'>): Promise<number> {
  try {
    outliveBrokenOutput();
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
    log('info', 'stopped');
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

const firstAccount =
  'there is no account yet; with the same settings, this makes the first: openfrs account create acme --user ann --project cn-north-4';

function log(level: 'info' | 'warn', message: string): void {
  console.log(JSON.stringify({ level, time: new Date().toISOString(), message }));
}
