import { afterAll, beforeAll, vi } from 'vitest';
import { startService } from './support/service.ts';

/*
 * The contract, chapter by chapter, held against a running service over HTTP. FRS_CONTRACT_REMOTE=1 and the
 * variables of `credentials.env` hold another implementation against it.
 */
let stop: () => Promise<void>;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  stop = await startService();
});
afterAll(() => stop());

await import('./chapters/3-calling.ts');
await import('./chapters/4.1-face-detect.ts');
await import('./chapters/4.2-face-compare.ts');
await import('./chapters/4.3-live-detect.ts');
await import('./chapters/4.5-face-sets.ts');
await import('./chapters/4.6-faces.ts');
await import('./chapters/4.4-face-search.ts');
await import('./chapters/5-custom-fields.ts');
await import('./chapters/beyond-uploads.ts');
await import('./chapters/beyond-challenges.ts');
await import('./chapters/6-errors.ts');
