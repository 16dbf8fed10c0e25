import { afterAll, beforeAll, vi } from 'vitest';
import { startService } from '../contract/support/service.ts';
import { changeableAdmission } from './support/changeable-admission.ts';
import { startFixture, stopFixture } from './support/fixture.ts';

/*
 * One running service, attacked from all sides: what must not be seen isn't, what is sent to break it doesn't, and at the
 * end nothing is stored or logged that should not be. FRS_TEST_PICTURES=10000 sends so many changed pictures instead of 150.
 */
vi.setConfig({ testTimeout: 60_000 });
let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await startService(changeableAdmission);
  await startFixture();
});
afterAll(async () => {
  await stopFixture();
  await stop();
});

await import('./suites/access.ts');
await import('./suites/credentials.ts');
await import('./suites/ssrf.ts');
await import('./suites/requests.ts');
await import('./suites/hostile-images.ts');
await import('./suites/lying-files.ts');
await import('./suites/deadlines.ts');
await import('./suites/connections.ts');
await import('./suites/overload.ts');
await import('./suites/privacy.ts');
