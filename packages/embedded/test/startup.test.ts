import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { StartupError, startEmbedded } from '@openfrs/embedded';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bucket, s3Client } from './stores.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-start-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true, force: true });
});

/** The sentence that a start ends with. */
async function sentence(start: Promise<{ stop(): Promise<void> }>): Promise<string> {
  try {
    await (await start).stop();
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    return (error as Error).message;
  }
  return 'it started';
}

test('a restart finds what was stored, under the same keys', async () => {
  const first = await startEmbedded({ dir });
  const s3 = s3Client(first);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'kept', Body: 'content' }));
  s3.destroy();
  await first.stop();
  const second = await startEmbedded({ dir });
  expect(second.secretAccessKey).toBe(first.secretAccessKey);
  const reader = s3Client(second);
  const read = await reader.send(new GetObjectCommand({ Bucket: bucket, Key: 'kept' }));
  expect(await read.Body?.transformToString()).toBe('content');
  reader.destroy();
  await second.stop();
});

test('the keys are readable by their owner only', async () => {
  await (await startEmbedded({ dir })).stop();
  expect((await stat(join(dir, 'keys.json'))).mode & 0o777).toBe(0o600);
});

test('without a folder nothing is left behind', async () => {
  vi.stubEnv('TMPDIR', dir);
  const ours = async () => (await readdir(dir)).filter((name) => name.startsWith('openfrs-'));
  const stores = await startEmbedded();
  expect(await ours()).toHaveLength(1);
  await stores.stop();
  expect(await ours()).toEqual([]);
});

describe('one sentence says why it can not start', () => {
  test('a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await sentence(startEmbedded({ dir, s3Port: port }))).toBe(
      `Port ${port} for S3 is in use by another program.`,
    );
    expect(await sentence(startEmbedded({ dir, dynamodbPort: port }))).toBe(
      `Port ${port} for DynamoDB is in use by another program.`,
    );
    other.close();
    // And the folder is free again.
    expect(await sentence(startEmbedded({ dir }))).toBe('it started');
  });

  test('another instance uses the folder', async () => {
    const first = await startEmbedded({ dir });
    expect(await sentence(startEmbedded({ dir }))).toBe(
      `The data folder ${dir} is in use by another running instance.`,
    );
    await first.stop();
  });

  test('the folder is a file', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(await sentence(startEmbedded({ dir: join(dir, 'file') }))).toBe(
      `The data folder ${join(dir, 'file')} can't be written to.`,
    );
  });

  test.runIf(process.getuid?.() !== 0)(
    'the folder is read-only (not testable as root, who may write anywhere)',
    async () => {
      await chmod(dir, 0o500);
      expect(await sentence(startEmbedded({ dir }))).toBe(`The data folder ${dir} can't be written to.`);
    },
  );

  test('the data is damaged', async () => {
    await mkdir(join(dir, 's3', 'catalog'), { recursive: true });
    await writeFile(join(dir, 's3', 'catalog', 'CURRENT'), 'rubbish');
    expect(await sentence(startEmbedded({ dir }))).toContain('is damaged');
  });

  test('the keys are damaged', async () => {
    await writeFile(join(dir, 'keys.json'), '{');
    expect(await sentence(startEmbedded({ dir }))).toContain('is damaged');
  });
});
