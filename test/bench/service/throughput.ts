import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Filter, newId } from '@openfrs/contract';
import { readConfig } from '@openfrs/core';
import { createClients, createFaceSets, type StoreClients } from '@openfrs/store';
import { runJson } from '../../support/run-command.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { prioritiseSession } from '../load/processes.ts';
import { type Served, withService } from '../load/served.ts';
import { sendApart } from '../load/traffic.ts';
import { fillSet, threeFields } from './full-set.ts';
import { time } from './timing.ts';

export interface ThroughputOptions {
  /** Photos that each way of enrolling gets. */
  readonly photos: number;
  /** Faces of the set that half of is deleted. */
  readonly faces: number;
  /** How long lists are asked for beside pictures. */
  readonly seconds: number;
}

/** Photos, and lists beside pictures, that are sent at once. */
const senders = { enrolling: 8, pictures: 16, lists: 2 } as const;
const listsASecond = 20;
/** Of the senders' session among all (sched(7)). */
const clientNiceness = -19;
/** Where nothing is enrolled for so long, the rest is not waited for. */
const quietMs = 60_000;

/**
 * Of the whole service: faces enrolled a second, of the same photos (800 px wide, six people, one face added of each), through the API by
 * eight at once, by the command line from a folder, and from objects put under `enrol/`; faces deleted a second by a filter from
 * a compacted set; lists of face sets beside more pictures than two processors can look at, in ms.
 */
export async function throughput(options: ThroughputOptions): Promise<Record<string, number>> {
  const figures: Record<string, number> = { photos: options.photos };
  await withService(
    async (served) => {
      const { aws, mediaBucket } = readConfig({ ...process.env, ...served.credentials });
      const { dynamodb, s3, destroy } = createClients(aws);
      try {
        Object.assign(figures, await enrolled(served, options.photos, { s3, mediaBucket }));
        Object.assign(figures, await deleted(served, options.faces, { dynamodb, s3 }));
        Object.assign(figures, await listed(served, options.seconds));
      } finally {
        destroy();
      }
    },
    { everyMs: 60_000, exact: false },
  );
  return figures;
}

async function enrolled(
  served: Served,
  photos: number,
  { s3, mediaBucket }: Pick<StoreClients, 's3'> & { readonly mediaBucket: string },
): Promise<Record<string, number>> {
  const { client, credentials } = served;
  const files = Array.from({ length: photos }, (_, at) =>
    smallPhoto(((at % 6) + 1) as Parameters<typeof smallPhoto>[0]),
  );
  const ways = {
    api: async (set: string) => {
      const left = files.entries();
      const sender = async () => {
        for (const [at, file] of left) await client.enrol(set, file, `photo-${at}`);
      };
      await Promise.all(Array.from({ length: senders.enrolling }, sender));
    },
    folder: async (set: string) => {
      const folder = await mkdtemp(join(tmpdir(), 'openfrs-photos-'));
      try {
        for (const [at, file] of files.entries()) await writeFile(join(folder, `photo-${at}.jpg`), file);
        await runJson(['enrol', folder, '--set', set], { ...credentials });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    bucket: async (set: string) => {
      for (const [at, Body] of files.entries()) {
        const Key = `enrol/${credentials.FRS_PROJECT_ID}/${set}/photo-${at}.jpg`;
        await s3.send(new PutObjectCommand({ Bucket: mediaBucket, Key, Body }));
      }
      let [before, since] = [0, Date.now()];
      for (let now = 0; now < photos && Date.now() - since < quietMs; now = await facesOf(served, set)) {
        if (now > before) [before, since] = [now, Date.now()];
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
  const figures: Record<string, number> = {};
  for (const [way, enrol] of Object.entries(ways)) {
    await client.post('/face-sets', { face_set_name: way });
    const cpu = await served.cpu();
    const ms = await time(() => enrol(way));
    const faces = await facesOf(served, way);
    figures[`${way}_faces`] = faces;
    figures[`${way}_faces_a_second`] = aSecond(faces, ms);
    console.error(`${way}: ${faces} faces`);
    figures[`${way}_service_cpu_ms_a_face`] = Math.round((1000 * ((await served.cpu()) - cpu)) / faces);
  }
  return figures;
}

async function facesOf({ client }: Served, set: string): Promise<number> {
  const { body } = await client.get<{ face_set_info: { face_number: number } }>(`/face-sets/${set}`);
  return body.face_set_info.face_number;
}

/** Half of a set's faces, by an instance that has its columns in memory. */
async function deleted(
  { credentials: { FRS_PROJECT_ID: project } }: Served,
  faces: number,
  clients: StoreClients,
): Promise<Record<string, number>> {
  const where = { ...clients, table: 'openfrs-data', bucket: 'openfrs-index' };
  const name = `deleted-${newId()}`;
  await fillSet(where, project, name, faces, threeFields);
  const sets = createFaceSets(where);
  const set = await sets.get(project, name);
  // Ages are 18 to 77, a sixtieth of the faces each.
  const ages = (from: number, to: number): Filter => ({
    kind: 'range',
    field: 'age',
    low: { value: from, inclusive: true },
    high: { value: to, inclusive: true },
  });
  await sets.removeMatching(set, ages(77, 77));
  let count = 0;
  const ms = await time(async () => {
    count = await sets.removeMatching(set, ages(18, 47));
  });
  await sets.whenIdle();
  return { deleted_faces: count, deleted_faces_a_second: aSecond(count, ms) };
}

async function listed(served: Served, seconds: number): Promise<Record<string, number>> {
  const { FRS_ENDPOINT, FRS_PROJECT_ID } = served.credentials;
  const base = `${FRS_ENDPOINT}/v2/${FRS_PROJECT_ID}`;
  const token = await served.token();
  const json = { image_base64: smallPhoto(3).toString('base64') };
  const list = { url: `${base}/face-sets`, token, connections: senders.lists, rate: listsASecond };
  const pictures = { url: `${base}/face-detect`, token, connections: senders.pictures, json };
  // Clients are other machines: they wait for no core of the service's.
  prioritiseSession(process.pid, clientNiceness);
  const alone = await sendApart({ ...list, name: 'lists alone' }, seconds / 3);
  const [beside, looked] = await Promise.all([
    sendApart({ ...list, name: 'lists' }, seconds),
    sendApart({ ...pictures, name: 'pictures' }, seconds),
  ]);
  prioritiseSession(process.pid, 0);
  return {
    lists_alone_p99_ms: alone.servedMs.p99,
    lists: beside.served,
    lists_median_ms: beside.servedMs.p50,
    lists_p99_ms: beside.servedMs.p99,
    lists_not_served: beside.refused + beside.faults,
    pictures_a_second: Math.round((10 * looked.served) / seconds) / 10,
    pictures_refused: looked.refused,
  };
}

const aSecond = (count: number, ms: number) => Math.round((count / ms) * 10_000) / 10;
