import { newSecretKey, secretKeys } from '@openfrs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Item, openTable } from '../src/dynamodb/table.ts';
import { faceItem } from '../src/face-sets/records/faces.ts';
import {
  BackupDamaged,
  createMaintenance,
  dynamodbDeadLetters,
  dynamodbEnrolments,
  type Failpoint,
  type LeftOutFace,
  objectWatch,
  RestoreRefused,
  verifyBackup,
} from '../src/index.ts';
import {
  again,
  type BackedUpStores,
  fill,
  linesOf,
  mediaBucket,
  settings,
  withAccounts,
} from './backed-up.ts';
import { startStores } from './embedded.ts';
import { face, spec, vector } from './faces.ts';

describe('a backup', () => {
  const key = newSecretKey();
  const secrets = secretKeys(key);
  let origin: BackedUpStores;
  let filled: Awaited<ReturnType<typeof fill>>;
  let copies = 0;
  /** Stores of their own: other tables and another bucket of the same engines. */
  const open = () => withAccounts(origin.stores, `-${++copies}`);
  beforeAll(async () => {
    origin = await withAccounts(await startStores());
    filled = await fill(origin, secrets);
  });
  afterAll(() => origin.stores.stop());

  it('brings everything back under its ids, and gives no id again that was given before or since', async () => {
    const { account, set } = filled;
    const lines = await linesOf(origin.backups());
    expect(await verifyBackup(again(lines)())).toMatchObject({
      domains: 1,
      users: 1,
      projects: 1,
      accessKeys: 1,
      apiTokens: 1,
      faceSets: 2,
      faces: 28,
      openfrs: '0.1.0',
    });
    // Given out after the backup, to a client that may still ask for it.
    const [later] = await origin.stores.instance().add(set, [face(77)]);
    const copy = await open();
    const restored = await copy.backups().restore(again(lines), { secrets, mediaBucket });
    expect(restored.sets.map(({ name }) => name)).toEqual(['people', 'empty']);
    for (const [kind, id] of [
      ['domain', account.domainId],
      ['user', account.userId],
      ['project', account.projectId],
    ] as const) {
      expect(await copy.accounts[kind](id)).toEqual(await origin.accounts[kind](id));
    }
    expect(await copy.accounts.apiTokens(account.userId)).toEqual(
      await origin.accounts.apiTokens(account.userId),
    );
    const accessKey = await copy.accounts.accessKey(account.ak);
    expect(secrets.open(accessKey?.sealedSecret ?? '', account.ak)).toBe(account.sk);
    expect(await copy.accounts.userByName(account.domainId, 'ann')).toBeDefined();
    const faceSets = copy.stores.instance();
    const there = await faceSets.get(account.projectId, 'people');
    expect({ ...there, faceNumber: 29 }).toEqual(
      await origin.stores.instance().get(account.projectId, 'people'),
    );
    const page = await faceSets.page(there, 0, 100);
    expect(page).toEqual((await origin.stores.instance().page(set, 0, 100)).slice(0, 28));
    const query = { probe: { vector: vector(9) }, topN: 28, minCosine: -1 };
    const hits = await faceSets.search(there, query);
    await createMaintenance(copy.stores).compact(account.projectId, 'people', { all: true });
    expect(await copy.stores.instance().search(there, query)).toEqual(hits);
    const [next] = await faceSets.add(there, [face(99)]);
    const given = [...filled.added, later].map((each) => each?.faceId);
    expect(given).not.toContain(next?.faceId);
    await createMaintenance(copy.stores).compact(account.projectId, 'people');
    expect(
      await createMaintenance(copy.stores).verifySet(account.projectId, 'people', { repair: false }),
    ).toMatchObject({ damaged: [] });
  });

  it('leaves maintenance nothing to do again and again for the numbers that it passes over', async () => {
    const copy = await open();
    await copy.backups().restore(again(await linesOf(origin.backups())), { secrets, mediaBucket });
    const maintenance = createMaintenance(copy.stores);
    expect(await maintenance.sweep()).toMatchObject({ piecesDue: 1, compacted: 1, failures: [] });
    expect(await maintenance.sweep()).toMatchObject({ piecesDue: 0, compacted: 0, failures: [] });
  });

  it('is made again from what was restored, but for its name, its time, and what was sealed anew', async () => {
    const lines = await linesOf(origin.backups());
    const copy = await open();
    await copy.backups().restore(again(lines), { secrets, mediaBucket });
    const second = await linesOf(copy.backups());
    const comparable = (all: readonly string[]) =>
      all.slice(1, -1).map((line) => line.replace(/"(sealedSecret|next)":("[^"]*"|\d+)/g, '$1'));
    expect(comparable(second)).toEqual(comparable(lines));
  });

  it('holds what was acknowledged before it began, and of each add all faces or none, while others write', async () => {
    const own = await open();
    const { account } = await fill(own, secrets);
    const faceSets = own.stores.instance();
    const set = await faceSets.create(account.projectId, spec('busy'), 3);
    const before = new Set<string>();
    const removed = new Set<string>();
    let isRunning = true;
    let adds = 0;
    const busy = Promise.all(
      [0, 1, 2].map(async (writer) => {
        for (let i = 0; isRunning; i += 1) {
          const id = `w${writer}-${i}`;
          const group = [0, 1, 2].map((at) => face(adds + at, { externalImageId: id }));
          await faceSets.add(set, group);
          adds += 1;
          before.add(id);
          if (i % 4 === 3) {
            const gone = `w${writer}-${i - 2}`;
            removed.add(gone);
            await faceSets.removeMatching(set, { kind: 'equals', field: 'external_image_id', value: gone });
          }
        }
      }),
    );
    await expect.poll(() => adds).toBeGreaterThan(60);
    const acknowledged = [...before];
    const lines = await linesOf(own.backups());
    isRunning = false;
    await busy;
    const copy = await open();
    await copy.backups().restore(again(lines), { secrets, mediaBucket });
    const restored = copy.stores.instance();
    const there = await restored.get(account.projectId, 'busy');
    const counts = new Map<string, number>();
    const page = await restored.page(there, 0, 10_000);
    for (const { externalImageId } of page)
      counts.set(externalImageId, (counts.get(externalImageId) ?? 0) + 1);
    expect(page).toHaveLength(there.faceNumber);
    for (const id of acknowledged) if (!removed.has(id)) expect([id, counts.get(id)]).toEqual([id, 3]);
    for (const [id, count] of counts) if (!removed.has(id)) expect([id, count]).toEqual([id, 3]);
  });

  it('leaves out a set that is deleted while it is read', async () => {
    const own = await open();
    const { account } = await fill(own, secrets);
    const lines: string[] = [];
    for await (const line of own.backups().write(settings)) {
      lines.push(line.trimEnd());
      if (line.startsWith('{"kind":"openfrs.face-set"') && line.includes('"people"')) {
        await own.stores.instance().remove(account.projectId, 'people');
      }
    }
    expect(await verifyBackup(again(lines)())).toMatchObject({ faceSets: 1, faces: 0 });
    const copy = await open();
    await copy.backups().restore(again(lines), { secrets, mediaBucket });
    const names = (await copy.stores.instance().list(account.projectId)).map(({ name }) => name);
    expect(names).toEqual(['empty']);
  });

  it('remembers which photos have enrolled themselves', async () => {
    const { account } = filled;
    const upload = { bucket: mediaBucket, key: `enrol/${account.projectId}/people/a.jpg`, version: '1' };
    const of = ({ stores }: BackedUpStores) => ({
      enrolments: dynamodbEnrolments(stores.dynamodb, stores.table),
      dead: dynamodbDeadLetters(stores.dynamodb, stores.table),
      watch: (bucket: string) => objectWatch(stores, stores.table, { bucket, prefix: 'enrol/' }),
    });
    const before = of(origin);
    await before.enrolments.record(
      account.projectId,
      upload,
      { state: 'enrolled', faceIds: ['AbCdEfGh'] },
      new Date(),
    );
    await before.dead.put(upload, 'FRS.0404', 'no face');
    await before
      .watch(mediaBucket)
      .see({ key: upload.key, etag: 'e', modified: 1, version: '1', failures: 0 });
    const copy = await open();
    await copy
      .backups()
      .restore(again(await linesOf(origin.backups())), { secrets, mediaBucket: 'openfrs-media-2' });
    const after = of(copy);
    expect(await after.enrolments.outcome(account.projectId, upload)).toMatchObject({ state: 'enrolled' });
    expect(await after.enrolments.eventsOfKey(account.projectId, upload)).toHaveLength(1);
    const letters = await after.dead.list(5);
    const [{ id: _id, ...letter } = { id: '' }] = await before.dead.list(5);
    expect(letters).toMatchObject([{ ...letter, bucket: 'openfrs-media-2' }]);
    for (const each of letters) await after.dead.remove(each);
    expect(await after.dead.list(5)).toEqual([]);
    const seen = [];
    for await (const page of after.watch('openfrs-media-2').seen()) seen.push(...page);
    expect(seen).toMatchObject([{ key: upload.key, failures: 0, restored: true }]);
  });

  it('leaves out a face whose record is damaged, and names it; everybody else\u2019s is in it', async () => {
    const own = await open();
    const { account, set, added } = await fill(own, secrets);
    const table = openTable(own.stores.dynamodb, own.stores.table);
    const { pk, sk } = faceItem(set.id, 3, 'any', face(3));
    const [item] = await table.getMany([{ pk, sk }]);
    await table.put({ ...(item as Item), v: new Uint8Array(8) });
    const leftOut: LeftOutFace[] = [];
    const lines = await linesOf(own.backups(), { leftOut: (each) => void leftOut.push(each) });
    expect(leftOut).toEqual([
      {
        projectId: account.projectId,
        faceSetName: 'people',
        faceId: added[3]?.faceId,
        why: expect.stringMatching(/./),
      },
    ]);
    const copy = await open();
    const restored = await copy.backups().restore(again(lines), { secrets, mediaBucket });
    expect(restored).toMatchObject({ faceSets: 2, faces: 27 });
    expect((await copy.stores.instance().get(account.projectId, 'people')).faceNumber).toBe(27);
  });

  it('of two that are restored at once into the same stores, one is refused', async () => {
    const [first, second] = [await linesOf(origin.backups()), await linesOf(origin.backups())];
    const copy = await open();
    const results = await Promise.allSettled(
      [first, second].map((lines) => copy.backups().restore(again(lines), { secrets, mediaBucket })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [refused] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toBeInstanceOf(RestoreRefused);
  });

  it('is restored when it is called again after it was cut off at any step, and nobody gets in before', async () => {
    const lines = await linesOf(origin.backups());
    const copy = await open();
    const cuts: Failpoint[] = ['restore:batch', 'restore:manifest', 'restore:entered', 'restore:accounts'];
    for (const cut of cuts) {
      const failpoint = (name: Failpoint) => {
        if (name === cut) throw new Error(`cut off at ${name}`);
      };
      await expect(
        copy.backups({ failpoint }).restore(again(lines), { secrets, mediaBucket }),
      ).rejects.toThrow('cut off');
      expect(await copy.accounts.domains()).toEqual([]);
    }
    const other = await linesOf(origin.backups());
    await expect(copy.backups().restore(again(other), { secrets, mediaBucket })).rejects.toThrow(
      /another backup/,
    );
    const { faces } = await copy.backups().restore(again(lines), { secrets, mediaBucket });
    expect((await copy.stores.instance().get(filled.account.projectId, 'people')).faceNumber).toBe(faces);
    await expect(copy.backups().restore(again(lines), { secrets, mediaBucket })).rejects.toThrow(/not empty/);
  });

  it('is refused whole, and nothing is written, where any line of it is damaged, missing or of another', async () => {
    const lines = await linesOf(origin.backups());
    const copy = await open();
    const restore = (damaged: readonly string[]) =>
      copy.backups().restore(again(damaged), { secrets, mediaBucket });
    for (const at of lines.keys()) {
      const line = lines[at] as string;
      const middle = line.length >> 1;
      const flipped = `${line.slice(0, middle)}${line[middle] === 'A' ? 'B' : 'A'}${line.slice(middle + 1)}`;
      await expect(restore(lines.with(at, flipped)), line).rejects.toThrow(BackupDamaged);
      await expect(restore(lines.toSpliced(at, 1)), line).rejects.toThrow(BackupDamaged);
      await expect(restore(lines.slice(0, at)), line).rejects.toThrow(BackupDamaged);
    }
    await expect(restore([...lines, lines[0] as string])).rejects.toThrow(BackupDamaged);
    await expect(
      restore(lines.with(0, lines[0]?.replace('"version":1', '"version":2') ?? '')),
    ).rejects.toThrow(/layout 2/);
    expect((await copy.backups().restore(again(lines), { secrets, mediaBucket })).sets).toHaveLength(2);
  });

  it('is refused with another key; with a new one before the old one its keys are sealed anew', async () => {
    const { ak, sk } = filled.account;
    const lines = await linesOf(origin.backups());
    const copy = await open();
    const fresh = newSecretKey();
    const restore = copy.backups().restore(again(lines), { secrets: secretKeys(fresh), mediaBucket });
    await expect(restore).rejects.toThrow(RestoreRefused);
    await expect(restore).rejects.not.toThrow(key);
    const rotated = secretKeys(`${fresh},${key}`);
    expect((await copy.backups().restore(again(lines), { secrets: rotated, mediaBucket })).disabledKeys).toBe(
      0,
    );
    const there = await copy.accounts.accessKey(ak);
    expect(secretKeys(fresh).open(there?.sealedSecret ?? '', ak)).toBe(sk);

    const lost = await open();
    const options = { secrets: secretKeys(fresh), mediaBucket, disableKeys: true };
    expect((await lost.backups().restore(again(lines), options)).disabledKeys).toBe(1);
    expect((await lost.accounts.accessKey(ak))?.enabled).toBe(false);
  });
});
