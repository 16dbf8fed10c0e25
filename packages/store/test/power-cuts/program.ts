import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startEmbedded } from '@openfrs/embedded';
import { seeded } from '@openfrs/testing/faults';
import {
  createBuckets,
  createClients,
  createFaceSets,
  createMaintenance,
  createTables,
} from '../../src/index.ts';
import { bucket, table } from '../embedded.ts';
import { spec } from '../faces.ts';
import { newFaces } from '../model.ts';
import { objectBody, objectBucket, projectId, setName, type Told } from './told.ts';

/**
 * Runs embedded stores in `ROOT/data` and writes to them, several at a time, without an end; tells of it in `ROOT/told`. To be traced
 * and killed. The faces of earlier runs that it may change lie in `ROOT/firm.json`.
 */
const [root = '', seedText = '1', flush = 'true'] = process.argv.slice(2);
const seed = Number(seedText);
const told = openSync(join(root, 'told'), 'w');
const tell = (message: Told) => writeSync(told, `${JSON.stringify(message)}\n`);

const embedded = await startEmbedded({ dir: join(root, 'data'), flush: flush === 'true' });
tell({ kind: 'started', pid: process.pid });
const clients = createClients({
  region: embedded.region,
  dynamodbEndpoint: embedded.dynamodbEndpoint,
  s3Endpoint: embedded.s3Endpoint,
  credentials: embedded,
});
await createTables(clients.dynamodb, [table]);
await createBuckets(clients.s3, [bucket, objectBucket]);
const options = { ...clients, table, bucket, limits: { tailRows: 10, segmentRows: 64, logChanges: 5 } };
const faceSets = createFaceSets(options);
const maintenance = createMaintenance(options);
const set = await faceSets.get(projectId, setName).catch(() => faceSets.create(projectId, spec(setName), 10));
tell({ kind: 'set-made' });

const firm = JSON.parse(readFileSync(join(root, 'firm.json'), 'utf8')) as string[];

async function changeFaces(worker: number): Promise<never> {
  const random = seeded(seed * 10 + worker);
  const mine = firm.filter((_, at) => at % 3 === worker);
  let next = seed * 100_000 + worker * 30_000;
  for (;;) {
    const choice = random();
    const at = Math.floor(random() * mine.length);
    const faceId = mine[at];
    if (faceId === undefined || choice < 0.5) {
      const faces = newFaces(next, 1 + Math.floor(random() * 5));
      next += faces.length;
      tell({ kind: 'adding', seeds: faces.map((face) => face.seed) });
      const stored = await faceSets.add(set, faces);
      mine.push(...stored.map((face) => face.faceId));
      tell({
        kind: 'added',
        faces: stored.map((face, i) => ({
          faceId: face.faceId,
          seed: faces[i]?.seed ?? -1,
          age: Number(face.fields.age),
        })),
      });
    } else if (choice < 0.8) {
      const age = Math.floor(random() * 20);
      tell({ kind: 'updating', faceId, age });
      await faceSets.update(set, faceId, { fields: { age } });
      tell({ kind: 'updated', faceId, age });
    } else {
      mine.splice(at, 1);
      tell({ kind: 'removing', faceId });
      await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: faceId });
      tell({ kind: 'removed', faceId });
    }
  }
}

async function changeObjects(): Promise<never> {
  const random = seeded(seed * 10 + 7);
  for (let version = seed * 100_000; ; version++) {
    const key = `object-${Math.floor(random() * 6)}`;
    const where = { Bucket: objectBucket, Key: key };
    if (random() < 0.2) {
      tell({ kind: 'putting', key });
      await clients.s3.send(new DeleteObjectCommand(where));
      tell({ kind: 'put', key });
    } else {
      tell({ kind: 'putting', key, version });
      await clients.s3.send(new PutObjectCommand({ ...where, Body: objectBody(key, version) }));
      tell({ kind: 'put', key, version });
    }
  }
}

async function compact(): Promise<never> {
  for (;;) await maintenance.compact(projectId, setName);
}

await Promise.all([changeFaces(0), changeFaces(1), changeFaces(2), changeObjects(), compact()]);
