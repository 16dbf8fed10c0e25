import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { FieldSchema } from '@openfrs/contract';
import {
  type EnrolPorts,
  enrolUpload,
  type FaceSet,
  type FaceSets,
  newSecretKey,
  type Project,
  removeUpload,
  retryUpload,
  secretKeys,
  type Upload,
  type Vision,
} from '@openfrs/core';
import { amount } from '@openfrs/testing/sample';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBuckets, createObjects, dynamodbEnrolments } from '../src/index.ts';
import { startStores, type TestStores } from './embedded.ts';
import { spec, vector } from './faces.ts';
import { newProject } from './specification.ts';

const bucket = 'openfrs-media';
const fields: FieldSchema = Object.fromEntries([
  ['name', 'string'],
  ['__proto__', 'string'],
  ['constructor', 'integer'],
]);

let stores: TestStores;
beforeAll(async () => {
  stores = await startStores();
  await createBuckets(stores.s3, [bucket]);
});
afterAll(() => stores.stop());

let faceSets: FaceSets;
let set: FaceSet;
let ports: EnrolPorts;
let letters: string[];
beforeEach(async () => {
  faceSets = stores.instance();
  set = await faceSets.create(newProject(), spec('staff', { fields }), 10);
  letters = [];
  const project = {
    id: set.projectId,
    enabled: true,
    qualityGate: 0,
    buckets: [bucket],
    subscriptions: { search: 'now' },
  };
  // Each photo is the seed of its one face.
  const describe: Vision['describe'] = async (image) => {
    const box = { topLeftX: 0, topLeftY: 0, width: 50, height: 50 };
    const quality = { total: 1, blur: 0, pose: 0, occlusion: 0, illumination: 0 };
    return [{ box, vector: vector(Number(Buffer.from(image).toString())), quality, recognisability: 1 }];
  };
  const model = { id: 'test-model' };
  let now = Date.now();
  ports = {
    accounts: { project: async () => project as unknown as Project } as unknown as EnrolPorts['accounts'],
    objects: createObjects(stores.s3),
    vision: { model, modelOf: () => model, describe } as unknown as Vision,
    faceSets,
    enrolments: dynamodbEnrolments(stores.dynamodb, stores.table),
    deadLetters: { put: async (_, code) => void letters.push(code) },
    now: () => new Date(now++),
    removeWithObject: true,
  };
});

const keyOf = (file: string) => `enrol/${set.projectId}/staff/${file}`;
/** Puts a photo and returns the event that S3 would bring. */
async function put(
  file: string,
  seed: number,
  version: string,
  Metadata?: Record<string, string>,
): Promise<Upload> {
  const key = keyOf(file);
  const { ETag = '' } = await stores.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: String(seed), Metadata }),
  );
  return { bucket, key, version, etag: ETag.replaceAll('"', '') };
}
async function remove(file: string, version: string): Promise<Upload> {
  await stores.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(file) }));
  return { bucket, key: keyOf(file), version };
}
const faces = () => faceSets.page(set, 0, 100);
const log = async () => (await ports.enrolments.list(set.projectId, 100)).reverse();
const boundVectors = async (seeds: readonly number[]) => {
  const found = await Promise.all(
    seeds.map((seed) => faceSets.search(set, { probe: { vector: vector(seed) }, topN: 1, minCosine: 0.99 })),
  );
  return found.map((hits) => hits.length);
};

it.each([
  ['has a crop where crops are kept', true, ['crop of 7']],
  ['has none, and none is made, where none are kept', false, []],
])('a face of a photo %s', async (_, keepsCrops, kept) => {
  const crops = secretKeys(newSecretKey());
  const asked: unknown[] = [];
  const describeWith: Vision['describe'] = async (image, options, signal) => {
    asked.push(options.crops ?? false);
    const crop = Buffer.from(`crop of ${Buffer.from(image)}`);
    return (await ports.vision.describe(image, options, signal)).map((face) => ({ ...face, crop }));
  };
  const enrolling = {
    ...ports,
    faceSets: stores.instance(keepsCrops ? { crops } : {}),
    vision: { ...ports.vision, describe: describeWith },
  };
  await enrolUpload(await put('ann.jpg', 7, '01'), enrolling);
  expect(asked).toEqual([keepsCrops]);
  const [ann] = await faces();
  const shown = await stores.instance({ crops }).crops(set, [ann?.faceId ?? '']);
  expect([...shown.values()].map(String)).toEqual(kept);
});

