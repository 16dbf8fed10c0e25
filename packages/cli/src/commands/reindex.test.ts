import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { pathValue } from '@openfrs/contract/path-value';
import { createAccount, type FaceSet, newSecretKey, secretKeys } from '@openfrs/core';
import { sdkVariables, startEmbedded } from '@openfrs/embedded';
import { createBuckets, createClients, createFaceSets, createTables, dynamodbAccounts } from '@openfrs/store';
import { photo } from '@openfrs/testing/photos';
import { createVision } from '@openfrs/vision';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';
import { externalImageId, personImageId } from '../enrol/external-image-id.ts';

/* Sets with vectors of the embedding from before, which one process makes beside today's. */

// Real models on what may be two busy cores.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const before = 'fr-feature-192';
const embedded = await startEmbedded();
const clients = createClients({ ...embedded, credentials: embedded });
await createTables(clients.dynamodb, ['openfrs-accounts', 'openfrs-data']);
await createBuckets(clients.s3, ['openfrs-index', 'photos']);
const vision = await createVision();
const root = await mkdtemp(join(tmpdir(), 'openfrs-reindex-'));
afterAll(async () => {
  await vision.close();
  clients.destroy();
  await embedded.stop();
  await rm(root, { recursive: true });
});

const accounts = dynamodbAccounts(clients.dynamodb, 'openfrs-accounts');
const { projectId } = await createAccount(
  { domain: 'acme', user: 'ann', project: 'here' },
  { accounts, secrets: secretKeys(newSecretKey()) },
);
const faceSets = createFaceSets({ ...clients, table: 'openfrs-data', bucket: 'openfrs-index' });
const photos = { 'ann/1.jpg': photo(1), 'ben.jpg': photo(2) } as const;
const described = Object.fromEntries(
  await Promise.all(
    Object.entries(photos).map(async ([name, file]) => [
      name,
      {
        old: await vision.describe(file, { faces: 'all', model: before }),
        now: await vision.describe(file, { faces: 'all' }),
      },
    ]),
  ),
) as Record<keyof typeof photos, Record<'old' | 'now', Awaited<ReturnType<typeof vision.describe>>>>;

let folder: string;
let set: FaceSet;
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'photos-'));
  await mkdir(join(folder, 'ann'));
  const name = `people-${folder.slice(-6)}`;
  const fields = { file: 'string' } as const;
  set = await faceSets.create(projectId, { name, capacity: 100, fields, model: before, dimension: 192 }, 100);
});

/** Adds the largest faces of both photos: one tells its photo by its path, the other by its id. */
async function enrol(ids: { readonly ann?: string; readonly ben?: string } = {}): Promise<void> {
  const of = (name: keyof typeof photos) => {
    const [{ box, vector }] = described[name].old as [(typeof described)['ben.jpg']['old'][number]];
    return { box, vector };
  };
  const fields = { file: pathValue('ann/1.jpg') };
  await faceSets.add(set, [{ ...of('ann/1.jpg'), externalImageId: ids.ann ?? 'somebody', fields }]);
  await faceSets.add(set, [{ ...of('ben.jpg'), externalImageId: ids.ben ?? 'ben', fields: {} }]);
}

const frs = (...argv: string[]) => runCommand(argv, sdkVariables(embedded));

/** The set's faces found by today's vectors of the photos, most similar first. */
async function found(): Promise<{ readonly model: string; readonly hits: readonly [string, number][] }> {
  const now = await faceSets.get(projectId, set.name);
  const hits: [string, number][] = [];
  for (const { now: faces } of Object.values(described)) {
    const vector = vision.model.probe(faces[0]?.vector as Float32Array);
    const [hit] = await faceSets.search(now, { probe: { vector }, topN: 1, minCosine: -1 });
    if (hit) hits.push([hit.externalImageId, hit.cosine]);
  }
  return { model: now.model, hits };
}

/** .9 to 1: a photo has no more in common with itself than it holds of the person (decision 11). */
const alike = expect.closeTo(0.95, 1);

