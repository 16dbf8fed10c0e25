import { afterAll, vi } from 'vitest';

const environment = { ...process.env };

/** What a file has stubbed or set is as it was when the next file of its process begins. */
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