describe('a photo that fails', () => {
  const failing = (error: Error): EnrolPorts => ({
    ...ports,
    vision: { ...ports.vision, describe: () => Promise.reject(error) },
  });
  const fault = new TypeError('x is not a function');
  const throttled = Object.assign(new Error('throttled'), { $metadata: {} });

  it('by itself is thrown for another try, and given up at its fifth failure', async () => {
    const upload = await put('ann.jpg', 1, '01');
    for (let n = 1; n <= 4; n++) await expect(enrolUpload(upload, failing(fault))).rejects.toThrow(fault);
    expect(letters).toEqual([]);
    await enrolUpload(upload, failing(fault));
    expect(letters).toEqual(['FRS.0018']);
    expect(await log()).toMatchObject([{ state: 'refused', message: 'It failed 5 times: see the log.' }]);
  });

  it('for want of what it depends on is none of its failures, however often', async () => {
    const upload = await put('ann.jpg', 1, '01');
    for (let n = 1; n <= 20; n++)
      await expect(enrolUpload(upload, failing(throttled))).rejects.toThrow(throttled);
    await expect(enrolUpload(upload, failing(fault))).rejects.toThrow(fault);
    await enrolUpload(upload, ports);
    expect(letters).toEqual([]);
    expect(await faces()).toHaveLength(1);
  });

  /** A process that ends while it looks: nothing comes of its promise. */
  const cutOff = (upload: Upload) =>
    new Promise<void>((looking) => {
      const describe = () => {
        looking();
        return new Promise<never>(() => {});
      };
      void enrolUpload(upload, { ...ports, vision: { ...ports.vision, describe } });
    });

  it('with the whole process is given up when ten in a row have ended at it', async () => {
    const upload = await put('ann.jpg', 1, '01');
    for (let n = 1; n <= 10; n++) await cutOff(upload);
    expect(letters).toEqual([]);
    await enrolUpload(upload, ports);
    expect(letters).toEqual(['FRS.0018']);
    expect(await log()).toMatchObject([
      { state: 'refused', message: expect.stringContaining('Each of 10 processes ended') },
    ]);
    expect(await faces()).toEqual([]);
  });

  it('is not blamed for a store that fails wherever faces are added or an end is noted, however often', async () => {
    const upload = await put('ann.jpg', 1, '01');
    const hanging = {
      ...ports,
      faceSets: { ...ports.faceSets, add: () => Promise.reject(throttled) },
      enrolments: { ...ports.enrolments, fail: () => Promise.reject(throttled) },
    };
    for (let n = 1; n <= 25; n++) await expect(enrolUpload(upload, hanging)).rejects.toThrow(throttled);
    await enrolUpload(upload, ports);
    expect(letters).toEqual([]);
    expect(await faces()).toHaveLength(1);
  });

  it('is not blamed for ended processes between which it came to an end', async () => {
    const upload = await put('ann.jpg', 1, '01');
    for (let round = 1; round <= 2; round++) {
      for (let n = 1; n <= 9; n++) await cutOff(upload);
      await expect(enrolUpload(upload, failing(throttled))).rejects.toThrow(throttled);
    }
    await enrolUpload(upload, ports);
    expect(await faces()).toHaveLength(1);
  });
});

