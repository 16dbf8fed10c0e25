import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Who reads the process's environment, and why it can't be handed in. */
const readers: Readonly<Record<string, string>> = {
  'packages/core/src/config.ts': 'readConfig: the settings of every entry point',
  'packages/cli/bin/openfrs.cjs': 'entry point: sets what Node and libraries read from it',
  'packages/cli/src/main.ts': 'entry point',
  'packages/client/docs/examples/face-login/server.mjs': 'entry point: an example',
  'packages/client/docs/examples/find.mjs': 'entry point: an example',
  'packages/console/server/main.ts': 'entry point',
  'packages/infra/src/settings.ts': 'entry point: the settings of a deployment',
  'packages/infra/src/before-deploying.ts': 'entry point',
  'packages/service/src/provisioned.ts': 'how Lambda started this process, of which no setting tells',
  'packages/vision/src/runtime/onnxruntime.ts': 'sets what the native library reads from it',
  'layers/src/main.ts': 'entry point',
  'models/src/main.ts': 'entry point',
  'models/src/build/fetch/npm-config.ts': "npm's own configuration, as npm reads it",
  'packages/console/server/build.ts': 'Vite changes it, and it is put back',
  'packages/publishing/src/main.ts': 'the workflow that publishes',
  'packages/publishing/src/server-package.ts': 'the entry point of the published package, as text',
  'packages/server/image/health.mjs': 'entry point: the health check of the image',
  'packages/server/src/main.ts': 'entry point',
  'packages/server/src/vision/vision-worker.ts': 'handed on to a process',
};

test('only entry points read the environment: what is below them is given its settings', async () => {
  const found = new Set<string>();
  for (const top of ['packages', 'models', 'layers', 'functions']) {
    for (const file of await readdir(`${root}${top}`, { recursive: true })) {
      const isCode =
        /\.(ts|tsx|mjs|cjs)$/.test(file) && !/\.test\.ts$|(^|\/)(node_modules|dist|test|site)\//.test(file);
      if (!isCode || file.startsWith('testing/')) continue;
      const code = await readFile(`${root}${top}/${file}`, 'utf8');
      if (/\bprocess\.env\b|\{[^}]*\benv\b[^}]*\} = process\b/.test(code)) found.add(`${top}/${file}`);
    }
  }
  expect([...found].sort()).toEqual(Object.keys(readers).sort());
});
