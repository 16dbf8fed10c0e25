import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = execFileSync(
  'git',
  [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '*.[cm]?[jt]s',
    '*.ts',
    '*.tsx',
    '*.mjs',
    '*.cjs',
  ],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');

/** An import or require of the package, by whatever function; dependency-cruiser does not follow the latter. */
const loads = /(?:\bfrom|\bimport|\(|\brequire\w*)\s*\(?\s*['"]onnxruntime-node['"]/;

test('onnxruntime is loaded by the file that turns its telemetry off first, and by no other', async () => {
  const loading: string[] = [];
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8').catch(() => '');
    if (loads.test(text)) loading.push(file);
  }
  expect(loading).toEqual(['packages/vision/src/runtime/onnxruntime.ts']);
});

test('OpenTelemetry is loaded by the tracer and what it alone loads, and that only by a server that was asked to send traces', async () => {
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join(root, file), 'utf8').catch(() => '')] as const),
  );
  const loading = (what: RegExp) => texts.filter(([, text]) => what.test(text)).map(([file]) => file);
  const tracer = 'packages/server/src/tracing/tracer.ts';
  const diagnostics = 'packages/server/src/tracing/diagnostics.ts';
  const production = (what: RegExp) => loading(what).filter((file) => !file.includes('.test.'));
  expect(production(/\bfrom '@opentelemetry\//).sort()).toEqual([diagnostics, tracer]);
  expect(production(/\bfrom '[^']*\/diagnostics\.ts'/)).toEqual([tracer]);
  expect(loading(/\bfrom '[^']*\/tracer\.ts'/)).toEqual([]);
  expect(loading(/import\('[^']*\/tracer\.ts'\)/)).toEqual(['packages/server/src/tracing/tracing.ts']);
});

test('loading onnxruntime sets the variable that it reads', async () => {
  delete process.env.ORT_DISABLE_TELEMETRY;
  await import('@openfrs/vision/onnxruntime');
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
});

test('npm and SST, which the commands of the README run, are told to send nothing', async () => {
  const npmrc = await readFile(join(root, '.npmrc'), 'utf8');
  expect(npmrc).toMatch(/^update-notifier=false$/m);
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const deploying = Object.values(scripts).filter((script) => /\bsst \w/.test(script));
  expect(deploying.length).toBeGreaterThan(0);
  for (const script of deploying) expect(script).toMatch(/SST_TELEMETRY_DISABLED=1 sst /);
});