describe('a photo that was given up and is tried again', () => {
  const blind = () => ({ ...ports, vision: { ...ports.vision, describe: async () => [] } });

  it('is enrolled once, however many try it at a time', async () => {
    const upload = await put('ann.jpg', 1, '01');
    await enrolUpload(upload, blind());
    expect(letters).toEqual(['FRS.0404']);
    const tried = await Promise.all([1, 2, 3].map(() => retryUpload(upload, ports)));
    expect(tried.map((outcome) => outcome?.state)).toEqual(['enrolled', 'enrolled', 'enrolled']);
    expect(await faces()).toHaveLength(1);
    expect(await retryUpload(upload, ports)).toMatchObject({ state: 'enrolled' });
    expect(await faces()).toHaveLength(1);
  });

  it('is left alone where it was replaced since, by the same picture, too', async () => {
    const upload = await put('ann.jpg', 1, '01');
    await enrolUpload(upload, blind());
    await enrolUpload(await put('ann.jpg', 1, '02'), ports);
    expect(await retryUpload(upload, ports)).toMatchObject({ state: 'ignored' });
    expect(await faces()).toHaveLength(1);
  });

  it('gets no second face where it was given up after the first had been added', async () => {
    const upload = await put('ann.jpg', 1, '01');
    const record = () => Promise.reject(new Error('down'));
    const torn = { ...ports, enrolments: { ...ports.enrolments, record } };
    await expect(enrolUpload(upload, torn)).rejects.toThrow('down');
    expect(await faces()).toHaveLength(1);
    expect(await retryUpload(upload, ports)).toMatchObject({ state: 'enrolled' });
    expect(await faces()).toHaveLength(1);
  });

  it('leaves a new letter where it is refused again, also behind a key of no project', async () => {
    const upload = await put('ann.jpg', 1, '01');
    await enrolUpload(upload, blind());
    expect(await retryUpload(upload, blind())).toMatchObject({ state: 'refused', version: '011' });
    expect(await retryUpload({ bucket, key: 'enrol/ann.jpg', version: '01' }, ports)).toBeUndefined();
    expect(letters).toEqual(['FRS.0404', 'FRS.0404', 'FRS.0012']);
  });
});

describe('events of a key that come out of order', () => {
  it('a late deletion leaves the newer photo, and takes the older one', async () => {
    await enrolUpload(await put('ann.jpg', 1, '0A'), ports);
    const deleted = await remove('ann.jpg', '0A1');
    await enrolUpload(await put('ann.jpg', 2, '0B'), ports);
    await removeUpload(deleted, ports);
    expect(await boundVectors([1, 2])).toEqual([0, 1]);
    await removeUpload(await remove('ann.jpg', '0B0001'), ports);
    expect(await faces()).toEqual([]);
  });

  it('a late photo that was replaced or deleted since is not enrolled, and the log says why', async () => {
    const first = await put('ann.jpg', 1, '01');
    await enrolUpload(await put('ann.jpg', 1, '02'), ports);
    await enrolUpload(first, ports);
    expect(await faces()).toHaveLength(1);
    expect(await log()).toMatchObject([
      { state: 'enrolled', version: '02' },
      { state: 'ignored', version: '01', message: 'The photo was replaced or deleted since.' },
    ]);
    const third = await put('ann.jpg', 3, '03');
    await removeUpload(await remove('ann.jpg', '04'), ports);
    await enrolUpload(third, ports);
    expect(await faces()).toEqual([]);
    expect(letters).toEqual([]);
  });

  it('a deletion that comes while its photo is being enrolled takes the faces', async () => {
    const upload = await put('ann.jpg', 1, '01');
    const slow: EnrolPorts = {
      ...ports,
      vision: {
        ...ports.vision,
        describe: async (...given) => {
          await removeUpload(await remove('ann.jpg', '02'), ports);
          return await ports.vision.describe(...given);
        },
      },
    };
    await enrolUpload(upload, slow);
    expect(await faces()).toEqual([]);
  });

  it('a deletion that stalls before it removes anything leaves the photo that was put meanwhile', async () => {
    await enrolUpload(await put('ann.jpg', 1, '01'), ports);
    const stalled: EnrolPorts = {
      ...ports,
      faceSets: {
        ...faceSets,
        removeMatching: async (...given) => {
          await enrolUpload(await put('ann.jpg', 2, '03'), ports);
          return await faceSets.removeMatching(...given);
        },
      },
    };
    await removeUpload(await remove('ann.jpg', '02'), stalled);
    expect(await boundVectors([1, 2])).toEqual([0, 1]);
  });

  it('end, in any order and with repetitions, as the last one says', async () => {
    let run = 0;
    const history = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(history, fc.array(fc.nat()), async (puts, order) => {
        const file = `p${run++}.jpg`;
        const events: { readonly isPut: boolean; readonly upload: Upload }[] = [];
        for (const [at, isPut] of puts.entries()) {
          const version = `0${at}`;
          const upload = isPut ? await put(file, 100 + at, version) : await remove(file, version);
          events.push({ isPut, upload });
        }
        const shuffled = [...events, ...order.map((n) => events[n % events.length] ?? events[0])]
          .map((event, at) => ({ event, rank: (order[at % Math.max(1, order.length)] ?? 0) * 31 + at * 17 }))
          .sort((a, b) => (a.rank % 13) - (b.rank % 13));
        for (const { event } of shuffled) {
          if (event) await (event.isPut ? enrolUpload : removeUpload)(event.upload, ports);
        }
        const id = file.slice(0, -4);
        const left = (await faces()).filter((face) => face.externalImageId === id);
        expect(left).toHaveLength(puts.at(-1) ? 1 : 0);
        const seeds = puts.map((_, at) => 100 + at);
        const filter = { kind: 'equals', field: 'external_image_id', value: id } as const;
        const last = { probe: { vector: vector(seeds.at(-1) ?? 0) }, topN: 1, minCosine: 0.99, filter };
        expect(await faceSets.search(set, last)).toHaveLength(puts.at(-1) ? 1 : 0);
      }),
      { numRuns: amount(12, 100) },
    );
  }, 120_000);
});

