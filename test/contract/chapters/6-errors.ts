import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type ErrorCode, errorTable } from '@openfrs/contract';
import { readConfig } from '@openfrs/core';
import { createService, faceDetect, faceSetList, parts, type Service } from '@openfrs/service';
import { createClients, createObjects, createTransfer } from '@openfrs/store';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../support/account.ts';
import { plainPicture } from '../../support/photos.ts';
import { sharedData } from '../../support/shared-data.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { call, done, expectError, refused, seen, tokenOf } from '../support/client.ts';
import { newFaceSetName, withFaceSet } from '../support/face-sets.ts';
import { newAccount } from '../support/operator.ts';
import { localService, service } from '../support/service.ts';

/** Rows of the error table that no request can produce, and why. */
const unreachable: Partial<Record<ErrorCode, string>> = {
  'FRS.0010': 'No header is needed: the content type has a default, and missing credentials are APIG.0301.',
  'FRS.0036': 'Nothing is fetched by its URL; reading stored objects fails with FRS.0022.',
  'FRS.0201': 'Users are registered with the command line, not by a request.',
  'FRS.0203': 'Users are changed with the command line, not by a request.',
  'FRS.0705': 'No operation has a match mode.',
  'FRS.0709': 'Of several faces the largest is judged, with a warning.',
  'FRS.0751': 'Damaged videos are FRS.0701, as the decisions have it.',
};

const local = process.env.FRS_CONTRACT_REMOTE !== '1';
const image_base64 = smallPhoto(1).toString('base64');

describe('stored media', () => {
  const s3 = () => new S3Client({ forcePathStyle: true });
  const put = async (Key: string, Body: Buffer) => {
    await s3().send(new PutObjectCommand({ Bucket: service.bucket, Key, Body }));
  };

  it.runIf(local)('are read from the buckets of the project, by /bucket/key and by https', async () => {
    await put('ein foto/家.jpg', smallPhoto(1));
    const path = `${service.bucket}/ein foto/家.jpg`;
    const byPath = await done('face-detect', { json: { image_url: `/${path}` } });
    expect(byPath).toEqual(await done('face-detect', { json: { image_base64 } }));
    const host = new URL(process.env.AWS_ENDPOINT_URL_S3 ?? '').host;
    const image_url = `https://${service.bucket}.${host}/${encodeURI('ein foto/家.jpg')}`;
    expect(await done('face-detect', { json: { image_url } })).toEqual(byPath);
    expect(
      await done('face-compare', { form: { image1_url: `/${path}`, image2_file: smallPhoto(1) } }),
    ).toMatchObject({ similarity: expect.closeTo(1, 2) });
  });

  it.runIf(local)('are refused if too large, not there, or not a picture', async () => {
    await put('large.jpg', Buffer.alloc(8 * 1024 * 1024 + 1));
    await put('text.jpg', Buffer.from('text'));
    await refused('FRS.0023', 'face-detect', { json: { image_url: `/${service.bucket}/large.jpg` } });
    await refused('FRS.0024', 'face-detect', { json: { image_url: `/${service.bucket}/none.jpg` } });
    await refused('FRS.0016', 'face-detect', { json: { image_url: `/${service.bucket}/text.jpg` } });
    await refused('FRS.0023', 'live-detect', {
      json: { video_url: `/${service.bucket}/large.jpg`, actions: '1' },
    });
  });

  it('of other buckets are FRS.0027', () =>
    refused('FRS.0027', 'face-detect', { json: { image_url: '/another-bucket/key' } }));

  it.each([
    '',
    '/',
    '//',
    '/bucket',
    '/bucket/',
    '//key',
    'bucket/key',
    '/B/key',
    `/${'b'.repeat(64)}/key`,
    '/bucket/\ud800',
  ])('no path of a bucket and a key is FRS.0021: %j', (image_url) =>
    refused('FRS.0021', 'face-detect', { json: { image_url } }),
  );

  it.each([
    'http://example.com/a.jpg',
    'https://example.com/a.jpg',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:8080/health',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'ftp://a/b',
    'https://',
    'https://bucket.example.com@127.0.0.1/key',
    'javascript:alert(1)',
  ])('no other address is ever fetched, FRS.0035: %s', (image_url) =>
    refused('FRS.0035', 'face-detect', { json: { image_url } }),
  );
});

