import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { startEmbedded } from '@openfrs/embedded';
import { expect, test, vi } from 'vitest';
import { bucket, s3Client } from './stores.ts';

test('what is older than a rule allows is removed at the next look; the rest stays', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-expiry-'));
  const first = await startEmbedded({ dir });
  const s3 = s3Client(first);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of ['uploads/a', 'uploads/b', 'kept']) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
  }
  await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'uploads/never completed' }));
  s3.destroy();
  await first.stop();
  const uploads = (afterMs: number) => ({ bucket, prefix: 'uploads/', afterMs });
  // The rules are applied in this order: when the sign is gone, the rules before it have been.
  const sign = { bucket, prefix: 'sign', afterMs: 1 };
  for (const [rule, expected] of [
    [uploads(3_600_000), { keys: ['kept', 'uploads/a', 'uploads/b'], unfinished: 1 }],
    [uploads(1), { keys: ['kept'], unfinished: 0 }],
  ] as const) {
    const before = await startEmbedded({ dir });
    const writer = s3Client(before);
    await writer.send(new PutObjectCommand({ Bucket: bucket, Key: 'sign', Body: 'x' }));
    writer.destroy();
    await before.stop();
    const stores = await startEmbedded({ dir, expiry: [rule, sign] });
    const client = s3Client(stores);
    const keys = async () => {
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents?.map(({ Key }) => Key);
    };
    await vi.waitFor(async () => expect(await keys()).not.toContain('sign'), 40_000);
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect({ keys: await keys(), unfinished: Uploads?.length ?? 0 }).toEqual(expected);
    client.destroy();
    await stores.stop();
  }
  await rm(dir, { recursive: true, force: true });
});
