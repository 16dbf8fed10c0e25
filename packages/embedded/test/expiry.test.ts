import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { startEmbedded } from '@openfrs/embedded';
import { expect, test } from 'vitest';
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
  const rule = (afterMs: number) => ({ dir, expiry: [{ bucket, prefix: 'uploads/', afterMs }] });
  for (const [afterMs, expected] of [
    [3_600_000, { keys: ['kept', 'uploads/a', 'uploads/b'], unfinished: 1 }],
    [1, { keys: ['kept'], unfinished: 0 }],
  ] as const) {
    const stores = await startEmbedded(rule(afterMs));
    await sleep(300);
    const client = s3Client(stores);
    const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    const keys = listed.Contents?.map(({ Key }) => Key);
    expect({ keys, unfinished: uploads.Uploads?.length ?? 0 }).toEqual(expected);
    client.destroy();
    await stores.stop();
  }
  await rm(dir, { recursive: true, force: true });
});
