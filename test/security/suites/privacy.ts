import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { readConfig } from '@openfrs/core';
import { createClients, createMaintenance, defaultLimits } from '@openfrs/store';
import { describe, expect, it, vi } from 'vitest';
import { call, done, login, tokenOf } from '../../contract/support/client.ts';
import { newAccount } from '../../contract/support/operator.ts';
import { service } from '../../contract/support/service.ts';
import { photo } from '../../support/photos.ts';
import { runCommand } from '../../support/run-command.ts';
import { fixture, set } from '../support/fixture.ts';
import { valid } from '../support/valid.ts';

/** Pieces of a photo, as they are and in Base64 at each of its three alignments. */
function traces(bytes: Buffer): Buffer[] {
  const places = [0.2, 0.4, 0.6, 0.8].map((part) => 3 * Math.floor((part * bytes.length) / 3));
  return places.flatMap((at) => {
    const piece = bytes.subarray(at, at + 48);
    const texts = [0, 1, 2].map((shift) =>
      Buffer.from(bytes.subarray(at + shift, at + shift + 48).toString('base64')),
    );
    return [piece, ...texts];
  });
}

async function everyFile(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Every item of every table, its bytes in hexadecimal. */
async function everyItem(): Promise<{ table: string; item: Record<string, unknown> }[]> {
  const { dataTable, accountsTable, limitsTable } = readConfig();
  const clients = createClients(readConfig().aws);
  const found: { table: string; item: Record<string, unknown> }[] = [];
  for (const table of [dataTable, accountsTable, limitsTable]) {
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await clients.dynamodb.send(new ScanCommand({ TableName: table, ExclusiveStartKey }));
      found.push(...(page.Items ?? []).map((item) => ({ table, item: unmarshall(item) })));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  clients.destroy();
  return found;
}

async function everyObject(bucket: string): Promise<{ key: string; bytes: Buffer }[]> {
  const { Contents = [] } = await fixture.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await fixture.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return { key: Key, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    }),
  );
}