describe('the log has a line of every object', () => {
  it.each([
    ['ann 1.jpg', 'FRS.0012'],
    ['a+b.jpg', 'FRS.0012'],
    ['王小明.jpg', 'FRS.0012'],
    ['2026/ann.jpg', 'FRS.0012'],
    ['ann.gif', 'FRS.0016'],
    ['ann', 'FRS.0016'],
    ['ann.json', undefined],
    ['folder/', undefined],
  ])('%j, whose reason is %s', async (file, code) => {
    const upload = await put(file, 1, '01');
    await enrolUpload(upload, ports);
    await enrolUpload(upload, ports);
    const state = code === undefined ? 'ignored' : 'refused';
    expect(await log()).toEqual([
      expect.objectContaining({ key: keyOf(file), state, message: expect.stringMatching(/\w+ .*\.$/) }),
    ]);
    expect((await log())[0]?.code).toBe(code);
    expect(letters).toEqual(code === undefined ? [] : [code]);
    expect(await faces()).toEqual([]);
  });
});

describe("an object's metadata", () => {
  const stored = async (Metadata: Record<string, string>) => {
    await enrolUpload(await put('ann.jpg', 1, '01', Metadata), ports);
    return (await faces())[0]?.fields;
  };

  it.each([
    ['=?UTF-8?B?546L5bCP5piO?=', '王小明'],
    ['=?UTF-8?Q?=E7=8E=8B=E5=B0=8F=E6=98=8E?=', '王小明'],
    ['=?utf-8?b?546L?= =?utf-8?b?5bCP5piO?=', '王小明'],
    ['=?GBK?B?zfXQocP3?=', '王小明'],
    ['=?ISO-8859-1?Q?Ren=E9e?=', 'Renée'],
    ['plain_1', 'plain_1'],
  ])('in the form of RFC 2047 is decoded: %s', async (name, text) => {
    expect(await stored({ name })).toEqual({ name: text });
  });

  it('that is no text in the end is refused', async () => {
    expect(await stored({ name: '=?UTF-8?B?/////w==?=' })).toBeUndefined();
    expect(letters).toEqual(['FRS.0406']);
  });

  it('has fields that are called as members of objects', async () => {
    const metadata = Object.fromEntries([
      ['constructor', '7'],
      ['__proto__', 'a'],
    ]);
    const found = await stored(metadata);
    expect(Object.entries(found ?? {}).sort()).toEqual(
      Object.entries(metadata)
        .map(([name, text]) => [name, name === 'constructor' ? 7 : text])
        .sort(),
    );
  });
});
