import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Need, operations } from '@openfrs/contract';
import { unzippedLimit } from '@openfrs/layers';
import { unzipSync } from 'fflate';
import { describe, expect, inject, test } from 'vitest';
import { operationOfFunction } from './expected-routes.ts';
import type { Plan } from './plan.ts';
import { functionNames, functionOf } from './plan-facts.ts';

const { plan: planFile, layers } = inject('prepared');
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan;

/** Names of the files in a zip, and what they weigh unpacked. */
async function contentsOf(file: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  unzipSync(await readFile(file), {
    filter: ({ name, originalSize }) => {
      sizes.set(name, originalSize);
      return false;
    },
  });
  return sizes;
}
/** The code of a function. */
async function bundleOf(name: string): Promise<string> {
  const files = unzipSync(await readFile(join(plan.artifacts, name, 'code.zip')));
  return new TextDecoder().decode(files['bundle.mjs']);
}
const sum = (sizes: Map<string, number>) => [...sizes.values()].reduce((total, size) => total + size, 0);

describe('what is uploaded', () => {
  test('is a bundle of at most 380 KB a function: our code and the SDK, no native module, no source map', async () => {
    const names = functionNames(plan);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const file = join(plan.artifacts, name, 'code.zip');
      expect((await stat(file)).size).toBeLessThan(380_000);
      const files = [...(await contentsOf(file)).keys()].filter((entry) => !entry.endsWith('/'));
      expect([name, files]).toEqual([name, ['bundle.mjs']]);
    }
  });

  test('holds of the SDK what its function asks: no S3 without objects, no credentials but those of the environment', async () => {
    const objects = new Set<Need>(['media', 'uploads']);
    // What finds faces reads the index, which lies in objects: the other operations on face sets only read and write records.
    const indexed = new Set(['face-search', 'face-delete', 'face-delete-batch']);
    for (const operation of operations) {
      const bundle = await bundleOf(operationOfFunction(operation));
      // The SDK has the names of its clients as texts.
      expect(bundle).toContain('"DynamoDBClient"');
      for (const client of ['SSOClient', 'SSOOIDCClient', 'STSClient', 'SigninClient']) {
        expect([operation.name, client, bundle.includes(`"${client}"`)]).toEqual([
          operation.name,
          client,
          false,
        ]);
      }
      const asksS3 = operation.needs.some((need) => objects.has(need)) || indexed.has(operation.name);
      expect([operation.name, bundle.includes('"S3Client"')]).toEqual([operation.name, asksS3]);
      // What is imported late is kept whole: no operation has event streams, but S3's client imports them at once.
      if (!asksS3)
        expect([operation.name, bundle.includes('EventStreamCodec')]).toEqual([operation.name, false]);
    }
  });

  test.each(['arm64', 'x64'])(
    'for %s fits into what Lambda takes, unpacked, with every layer',
    async (cpu) => {
      const parts = await Promise.all(
        [`native-${cpu}`, 'models', 'ffmpeg'].map((name) => contentsOf(join(layers, `${name}.zip`))),
      );
      const total = parts.map(sum).reduce((all, one) => all + one, 0) + 4_000_000;
      console.log(
        `layers for ${cpu}: ${(total / 1e6).toFixed(0)} MB of ${(unzippedLimit / 1e6).toFixed(0)} MB`,
      );
      expect(total).toBeLessThan(unzippedLimit);
      const natives = [...(parts[0]?.keys() ?? [])];
      expect(natives.filter((file) => file.endsWith('.node')).length).toBeGreaterThanOrEqual(2);
      expect(natives.filter((file) => /win32|darwin|musl|cuda|tensorrt/i.test(file))).toEqual([]);
      const other = cpu === 'x64' ? 'arm64' : 'x64';
      expect(
        natives.filter((file) => file.includes(`/${other}/`) || file.includes(`linux-${other}`)),
      ).toEqual([]);
    },
  );

  test('goes through a bucket where it is too large for a direct upload', () => {
    const zips = plan.resources.filter(({ type }) => type === 'aws:lambda/layerVersion:LayerVersion');
    expect(zips).toHaveLength(3);
    for (const { inputs } of zips) {
      expect(inputs).toMatchObject({
        s3Key: expect.stringMatching(/^layers\//),
        sourceCodeHash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
        compatibleRuntimes: ['nodejs24.x'],
      });
    }
    expect(functionOf(plan, 'FaceDetect').s3Key).toMatch(/^assets\/FaceDetect-code-/);
  });
});