describe('what is left behind', () => {
  it('no picture, no vector outside of faces, no token, password or key: in no store, file or log', async () => {
    const account = fixture.attacker;
    await done('face-set-create', { account, json: { face_set_name: 'left' } });
    for (const name of [
      'face-detect',
      'face-compare',
      'live-detect-face',
      'face-add',
      'face-search',
    ] as const) {
      await call(name, { ...valid[name](), account, set: 'left' });
      await call(name, {
        account,
        set: 'left',
        form: { image_file: photo(5), image1_file: photo(5), image2_file: photo(6) },
      });
    }
    await login({ ...account, password: 'a wrong password' });
    const maintenance = createMaintenance(stores());
    await maintenance.compact(account.projectId, 'left', { all: true });

    const photos = [1, 2, 3, 4, 5, 6].flatMap((number) => traces(photo(number as 1)));
    const secrets = [
      await tokenOf(account),
      await tokenOf(fixture.victim),
      ...[account, fixture.victim, service.owner].flatMap(({ password, sk }) => [password, sk]),
      'a wrong password',
      process.env.FRS_SECRET_KEY ?? '',
    ].map((text) => Buffer.from(text));
    const look = (place: string, bytes: Buffer, wanted: readonly Buffer[]) => {
      for (const trace of wanted) expect([place, bytes.includes(trace)]).toEqual([place, false]);
    };

    const log = Buffer.from(fixture.printed.join('\n'));
    look('the log', log, [...photos, ...secrets]);
    const items = await everyItem();
    expect(items.length).toBeGreaterThan(10);
    for (const { table, item } of items) {
      const text = JSON.stringify(item, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      );
      look(table, Buffer.from(text, 'latin1'), [...photos, ...secrets]);
      // A vector has hundreds of bytes; the key from which a set's face ids are made has fewer.
      const vectors = Object.values(item).filter((value) => value instanceof Uint8Array && value.length > 64);
      const isFace = String(item.sk).startsWith('F#') && item.d === undefined;
      expect([item.pk, item.sk, vectors.length]).toEqual([item.pk, item.sk, isFace ? 1 : 0]);
    }
    const { indexBucket, mediaBucket } = readConfig();
    for (const { key, bytes } of await everyObject(indexBucket)) {
      expect(key).toMatch(/^segments\//);
      look(key, bytes, [...photos, ...secrets]);
    }
    // Nothing that was sent to the API was put into the bucket of media.
    expect((await everyObject(mediaBucket)).map(({ key }) => key)).toEqual([]);

    const dataDir = service.dataDir;
    // The developer's own secrets stand where `npm start` says; the victim's bucket holds the photo put there.
    const allowed = ['credentials.env', 'secret.key'];
    const others = photos.filter(
      (trace) => !photo(2).includes(trace) && !photo(2).toString('base64').includes(trace.toString('latin1')),
    );
    for (const file of await everyFile(dataDir)) {
      if (allowed.some((name) => file.endsWith(name))) continue;
      look(file, await readFile(file), [...others, ...secrets]);
    }
  });

  it('a deleted face and set: no vector after the grace time', async () => {
    const account = fixture.attacker;
    const maintenance = createMaintenance(stores());
    const faces = (
      await done<{ faces: { face_id: string }[] }>('face-list', { account, set: 'left', query: 'limit=100' })
    ).faces;
    const [first, second] = faces.map(({ face_id }) => face_id);
    await done('face-delete', { account, set: 'left', query: `face_id=${first}` });
    const later = createMaintenance({ ...stores(), now: () => Date.now() + 2 * defaultLimits.graceMs });
    await maintenance.sweep();
    // Old segments stay for slow readers until the grace time is over: the operator's proof tells so.
    expect(await maintenance.findOrphanVectors()).toMatchObject({
      deletedFacesInSegments: 1,
      segmentsOfDeletedSets: 0,
    });
    await later.sweep();
    await later.sweep();
    expect(await maintenance.findOrphanVectors()).toMatchObject({
      deletedFacesInSegments: 0,
      segmentsOfDeletedSets: 0,
    });
    expect(await maintenance.locateVector(account.projectId, 'left', first ?? '')).toEqual({
      record: false,
      segments: 0,
    });
    expect(await maintenance.locateVector(account.projectId, 'left', second ?? '')).toMatchObject({
      record: true,
    });
    const sets = (
      await done<{ face_sets_info: { face_set_name: string; face_set_id: string }[] }>('face-set-list', {
        account,
      })
    ).face_sets_info;
    expect(sets.map(({ face_set_name }) => face_set_name)).toContain(set);
    for (const { face_set_name } of sets) await done('face-set-delete', { account, set: face_set_name });
    await maintenance.sweep();
    const { segmentsOfDeletedSets, recordsOfDeletedSets } = await maintenance.findOrphanVectors();
    expect(segmentsOfDeletedSets + recordsOfDeletedSets).toBe(0);
    await later.sweep();
    expect(await later.findOrphanVectors()).toMatchObject({
      recordsOfDeletedSets: 0,
      segmentsOfDeletedSets: 0,
      deletedFacesInSegments: 0,
    });
    for (const { face_set_id } of sets) {
      expect(await maintenance.countStoredItems(face_set_id)).toEqual({
        records: 0,
        vectors: 0,
        segments: 0,
      });
    }
  });

  it('a project deleted by its operator, in the middle of its work: no set and no vector after the grace time', async () => {
    const account = await newAccount();
    const image_base64 = photo(4).toString('base64');
    const setIds = new Set<string>();
    let refused = 0;
    const work = async (name: string) => {
      while (refused === 0) {
        const made = await call('face-set-create', { account, json: { face_set_name: name } });
        if (made.status !== 200) refused += 1;
        else setIds.add((made.body as { face_set_info: { face_set_id: string } }).face_set_info.face_set_id);
        await call('face-add', { account, set: name, json: { image_base64, single: true } });
        if (refused === 0) await call('face-set-delete', { account, set: name });
      }
    };
    const busy = ['a', 'b', 'c'].map(work);
    await vi.waitFor(() => expect(setIds.size).toBeGreaterThan(3), { timeout: 50_000 });
    const deleted = await runCommand(['project', 'delete', account.projectId, '--yes'], process.env);
    expect(deleted).toMatchObject({ code: 0 });
    await Promise.all(busy);
    const later = createMaintenance({ ...stores(), now: () => Date.now() + 2 * defaultLimits.graceMs });
    await later.sweep();
    await later.sweep();
    expect(await later.findOrphanVectors()).toMatchObject({
      recordsOfDeletedSets: 0,
      segmentsOfDeletedSets: 0,
      deletedFacesInSegments: 0,
    });
    for (const id of setIds) {
      expect(await later.countStoredItems(id)).toEqual({ records: 0, vectors: 0, segments: 0 });
    }
    expect(await runCommand(['purge', '--verify'], process.env)).toMatchObject({ code: 0 });
  });
});

function stores() {
  const { dataTable, indexBucket } = readConfig();
  const { dynamodb, s3 } = createClients(readConfig().aws);
  return { dynamodb, s3, table: dataTable, bucket: indexBucket };
}
