import { readFileSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { photo, plainPicture } from '../support/photos.ts';
import { type Deployment, startDeployment } from './lambda/deployment.ts';
import type { Plan } from './plan.ts';
import { functionNames } from './plan-facts.ts';

const { plan: planFile, layers, node = '', runtime } = inject('prepared');
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan;
if (node === '') console.log('skipped: there is no pinned Node 24 for this machine');

describe.skipIf(node === '')('the bundles under the Lambda Runtime API on Node 24', () => {
  let cloud: Deployment;
  let s3: S3Client;
  beforeAll(async () => {
    cloud = await startDeployment(plan, layers, node, runtime);
    const { s3Endpoint: endpoint, accessKeyId, secretAccessKey } = cloud.stores;
    s3 = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    Object.assign(process.env, cloud.credentials, {
      FRS_CONTRACT_REMOTE: '1',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_DYNAMODB: cloud.stores.dynamodbEndpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
    const { startService } = await import('../contract/support/service.ts');
    await startService();
  });
  afterAll(async () => {
    for (const line of faults()) console.error(line);
    s3?.destroy();
    await cloud?.stop();
  });

  const subscriber = (queue: string) =>
    functionNames(plan).find((name) => name.startsWith(`${queue}Subscriber`)) ?? '';
  const faults = () => (cloud?.output() ?? '').split('\n').filter((line) => line.includes('"level":"fault"'));
  const client = () => import('../contract/support/client.ts');
  const enrolKey = (file: string) => `enrol/${cloud.credentials.FRS_PROJECT_ID}/${file}`;
  const put = (key: string, Body: Buffer | string, Metadata: Record<string, string> = {}) =>
    s3.send(new PutObjectCommand({ Bucket: cloud.mediaBucket, Key: key, Body, Metadata }));
  const message = (key: string, sequencer: string, eventName = 'ObjectCreated:Put') => ({
    messageId: `${key}-${sequencer}`,
    body: JSON.stringify({
      Records: [{ eventName, s3: { bucket: { name: cloud.mediaBucket }, object: { key, sequencer } } }],
    }),
  });
  const bring = (...Records: { messageId: string; body: string }[]) =>
    cloud.invoke(subscriber('Enrol'), { Records });
  const failed = (...ids: string[]) => ({
    ok: true,
    payload: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
  });
  const faces = async (set: string) => {
    const { done } = await client();
    const page = { set, query: 'offset=0&limit=100' };
    return (
      await done<{ faces: { external_image_id: string; external_fields: object }[] }>('face-list', page)
    ).faces;
  };

  test('answer every operation, cold and warm', async () => {
    const { done, login } = await client();
    const { service } = await import('../contract/support/service.ts');
    const image_base64 = photo(1).toString('base64');
    const set = 'times';
    const calls: [string, () => Promise<unknown>][] = [
      ['token-create', () => login(service.owner)],
      ['face-detect', () => done('face-detect', { json: { image_base64 } })],
      [
        'face-compare',
        () => done('face-compare', { json: { image1_base64: image_base64, image2_base64: image_base64 } }),
      ],
      ['face-add', () => done('face-add', { set, json: { image_base64, external_image_id: 'one' } })],
      ['face-search', () => done('face-search', { set, json: { image_base64, top_n: 3 } })],
      ['face-list', () => done('face-list', { set, query: 'offset=0&limit=10' })],
      ['live-detect-face', () => done('live-detect-face', { json: { image_base64 } })],
      ['subscription-show', () => done('subscription-show')],
    ];
    await done('face-set-create', { json: { face_set_name: set } });
    for (const [name, call] of calls) {
      const times: number[] = [];
      for (let i = 0; i < 3; i++) {
        const begun = performance.now();
        await call();
        times.push(performance.now() - begun);
      }
      const [cold = 0, ...warm] = times.map(Math.round);
      console.log(`${name.padEnd(18)} cold ${String(cold).padStart(5)} ms   warm ${Math.min(...warm)} ms`);
    }
  });

  test('enrol a photo from its notification, once however often it comes', async () => {
    const { done } = await client();
    const external_fields = { badge: { type: 'integer' }, team: { type: 'string' } };
    await done('face-set-create', { json: { face_set_name: 'staff', external_fields } });
    await put(enrolKey('staff/ann.json'), JSON.stringify({ badge: 7, team: 'red' }));
    await put(enrolKey('staff/ann.jpg'), photo(2), { badge: '8' });
    const put1 = message(enrolKey('staff/ann.jpg'), '01');
    const one = await bring(put1);
    expect(one).toEqual(failed());
    const enrolled = await faces('staff');
    expect(enrolled.length).toBeGreaterThan(0);
    expect(enrolled[0]).toMatchObject({
      external_image_id: 'ann',
      external_fields: { badge: 7, team: 'red' },
    });
    const again = await Promise.all([bring(put1), bring(put1, put1)]);
    expect(again).toEqual([failed(), failed()]);
    expect(await faces('staff')).toEqual(enrolled);
    const found = await done<{ faces: { external_image_id: string }[] }>('face-search', {
      set: 'staff',
      json: { image_base64: photo(2).toString('base64'), top_n: 1 },
    });
    expect(found.faces[0]?.external_image_id).toBe('ann');
  });

  test('enrol a photo once when three of its notifications come at a time', async () => {
    await put(enrolKey('staff/ben.jpg'), photo(2), { badge: '9', Team: 'blue' });
    const before = (await faces('staff')).length;
    const event = message(enrolKey('staff/ben.jpg'), '02');
    await Promise.all([bring(event), bring(event), bring(event)]);
    // Those that came while another was at it are brought again, as the queue does.
    expect(await bring(event)).toEqual(failed());
    const mine = (await faces('staff')).filter(({ external_image_id }) => external_image_id === 'ben');
    expect(mine).toHaveLength(before);
    expect(mine[0]?.external_fields).toEqual({ badge: 9, team: 'blue' });
  });

  test('enrol a photo whose function was killed when its notification comes again', async () => {
    await put(enrolKey('staff/cleo.jpg'), photo(2));
    const event = message(enrolKey('staff/cleo.jpg'), '03');
    const first = bring(event);
    await new Promise((resolve) => setTimeout(resolve, 150));
    cloud.kill(subscriber('Enrol'));
    await first;
    const cleo = async () =>
      (await faces('staff')).filter(({ external_image_id: id }) => id === 'cleo').length;
    await vi.waitFor(
      async () => {
        expect(await bring(event)).toEqual(failed());
        expect(await cleo()).toBeGreaterThan(0);
      },
      { timeout: 90_000, interval: 3000 },
    );
    const once = await cleo();
    expect(await bring(event)).toEqual(failed());
    expect(await cleo()).toBe(once);
  });

  test('send what can never be enrolled to the dead letters, and report what failed for a moment alone', async () => {
    await put(enrolKey('staff/nobody.bmp'), plainPicture(200, 200));
    await put(enrolKey('nowhere/eve.jpg'), photo(2));
    const before = cloud.sent.length;
    const broken = { messageId: 'broken', body: 'no JSON' };
    const result = await bring(
      message(enrolKey('staff/nobody.bmp'), '04'),
      broken,
      message(enrolKey('nowhere/eve.jpg'), '05'),
      message(enrolKey('staff/not a photo.txt'), '06'),
      { messageId: 'test', body: JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent' }) },
    );
    expect(result).toEqual(failed('broken'));
    const letters = cloud.sent.slice(before);
    expect(letters.map(({ attributes }) => attributes.error_code?.StringValue)).toEqual([
      'FRS.0404',
      'FRS.0302',
      'FRS.0016',
    ]);
    for (const letter of letters) expect(letter.queueUrl).toContain('EnrolDead');
  });

  test('do the tasks that were sent, and sweep', async () => {
    const { done } = await client();
    await done('face-set-create', { json: { face_set_name: 'doomed' } });
    const before = cloud.sent.length;
    await done('face-set-delete', { set: 'doomed' });
    const tasks = cloud.sent.slice(before);
    expect(tasks.map(({ body }) => (JSON.parse(body) as { kind: string }).kind)).toEqual(['purge']);
    const Records = tasks.map(({ body }, i) => ({ messageId: String(i), body }));
    expect(await cloud.invoke(subscriber('Chores'), { Records })).toEqual(failed());
    expect(await cloud.invoke('SweepHandler', {})).toMatchObject({ ok: true });
  });

  test('met no fault of their own', () => {
    expect(faults()).toEqual([]);
  });

  test('tried nothing that their policies do not allow', () => {
    expect(cloud.denied).toEqual([]);
  });
});