it('makes vectors of today from a folder, by the path or the id of each face', async () => {
  await enrol();
  for (const [name, file] of Object.entries(photos)) await writeFile(join(folder, name), file);
  expect(await frs('set', 'reindex', set.name, '--from', folder, '--json')).toMatchObject({
    code: 0,
    out: `${JSON.stringify({ set: set.name, model: vision.model.id, faces: 2, missing: 0 })}\n`,
  });
  expect(await found()).toEqual({
    model: vision.model.id,
    hits: [
      ['somebody', alike],
      ['ben', alike],
    ],
  });
  expect((await readdir(folder)).sort()).toEqual(['ann', 'ben.jpg']);
  expect((await frs('set', 'reindex', set.name)).out).toContain('already');
});

it('needs no photo where the network’s vectors were kept as they are', async () => {
  await enrol();
  expect(await frs('set', 'reindex', set.name, '--journal', join(folder, 'vectors'))).toMatchObject({
    code: 0,
  });
  expect(await found()).toEqual({
    model: vision.model.id,
    hits: [
      ['somebody', alike],
      ['ben', alike],
    ],
  });
});

it('reads the photos of a bucket', async () => {
  await enrol({ ann: '1' });
  for (const [name, Body] of Object.entries(photos)) {
    await clients.s3.send(new PutObjectCommand({ Bucket: 'photos', Key: `enrol/here/${name}`, Body }));
  }
  const journal = join(folder, 'vectors');
  const argv = ['set', 'reindex', set.name, '--from', 's3://photos/enrol/here/', '--journal', journal];
  expect(await frs(...argv)).toMatchObject({ code: 0, err: '' });
  expect(await found()).toEqual({
    model: vision.model.id,
    hits: [
      ['1', alike],
      ['ben', alike],
    ],
  });
});

it('keeps the set as it is while a photo is missing, and goes on where it was with what it has made', async () => {
  const name = `${set.name}-foreign`;
  const { fields, capacity } = set;
  set = await faceSets.create(projectId, { name, capacity, fields, model: 'foreign', dimension: 192 }, 100);
  await enrol({ ben: externalImageId('ben.jpg') });
  expect(await frs('set', 'reindex', name)).toMatchObject({
    code: 1,
    err: expect.stringContaining('--from'),
  });
  await writeFile(join(folder, 'ann/1.jpg'), photos['ann/1.jpg']);
  const failures = join(folder, 'failures.csv');
  const argv = ['set', 'reindex', name, '--from', folder, '--failures', failures];
  expect(await frs(...argv)).toMatchObject({ code: 1, err: expect.stringContaining('--leave-out') });
  expect(await readFile(failures, 'utf8')).toMatch(
    /^face_id,.*\r\n\w{8},ben-\w+,,No photo has its path or .*\r\n$/,
  );
  expect((await faceSets.get(projectId, name)).model).toBe('foreign');
  const journal = join(folder, `.openfrs-${name}.reindex.jsonl`);
  expect((await stat(journal)).mode & 0o077).toBe(0);
  // What was made is not made again: this photo could not be.
  await writeFile(join(folder, 'ann/1.jpg'), 'no photo');
  await writeFile(join(folder, 'ben.jpg'), photos['ben.jpg']);
  expect(await frs(...argv)).toMatchObject({ code: 0 });
  expect((await found()).model).toBe(vision.model.id);
  expect((await found()).hits).toEqual([
    ['somebody', alike],
    [externalImageId('ben.jpg'), alike],
  ]);
  await expect(stat(journal)).rejects.toThrow('ENOENT');
});

it('leaves out, if it is told to, a face whose photo shows none where it was', async () => {
  const name = `${set.name}-foreign`;
  const { fields, capacity } = set;
  set = await faceSets.create(projectId, { name, capacity, fields, model: 'foreign', dimension: 192 }, 100);
  await enrol({ ben: personImageId('ben/1.jpg') ?? '' });
  await mkdir(join(folder, 'ben'));
  await writeFile(join(folder, 'ann/1.jpg'), photos['ann/1.jpg']);
  await writeFile(join(folder, 'ben/1.jpg'), photo(6));
  expect(await frs('set', 'reindex', name, '--from', folder, '--leave-out', '--json')).toMatchObject({
    code: 0,
    out: expect.stringContaining('"faces":1,"missing":1'),
  });
  expect((await found()).hits[0]).toEqual(['somebody', alike]);
});
