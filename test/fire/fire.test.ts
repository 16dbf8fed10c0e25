import { afterAll, beforeAll, vi } from 'vitest';
import { startService } from '../contract/support/service.ts';
import { startFire, stopFire } from './support/world.ts';

/*
 * One running service under fire, from all sides: what must not be seen isn't, what is sent to break it doesn't, and at
 * the end nothing is stored or logged that should not be. FRS_FIRE=1 sends 10,000 changed pictures instead of a few.
 */
vi.setConfig({ testTimeout: 60_000 });
let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await startService();
  await startFire();
});
afterAll(async () => {
  await stopFire();
  await stop();
});

await import('./sections/access.ts');
await import('./sections/credentials.ts');
await import('./sections/addresses.ts');
await import('./sections/requests.ts');
await import('./sections/pictures.ts');
await import('./sections/deadlines.ts');
await import('./sections/connections.ts');
await import('./sections/overload.ts');
await import('./sections/privacy.ts');
