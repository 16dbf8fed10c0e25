import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Credentials, FaceSet, SearchHit, SearchQuery, StoredFace } from '@openfrs/core';
import {
  createToken,
  type LoginQueue,
  loginGuard,
  newPassword,
  scryptInPool,
  secretKeys,
} from '@openfrs/core';
import { type EmbeddedStores, startEmbedded } from '@openfrs/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Clients,
  createClients,
  createFaceSets,
  createMaintenance,
  createTransfer,
  dynamodbAccounts,
  migrate,
} from '../../src/index.ts';
import { face, vector } from '../faces.ts';

/** What `write.mjs` packed: a data folder of commit 549301a, made of invented vectors, and what was in it. */
interface Packed {
  readonly holds: {
    readonly secretKey: string;
    readonly accounts: readonly Credentials[];
    /** The first account's key after its rotation; the one in `accounts` is disabled. */
    readonly rotated: { readonly ak: string; readonly sk: string };
    readonly sets: {
      readonly people: {
        readonly id: string;
        readonly createdAt: string;
        readonly page: readonly StoredFace[];
        readonly searched: readonly {
          readonly query: Omit<SearchQuery, 'probe'> & { readonly seed: number };
          readonly hits: readonly SearchHit[];
        }[];
        readonly once: readonly StoredFace[];
      };
      readonly empty: { readonly id: string };
      readonly theirs: { readonly id: string; readonly page: readonly StoredFace[] };
    };
  };
  /** Base64 by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Values as they are packed: JSON has neither 64-bit integers nor a signed zero. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each) =>
      typeof each === 'bigint' ? `${each}n` : Object.is(each, -0) ? '-0' : each,
    ),
  );

describe('a data folder that commit 549301a wrote', () => {
  let holds: Packed['holds'];
  let dir: string;
  let embedded: EmbeddedStores;
  let clients: Clients;
  beforeAll(async () => {
    const packed = await readFile(new URL('./549301a.json.gz', import.meta.url));
    const { files, ...rest } = JSON.parse(gunzipSync(packed).toString()) as Packed;
    holds = rest.holds;
    dir = await mkdtemp(join(tmpdir(), 'openfrs-old-'));
    for (const [path, base64] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), Buffer.from(base64, 'base64'), { mode: 0o600 });
    }
    embedded = await startEmbedded({ dir, held: true });
    clients = createClients({ ...embedded, credentials: embedded });
  });
  afterAll(async () => {
    clients.destroy();
    await embedded.stop();
    await rm(dir, { recursive: true });
  });

  const where = () => ({ ...clients, table: 'openfrs-data', bucket: 'openfrs-index' });
  const owner = () => holds.accounts[0] as Credentials;
  const other = () => holds.accounts[1] as Credentials;
  const people = (): Promise<FaceSet> => createFaceSets(where()).get(owner().projectId, 'people');

  it('has the layout of today', async () => {
    for (const table of ['openfrs-data', 'openfrs-accounts']) {
      expect(await migrate(clients.dynamodb, table)).toEqual({ from: 1, to: 1 });
    }
  });

  it('lets its users log in, with their passwords and keys', async () => {
    const accounts = dynamodbAccounts(clients.dynamodb, 'openfrs-accounts');
    const secrets = secretKeys(holds.secretKey);
    const loginQueue: LoginQueue = { lookUp: (_source, work) => work(), run: (_login, work) => work() };
    const logins = loginGuard({ hit: async () => 1 });
    const deps = { accounts, secrets, logins, loginQueue, derivation: scryptInPool };
    const from = { source: '192.0.2.1', now: new Date() };
    for (const { domain, user, password, project, projectId, userId } of holds.accounts) {
      const login = (text: string) => ({
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: user, password: text, domain: { name: domain } } },
          },
          scope: { project: { name: project } },
        },
      });
      const { body } = await createToken(login(password), from, deps);
      expect(body.token).toMatchObject({ user: { id: userId }, project: { id: projectId } });
      await expect(createToken(login(newPassword()), from, deps)).rejects.toMatchObject({ status: 401 });
    }
    for (const { ak, sk } of [holds.rotated, other()]) {
      const key = await accounts.accessKey(ak);
      expect(key?.enabled).toBe(true);
      expect(secrets.open(key?.sealedSecret ?? '', ak)).toBe(sk);
    }
    expect((await accounts.accessKey(owner().ak))?.enabled).toBe(false);
  });

  it('lists its sets and their faces, as they were', async () => {
    const faceSets = createFaceSets(where());
    const { page, id, createdAt } = holds.sets.people;
    const sets = await faceSets.list(owner().projectId);
    expect(sets.map((set) => [set.name, set.id, set.faceNumber])).toEqual([
      ['people', id, page.length],
      ['empty', holds.sets.empty.id, 0],
    ]);
    expect(sets[0]?.createdAt).toEqual(new Date(createdAt));
    expect(Object.keys(sets[0]?.fields ?? {})).toEqual(['age', 'ref', 'score', 'name', 'vip']);
    expect(plain(await faceSets.page(await people(), 0, 1000))).toEqual(page);
    for (const one of page) expect(plain(await faceSets.find(await people(), one.faceId))).toEqual(one);
    const theirs = await faceSets.list(other().projectId);
    expect(theirs.map((set) => [set.name, set.faceNumber])).toEqual([
      ['people', 2],
      ['half', 0],
    ]);
    expect(plain(await faceSets.page(theirs[0] as FaceSet, 0, 10))).toEqual(holds.sets.theirs.page);
    expect(await faceSets.page(theirs[1] as FaceSet, 0, 10)).toEqual([]);
  });

  it('finds every face, cold and warm, by vector, id, filter and person', async () => {
    const set = await people();
    for (const { query, hits } of holds.sets.people.searched) {
      const { seed, ...rest } = query;
      const search = { probe: { vector: vector(seed) }, ...rest };
      const found = await createFaceSets(where()).search(set, search);
      const withoutCosine = (hit: SearchHit) => ({ ...hit, cosine: undefined });
      expect(plain(found.map(withoutCosine))).toEqual(plain(hits.map(withoutCosine)));
      // A mean of several faces depends on the order of adding them up in its last digits.
      for (const [i, { cosine }] of found.entries()) expect(cosine).toBeCloseTo(hits[i]?.cosine ?? NaN, 9);
    }
    const faceSets = createFaceSets(where());
    for (const { faceId, box } of holds.sets.people.page) {
      const byId = { probe: { faceId }, topN: 1, minCosine: 0.999 };
      const { hits } = await faceSets.searchNamed(set.projectId, set.name, () => byId);
      expect(hits.map((hit) => hit.faceId)).toEqual([faceId]);
      const byVector = { ...byId, probe: { vector: vector(box.topLeftX) } };
      expect((await faceSets.search(set, byVector)).map((hit) => hit.faceId)).toEqual([faceId]);
    }
  });

  it('remembers the faces that were to be added once', async () => {
    const again = [face(50), face(51), face(52)];
    const added = await createFaceSets(where()).add(await people(), again, { once: 'a photo' });
    expect(plain(added)).toEqual(holds.sets.people.once);
  });

  it('is put right by a sweep where its writers had died, and is whole then', async () => {
    const maintenance = createMaintenance(where());
    const { failures, purged } = await maintenance.sweep();
    expect([failures, purged]).toEqual([[], 1]);
    const set = await people();
    const faceSets = createFaceSets(where());
    const page = await faceSets.page(set, 0, 1000);
    // The deletion is carried out, the whole add is there, the half one and the update never were.
    expect(plain(page.slice(0, -2))).toEqual(holds.sets.people.page.slice(1));
    expect(page.slice(-2).map((one) => one.box.topLeftX)).toEqual([60, 61]);
    const report = await maintenance.verifySet(set.projectId, set.name, { repair: false });
    expect(report).toMatchObject({
      ...{ faces: page.length, counted: page.length },
      ...{ lostSegments: [], damaged: [], repaired: false },
    });
    const all = { probe: { vector: vector(1) }, topN: 1000, minCosine: -1 };
    const found = (await faceSets.search(set, all)).map((hit) => hit.faceId);
    expect(found.sort()).toEqual(page.map((one) => one.faceId).sort());
    const removed = holds.sets.people.page[0]?.faceId ?? '';
    expect(await maintenance.locateVector(set.projectId, set.name, removed)).toMatchObject({ record: false });
  });

  it('can be written to, exported and imported', async () => {
    const transfer = createTransfer(where());
    expect(await transfer.abandonImports(other().projectId, 'half')).toBe(1);
    const set = await people();
    const lines: string[] = [];
    for await (const line of transfer.exportSet(set.projectId, set.name)) lines.push(line.trimEnd());
    expect(lines).toHaveLength(set.faceNumber + 1);
    const copy = await transfer.importSet(
      other().projectId,
      async function* () {
        yield* lines;
      },
      { name: 'copy', maxSets: 10 },
    );
    const faceSets = createFaceSets(where());
    expect(await faceSets.page(copy.set, 0, 1000)).toEqual(await faceSets.page(set, 0, 1000));
    const [added] = await faceSets.add(set, [face(200)]);
    expect((await faceSets.page(set, set.faceNumber, 10)).map(({ faceId }) => faceId)).toEqual([
      added?.faceId,
    ]);
  });
});
