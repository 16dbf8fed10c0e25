import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startCompiled } from '../support/compiled-service.ts';
import { itWithData, sharedData } from '../support/shared-data.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { domainFoundBy, nodeFrsClient, projectFoundBy } from './node-client.ts';

/* The official Node client against the whole service: every operation, as its generated code calls it. */

const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-clients-'));
const local = await startCompiled(dataDir);
afterAll(async () => {
  await local.stop();
  await rm(dataDir, { recursive: true });
});

const { endpoint, credentials } = local;
const key = { ak: credentials.FRS_AK, sk: credentials.FRS_SK };
const call = nodeFrsClient(endpoint, key, credentials.FRS_PROJECT_ID);
const [photo, other] = [smallPhoto(1), smallPhoto(2)];
const image_base64 = photo.toString('base64');

const set = { faceSet: 'people' };
const faces = '/v2/{project_id}/face-sets/{face_set_name}/faces';
const search = '/v2/{project_id}/face-sets/{face_set_name}/search';
const similar = expect.objectContaining({
  similarity: expect.any(Number),
  external_fields: { age: 33, name: '张三-1' },
});

describe('the official Node client', () => {
  it('finds its project by the name of the region', async () => {
    expect(await projectFoundBy(endpoint, key, credentials.FRS_REGION)).toEqual({
      project_id: credentials.FRS_PROJECT_ID,
    });
  });

  it('finds its domain', async () => {
    expect(await domainFoundBy(endpoint, key)).toEqual({
      domain_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('shows the subscriptions', async () => {
    expect(await call({ method: 'GET', url: '/v1/{project_id}/subscribe' })).toMatchObject({
      httpStatusCode: 200,
      max_face_set_number: 10,
      detect_service: { subscribe_status: true },
    });
  });

  it('detects faces, from JSON and from a file', async () => {
    const url = '/v2/{project_id}/face-detect';
    const box = {
      width: expect.any(Number),
      height: expect.any(Number),
      top_left_x: expect.any(Number),
      top_left_y: expect.any(Number),
    };
    const detected = await call({ method: 'POST', url, json: { image_base64, attributes: '2' } });
    expect(detected).toMatchObject({
      httpStatusCode: 200,
      faces: expect.arrayContaining([expect.objectContaining({ bounding_box: box })]),
    });
    const parts = [
      ['image_file', photo],
      ['attributes', '2'],
    ] as const;
    expect((await call({ method: 'POST', url, parts })).faces).toEqual(detected.faces);
  });

  it('compares faces, from JSON and from files', async () => {
    const url = '/v2/{project_id}/face-compare';
    const json = { image1_base64: image_base64, image2_base64: image_base64 };
    expect((await call({ method: 'POST', url, json })).similarity).toBeGreaterThan(0.99);
    const parts = [
      ['image1_file', photo],
      ['image2_file', other],
    ] as const;
    expect((await call({ method: 'POST', url, parts })).similarity).toBeLessThan(0.93);
  });

  it('judges a photo alive or not', async () => {
    const url = '/v1/{project_id}/live-detect-face';
    const judged = await call({ method: 'POST', url, json: { image_base64 } });
    expect(judged).toMatchObject({ httpStatusCode: 200, result: { alive: expect.any(Boolean) } });
    expect((await call({ method: 'POST', url, parts: [['image_file', photo]] })).result).toMatchObject({
      alive: expect.any(Boolean),
    });
  });

  it('gets the error of action liveness for what is no video, on both paths', async () => {
    for (const url of ['/v1/{project_id}/live-detect', '/v2/{project_id}/live-detect']) {
      const parts = [
        ['video_file', photo],
        ['actions', '1'],
        ['action_time', '1000-3000'],
      ] as const;
      await expect(call({ method: 'POST', url, parts })).rejects.toMatchObject({
        httpStatusCode: 400,
        errorCode: expect.stringMatching(/^FRS\.(0701|0016)$/),
      });
    }
  });

  itWithData('judges a video by its actions, on both paths, from JSON and from a file', async () => {
    const video = await readFile(sharedData('videos/derived/cap12_open_mouth.mp4') ?? '');
    const alive = {
      'video-result': { alive: true, actions: [{ action: 4, confidence: expect.any(Number) }] },
    };
    const json = { video_base64: video.toString('base64'), actions: '4' };
    expect(await call({ method: 'POST', url: '/v1/{project_id}/live-detect', json })).toMatchObject(alive);
    const parts = [
      ['video_file', video],
      ['actions', '4'],
    ] as const;
    expect(await call({ method: 'POST', url: '/v2/{project_id}/live-detect', parts })).toMatchObject(alive);
  });

  it('creates, lists and shows face sets', async () => {
    const url = '/v2/{project_id}/face-sets';
    const json = {
      face_set_name: set.faceSet,
      face_set_capacity: 10_000,
      external_fields: { age: { type: 'integer' }, name: { type: 'string' } },
    };
    expect(await call({ method: 'POST', url, json })).toMatchObject({ httpStatusCode: 200 });
    await expect(call({ method: 'POST', url, json })).rejects.toMatchObject({
      httpStatusCode: 400,
      errorCode: 'FRS.0301',
    });
    const info = { face_set_name: set.faceSet, face_set_capacity: 10_000, face_number: 0 };
    expect(await call({ method: 'GET', url })).toMatchObject({ face_sets_info: [info] });
    expect(await call({ ...set, method: 'GET', url: `${url}/{face_set_name}` })).toMatchObject({
      face_set_info: info,
    });
  });

  it('adds faces, from JSON and from a file', async () => {
    const json = {
      image_base64,
      external_image_id: 'first',
      external_fields: { age: 33, name: '张三-1' },
      single: true,
    };
    expect(await call({ ...set, method: 'POST', url: faces, json })).toMatchObject({
      faces: [{ external_image_id: 'first' }],
    });
    const parts = [
      ['image_file', other],
      ['external_image_id', 'second'],
      ['external_fields', '{"age": 44, "name": "b"}'],
      ['single', 'true'],
    ] as const;
    expect(await call({ ...set, method: 'POST', url: faces, parts })).toMatchObject({
      faces: [{ external_image_id: 'second' }],
    });
  });

  it('lists faces by page and by id', async () => {
    const listed = await call({ ...set, method: 'GET', url: faces, query: { offset: 0, limit: 5 } });
    const [first, second] = listed.faces as { face_id: string; external_image_id: string }[];
    expect([first?.external_image_id, second?.external_image_id]).toEqual(['first', 'second']);
    const one = await call({ ...set, method: 'GET', url: faces, query: { face_id: second?.face_id ?? '' } });
    expect(one.faces).toEqual([second]);
  });

  it('searches by photo, by file and by face id, with filter, sort and fields', async () => {
    const found = await call({
      ...set,
      method: 'POST',
      url: search,
      json: {
        image_base64,
        top_n: 10,
        threshold: 0.93,
        filter: 'age:[1 TO 40]',
        return_fields: ['age', 'name'],
        sort: [{ age: 'asc' }],
      },
    });
    expect(found.faces).toEqual([similar]);
    const parts = [
      ['image_file', photo],
      ['top_n', '10'],
      ['return_fields', '["age","name"]'],
      ['sort', '[{"age":"desc"}]'],
      ['filter', 'age:33'],
    ] as const;
    expect((await call({ ...set, method: 'POST', url: search, parts })).faces).toEqual([similar]);
    const [{ face_id = '' } = {}] = found.faces as { face_id?: string }[];
    expect(
      (await call({ ...set, method: 'POST', url: search, json: { face_id, threshold: 0.9 } })).faces,
    ).toEqual([similar]);
  });

  it('updates a face', async () => {
    const { faces: listed } = await call({
      ...set,
      method: 'GET',
      url: faces,
      query: { offset: 0, limit: 1 },
    });
    const [{ face_id = '' } = {}] = listed as { face_id?: string }[];
    const json = { face_id, external_image_id: 'changed', external_fields: { age: 34 } };
    expect(await call({ ...set, method: 'PUT', url: faces, json })).toMatchObject({ httpStatusCode: 200 });
    expect(await call({ ...set, method: 'GET', url: faces, query: { face_id } })).toMatchObject({
      faces: [{ external_image_id: 'changed', external_fields: { age: 34, name: '张三-1' } }],
    });
  });

  it('deletes faces by field, with letters of any script, and by filter', async () => {
    const remove = (query: Record<string, string>) => call({ ...set, method: 'DELETE', url: faces, query });
    await expect(remove({ name: '李四-2' })).rejects.toMatchObject({ errorCode: 'FRS.0401' });
    expect(await remove({ name: '张三-1' })).toMatchObject({ face_number: 1 });
    const batch = {
      ...set,
      method: 'DELETE',
      url: `${faces}/batch`,
      json: { filter: 'age:[40 TO *]' },
    } as const;
    expect(await call(batch)).toMatchObject({ face_number: 1 });
    await expect(call(batch)).rejects.toMatchObject({ errorCode: 'FRS.0407' });
  });

  it('deletes the set', async () => {
    const url = '/v2/{project_id}/face-sets/{face_set_name}';
    expect(await call({ ...set, method: 'DELETE', url })).toMatchObject({ httpStatusCode: 200 });
    await expect(call({ ...set, method: 'GET', url })).rejects.toMatchObject({ errorCode: 'FRS.0302' });
  });

  it.each(['face set', '人脸库', 'a/b', "it's", 'a%2Fb', 'a+b'])(
    'gets the error of its parameter for the name %s',
    async (faceSet) => {
      const shown = call({ faceSet, method: 'GET', url: '/v2/{project_id}/face-sets/{face_set_name}' });
      await expect(shown).rejects.toMatchObject({
        errorCode: expect.stringMatching(/^(FRS\.0012|FRS\.0302|APIG\.0101)$/),
      });
    },
  );

  it('with a wrong SK is told so', async () => {
    const wrong = nodeFrsClient(endpoint, { ...key, sk: 'wrong' }, credentials.FRS_PROJECT_ID);
    const listed = wrong({ method: 'GET', url: '/v2/{project_id}/face-sets' });
    await expect(listed).rejects.toMatchObject({
      httpStatusCode: 401,
      errorCode: 'APIG.0301',
      requestId: expect.any(String),
    });
  });

  it("of another one's project is told so", async () => {
    const strange = nodeFrsClient(endpoint, key, '0123456789abcdef0123456789abcdef');
    const listed = strange({ method: 'GET', url: '/v2/{project_id}/face-sets' });
    await expect(listed).rejects.toMatchObject({ httpStatusCode: 403, errorCode: 'FRS.0028' });
  });
});
