import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { hasBrowser, openBrowser } from './chromium.ts';
import { consoleTests } from './console/console.ts';
import { crowdTests } from './console/crowd.ts';
import { docsTests } from './docs.ts';
import { livenessTests } from './liveness.ts';
import { openService, type Shared } from './service.ts';
import { webcam } from './webcam.ts';

// Real models, videos and a browser on what may be two busy cores.
vi.setConfig({ testTimeout: 300_000 });

describe.runIf(hasBrowser)('in Chromium, at one service,', () => {
  const shared: { -readonly [Name in keyof Shared]?: Shared[Name] } = {};
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openfrs-browser-'));
    [shared.service, shared.browser] = await Promise.all([
      openService(),
      webcam(folder).then((video) => openBrowser(video)),
    ]);
  });
  afterAll(async () => {
    await shared.browser?.close();
    await shared.service?.end();
    await rm(folder, { recursive: true, force: true });
  });
  const opened = () => shared as Shared;

  consoleTests(opened);
  crowdTests(opened);
  livenessTests(opened);
  docsTests(opened);
});