describe.runIf(local)('what the operator decides', () => {
  it('subscriptions: FRS.0019, FRS.0020, FRS.0202', async () => {
    const json = { image_base64 };
    const nothing = await newAccount({ change: { subscriptions: {} } });
    await refused('FRS.0019', 'face-detect', { json, account: nothing });
    const searchOnly = await newAccount({ services: ['search'] });
    await refused('FRS.0020', 'face-detect', { json, account: searchOnly });
    await done('face-set-list', { account: searchOnly });
    const frozen = await newAccount({ change: { frozen: true } });
    await refused('FRS.0202', 'face-detect', { json, account: frozen });
  });

  it('rate limits: FRS.0033, with honest figures', async () => {
    const account = await newAccount({ quotas: { requestsPerMinute: 3 } });
    // A minute may end in between; three in one minute and a fourth come within two tries.
    const left: string[] = [];
    for (let n = 0; n < 8 && left.at(-1) !== 'refused'; n++) {
      const reply = await call('face-set-list', { account });
      expect(reply.headers.get('X-ratelimit')).toBe('3');
      if (reply.status !== 200) expectError(reply, 'FRS.0033');
      left.push(reply.status === 200 ? (reply.headers.get('X-ratelimit-used') ?? '') : 'refused');
    }
    expect(left.slice(-4)).toEqual(['2', '1', '0', 'refused']);
    await refused('FRS.0011', 'face-set-create', { json: {}, account });
  });

  it('the number of face sets: FRS.0305', async () => {
    const account = await newAccount();
    const create = () => ({ json: { face_set_name: newFaceSetName() }, account });
    for (let n = 0; n < 10; n++) await done('face-set-create', create());
    await refused('FRS.0305', 'face-set-create', create());
    await refused('FRS.0012', 'face-set-create', {
      json: { face_set_name: 'a', face_set_capacity: 110_000 },
      account,
    });
  });

  it('the quality of faces: FRS.0708, with its reasons', async () => {
    const account = await newAccount({ change: { qualityGate: 0.9999 } });
    await withFaceSet(
      {},
      async (set) => {
        const reply = await call('face-add', { set, json: { image_base64 }, account });
        expectError(reply, 'FRS.0708');
        expect(reply.text).toContain('blur');
        await refused('FRS.0708', 'face-search', { set, json: { image_base64 }, account });
      },
      account,
    );
  });

  it('how much of a person a face holds, where the request asks for more: FRS.0708, with its reasons', () =>
    withFaceSet({}, async (set) => {
      const add = { set, json: { image_base64, min_recognizability: 1 } };
      const reply = await call('face-add', add);
      expectError(reply, 'FRS.0708');
      expect(reply.text).toMatch(/Recognizability 0\.\d\d is below 1 .*blur/);
      await done('face-add', { set, json: { image_base64, min_recognizability: 0.5, single: true } });
      await refused('FRS.0012', 'face-add', { set, json: { image_base64, min_recognizability: 1.1 } });
    }));

  it('the capacity of a face set: FRS.0306, and then nothing of the picture is added', async () => {
    const account = await newAccount();
    const set = newFaceSetName();
    await done('face-set-create', { json: { face_set_name: set, face_set_capacity: 10_000 }, account });
    await fill(account, set, 9_999);
    await refused('FRS.0306', 'face-add', { set, json: { image_base64 }, account });
    expect(await done('face-set-show', { set, account })).toMatchObject({
      face_set_info: { face_number: 9_999 },
    });
    await done('face-add', { set, json: { image_base64, single: true }, account });
  });

  it('accounts are told apart: nothing of one project is seen from another', async () => {
    const [one, two] = [await newAccount(), await newAccount()];
    const set = newFaceSetName();
    await done('face-set-create', { json: { face_set_name: set }, account: one });
    expect(await done('face-set-list', { account: two })).toEqual({ face_sets_info: [] });
    await refused('FRS.0302', 'face-set-show', { set, account: two });
    await refused('FRS.0302', 'face-set-delete', { set, account: two });
    const headers = { 'X-Auth-Token': await tokenOf(two) };
    await refused('FRS.0028', 'face-set-show', { set, account: one, headers });
  });
});

