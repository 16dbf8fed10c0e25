/*
 * Writes 549301a.json.gz beside this file: a data folder as openfrs of commit 549301a left it, with what it is to hold.
 * old-data.test.ts opens it with the code of today. Not to be run again: what an old version wrote does not change.
 *
 *   git worktree add ../old 549301a && (cd ../old && npm ci)
 *   (cd ../old && node --import tsx <checkout>/packages/store/test/old-data/write.mjs "$PWD")
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const checkout = process.argv[2] ?? '';
const load = (path) => import(pathToFileURL(join(checkout, path)).href);
const store = await load('packages/store/src/index.ts');
const core = await load('packages/core/src/index.ts');
const { startEmbedded } = await load('packages/embedded/src/index.ts');
const { face, spec, vector } = await load('packages/store/test/faces.ts');

const dir = await mkdtemp(join(tmpdir(), 'openfrs-old-'));
const embedded = await startEmbedded({ dir });
const clients = store.createClients({ ...embedded, credentials: embedded });
await store.createTables(clients.dynamodb, ['openfrs-data', 'openfrs-accounts', 'openfrs-limits']);
await store.createBuckets(clients.s3, ['openfrs-index', 'openfrs-media']);
for (const table of ['openfrs-data', 'openfrs-accounts']) await store.migrate(clients.dynamodb, table);

const secretKey = core.newSecretKey();
const accounts = store.dynamodbAccounts(clients.dynamodb, 'openfrs-accounts');
const deps = { accounts, secrets: core.secretKeys(secretKey) };
const owner = { user: 'ann', project: 'cn-north-4', buckets: ['openfrs-media'] };
const acme = await core.createAccount({ ...owner, domain: 'acme' }, deps);
const other = await core.createAccount({ ...owner, domain: 'other', user: '雷' }, deps);
const rotated = await core.rotateAccessKey(await accounts.accessKey(acme.ak), deps);

/** A year ago: writers found in flight are dead, and the grace time of all that was replaced is over. */
let clock = Date.now() - 365 * 86_400_000;
const options = {
  ...{ dynamodb: clients.dynamodb, s3: clients.s3, table: 'openfrs-data', bucket: 'openfrs-index' },
  limits: { segmentRows: 16, tailRows: 4, logChanges: 4 },
  now: () => (clock += 1),
};
const faceSets = store.createFaceSets(options);
const upkeep = store.createUpkeep(options);
const transfer = store.createTransfer(options);

/** Faces from a seed on; every other one with the values that are hardest to keep. */
const faces = (from, count) =>
  Array.from({ length: count }, (_, i) => {
    const seed = from + i;
    const fields =
      seed % 2
        ? { age: seed, ref: 2n ** 62n + BigInt(seed), score: -0, vip: seed % 3 === 0 }
        : { name: '雷' };
    return face(seed, { fields, externalImageId: `person${seed % 5}` });
  });

/** Ends for good at a step: the write is left as a process that was killed leaves it. */
function dieAt(name, act) {
  return new Promise((resolve, reject) => {
    const step = (reached) => {
      if (reached !== name) return undefined;
      resolve();
      return new Promise(() => undefined);
    };
    const dying = { ...options, step };
    act(store.createFaceSets(dying), store.createTransfer(dying)).then(
      () => reject(new Error(`${name} was not reached`)),
      reject,
    );
  });
}

const set = await faceSets.create(acme.projectId, spec('people'), 10);
const added = await faceSets.add(set, faces(0, 40));
await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: added[3].faceId });
await upkeep.compact(set.projectId, set.name, { all: true });
await faceSets.update(set, added[5].faceId, { fields: { age: 77, name: 'changed' } });
await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: added[20].faceId });
// The segment that held it is written anew, and the old one waits for its removal.
await upkeep.compact(set.projectId, set.name, { all: true });
await faceSets.update(set, added[6].faceId, { externalImageId: 'renamed' });
await faceSets.removeMatching(set, { kind: 'equals', field: 'external_image_id', value: 'person4' });
const once = await faceSets.add(set, faces(50, 3), { once: 'a photo' });
const plain = (value) =>
  JSON.parse(
    JSON.stringify(value, (_, each) =>
      typeof each === 'bigint' ? `${each}n` : Object.is(each, -0) ? '-0' : each,
    ),
  );
const equals = (field, value) => ({ kind: 'equals', field, value });
const queries = [
  { seed: 1, topN: 5, minCosine: -1 },
  { seed: 51, topN: 50, minCosine: -1 },
  { seed: 7, topN: 50, minCosine: -1, filter: equals('name', '雷') },
  { seed: 8, topN: 3, minCosine: -1, groupBy: 'external_image_id' },
];
const searched = [];
for (const query of queries) {
  const { seed, ...rest } = query;
  searched.push({
    query,
    hits: plain(await faceSets.search(set, { probe: { vector: vector(seed) }, ...rest })),
  });
}
const page = await faceSets.page(set, 0, 1000);

const empty = await faceSets.create(acme.projectId, spec('empty', { capacity: 5 }), 10);
const theirs = await faceSets.create(other.projectId, spec('people'), 10);
const second = await faceSets.add(theirs, faces(100, 2));
await faceSets.create(acme.projectId, spec('removed'), 10);
await faceSets.remove(acme.projectId, 'removed');

// Four writes that died: an add of which all is there, one of which half is, a deletion and an update.
await dieAt('add:written', (sets) => sets.add(set, faces(60, 2)));
// Sixteen are written at a time.
let written = 0;
await new Promise((resolve) => {
  const step = (name) => {
    if (name !== 'add:face') return undefined;
    if (++written === 16) resolve();
    return new Promise(() => undefined);
  };
  void store.createFaceSets({ ...options, step }).add(set, faces(70, 40));
});
await dieAt('change:logged', (sets) => sets.removeMatching(set, equals('face_id', page[0].faceId)));
await dieAt('change:logged', (sets) => sets.update(set, page[1].faceId, { fields: { age: 1 } }));
// An import that is not finished.
const lines = [];
for await (const line of transfer.exportSet(theirs.projectId, theirs.name)) lines.push(line.trimEnd());
await dieAt('import:batch', (_, imports) =>
  imports.importSet(
    other.projectId,
    async function* () {
      yield* lines;
    },
    { name: 'half', maxSets: 10 },
  ),
);

clients.destroy();
await embedded.stop();
const files = {};
for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  files[path.slice(dir.length + 1)] = (await readFile(path)).toString('base64');
}
await rm(dir, { recursive: true });
const holds = {
  secretKey,
  accounts: [acme, other],
  rotated,
  sets: {
    people: { id: set.id, createdAt: set.createdAt, page: plain(page), searched, once: plain(once) },
    empty: { id: empty.id },
    theirs: { id: theirs.id, page: plain(second) },
  },
};
const packed = gzipSync(JSON.stringify({ holds, files }), { level: 9 });
await writeFile(new URL('./549301a.json.gz', import.meta.url), packed);
console.log(`${packed.length} bytes, ${Object.keys(files).length} files`);
