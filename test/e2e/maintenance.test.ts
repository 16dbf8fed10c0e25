import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { NewFace } from '@openfrs/core';
import { type LocalServer, startLocal } from '@openfrs/server';
import { parts } from '@openfrs/service';
import { defaultLimits } from '@openfrs/store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Real models and stores on what may be two busy cores.
vi.setConfig({ testTimeout: 180_000 });

let dataDir: string;
let server: LocalServer;
let s3: S3Client;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'openfrs-maintenance-'));
  server = await startLocal({ dataDir, port: 0 });
  const { credentials } = server;
  s3 = new S3Client({
    endpoint: credentials.AWS_ENDPOINT_URL_S3,
    region: credentials.AWS_REGION,
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  });
});
afterAll(async () => {
  s3?.destroy();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('many new faces become a segment of the search index, without anybody asking for it', async () => {
  const { FRS_PROJECT_ID } = server.credentials;
  const dimension = 64;
  const spec = { name: 'growing', capacity: 10_000, fields: {}, model: 'test', dimension };
  const faceSets = server.service.resolve(parts.faceSets);
  const set = await faceSets.create(FRS_PROJECT_ID, spec, 10);
  const face = (index: number): NewFace => {
    const vector = new Float32Array(dimension);
    vector[index % dimension] = 1;
    const box = { topLeftX: 0, topLeftY: 0, width: 50, height: 50 };
    return { box, externalImageId: `face${index}`, fields: {}, vector };
  };
  const batch = 200;
  for (let from = 0; from < defaultLimits.tailRows + batch; from += batch) {
    await faceSets.add(
      set,
      Array.from({ length: batch }, (_, index) => face(from + index)),
    );
  }
  const segments = async () => {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: server.service.config.indexBucket }));
    return (listed.Contents ?? []).filter(({ Key }) => Key?.includes(set.id));
  };
  await vi.waitFor(async () => expect((await segments()).length).toBeGreaterThan(0), {
    timeout: 120_000,
    interval: 500,
  });
});
