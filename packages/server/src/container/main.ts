import { outliveBrokenOutput } from '../standard-streams.ts';
import { serve } from './serve.ts';

/** The container's process: serves until it is told to stop. */
try {
  outliveBrokenOutput();
  const { port, stop } = await serve();
  console.log(JSON.stringify({ level: 'info', message: `serving on port ${port}` }));
  await new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
  await stop();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