/** Puts faces into an empty set by an import of its export with lines of faces behind it: thousands come in at once. */
async function fill(account: Account, name: string, count: number): Promise<void> {
  const { dataTable, indexBucket } = readConfig();
  const clients = createClients(readConfig().aws);
  const transfer = createTransfer({ ...clients, table: dataTable, bucket: indexBucket });
  let header = '';
  for await (const line of transfer.exportSet(account.projectId, name)) header = line.trim();
  const vector = new Float32Array((JSON.parse(header) as { dimension: number }).dimension);
  vector[0] = 1;
  const face = {
    bounding_box: [0, 0, 50, 50],
    vector: Buffer.from(vector.buffer).toString('base64'),
    fields: {},
  };
  async function* lines(): AsyncGenerator<string> {
    yield header;
    for (let at = 0; at < count; at++) yield JSON.stringify({ ...face, external_image_id: `x${at}` });
  }
  await transfer.importSet(account.projectId, lines, { maxSets: 10 });
  clients.destroy();
}

describe.runIf(local)('faults behind the service', () => {
  const send = async ({ app }: Service, path: string, init: RequestInit) => {
    const headers = { 'X-Auth-Token': await tokenOf(service.owner) };
    const response = await app.request(`/v2/${service.owner.projectId}${path}`, { ...init, headers });
    const text = await response.text();
    const body = JSON.parse(text);
    seen.add(body.error_code);
    return { status: response.status, headers: response.headers, text, body };
  };

  it('a store of media that can not be reached is FRS.0022', async () => {
    const deadS3 = new S3Client({ endpoint: 'http://127.0.0.1:9', forcePathStyle: true, maxAttempts: 1 });
    const { config, resolve } = localService();
    const deaf = createService(config, {
      operations: [faceDetect],
      overrides: {
        media: () => ({ objects: createObjects(deadS3), mediaHosts: [] }),
        vision: () => resolve(parts.vision),
      },
    });
    const body = JSON.stringify({ image_url: `/${service.bucket}/a.jpg` });
    expectError(await send(deaf, '/face-detect', { method: 'POST', body }), 'FRS.0022');
  });

  it('anything else is FRS.0018 with the request id and no detail', async () => {
    const { config } = localService();
    const empty = createService({ ...config, dataTable: 'no-such-table' }, { operations: [faceSetList] });
    const reply = await send(empty, '/face-sets', {});
    await empty.close();
    expectError(reply, 'FRS.0018');
    expect(reply.text).toContain(reply.headers.get('X-Request-Id') ?? 'missing');
    expect(reply.text).not.toContain('no-such-table');
  });
});

describe.runIf(local)('6.2 the error table', () => {
  it('every row was produced by a request above, or can not occur', async () => {
    await refused('FRS.0013', 'face-detect', { form: { image_file: plainPicture(4097, 100) } });
    const needData: ErrorCode[] = sharedData('clips') ? [] : ['FRS.0706'];
    const missing = Object.keys(errorTable).filter((code) => !seen.has(code) && !(code in unreachable));
    expect(missing).toEqual(needData);
    expect(Object.keys(unreachable).filter((code) => seen.has(code))).toEqual([]);
  });
});
