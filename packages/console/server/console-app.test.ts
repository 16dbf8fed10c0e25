import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrsError } from '@openfrs/contract';
import type { LivenessRequest } from '@openfrs/core';
import { parts } from '@openfrs/service';
import { startTestService } from '@openfrs/testing/test-service';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPages, consoleApp, createUsageCounter } from './console-app.ts';
import { readPages } from './pages.ts';

/** All files together, compressed; a first visit loads less. */
const mostBytes = 150_000;

let folder: string;
let service: Awaited<ReturnType<typeof startTestService>>;
const usage = createUsageCounter();
let app: Hono;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openfrs-console-pages-'));
  service = await startTestService(usage.take);
  const pagesApp = await consoleApp({
    pages: await buildPages(),
    modelsDir: folder,
    usage,
    reports: {
      onRequest: usage.take,
      ports: async () => ({
        ...service.resolve(parts.pipelinePorts),
        ...service.resolve(parts.media),
        liveness: async () => ({ reportVideo }),
        accessKeys: async (userId) => [
          { id: 'AK1', userId, domainId: 'd', enabled: false, sealedSecret: 'sealed' },
        ],
        accounts: service.accounts,
        faceSets: {
          ...service.resolve(parts.faceSets),
          crops: async () => new Map([['AbCdEfGh', Buffer.from('jpeg of AbCdEfGh')]]),
        },
        secrets: service.resolve(parts.secrets),
        tokenUses: service.resolve(parts.tokenUses),
        derivation: service.resolve(parts.keyDerivation),
        about: async () => Promise.reject(new Error('nobody asks')),
      }),
    },
  });
  app = new Hono().route('/', service.app).route('/', pagesApp);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function reportVideo(video: Uint8Array, request: LivenessRequest) {
  if (!Buffer.from(video).toString().startsWith('video')) throw new FrsError('FRS.0701');
  return { request };
}

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

describe('the pages', () => {
  test('weigh less than 150 KB', async () => {
    const pages = await readPages(await buildPages());
    const weight = pages.reduce((sum, { zipped }) => sum + zipped.length, 0);
    console.log(`The console's pages weigh ${Math.round(weight / 1000)} KB compressed.`);
    expect(pages.map(({ path }) => path)).toContain('/');
    expect(weight).toBeGreaterThan(10_000);
    expect(weight).toBeLessThan(mostBytes);
  });

  test('come with a policy that lets in nothing from elsewhere and nothing inline', async () => {
    const answer = await get('/');
    const html = await answer.text();
    const policy = answer.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(answer.headers.get('Permissions-Policy')).toContain('camera=(self)');
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:/);
  });

  test('name files that browsers may keep for ever, compressed for those that take it', async () => {
    const html = await (await get('/')).text();
    const files = [...html.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const plain = await get(file);
      const zipped = await get(file, { 'Accept-Encoding': 'br, gzip' });
      expect(plain.status).toBe(200);
      expect(plain.headers.get('Cache-Control')).toContain('immutable');
      expect(plain.headers.get('Content-Encoding')).toBeNull();
      expect(zipped.headers.get('Content-Encoding')).toBe('gzip');
      expect((await zipped.arrayBuffer()).byteLength).toBeLessThan((await plain.arrayBuffer()).byteLength);
    }
  });

  test('leave every other path to the API', async () => {
    for (const path of [
      '/index.html/',
      '/assets/',
      '/assets/none.js',
      '/sources.sha256',
      '/v2',
      '/..%2fpackage.json',
    ]) {
      const answer = await get(path);
      expect(answer.status, path).toBe(404);
    }
    expect((await app.request('/', { method: 'POST' })).status).toBe(404);
    expect((await get(`${service.base}/face-sets`, { 'X-Auth-Token': service.ownToken })).status).toBe(200);
  });
});

describe('what the pages ask for beside the API', () => {
  test('calibration: what a similarity of the model in use means', async () => {
    const { model, marks } = (await (await get('/console/calibration.json')).json()) as {
      model: string;
      marks: { far: number; similarity: number }[];
    };
    expect(model).not.toBe('');
    const likely = marks.find(({ far }) => far === 1e-4);
    expect(likely?.similarity).toBeCloseTo(0.93, 2);
  });

  test("usage: the project's quotas and the user's keys, without what opens them", async () => {
    const text = await (await get('/console/usage', { 'X-Auth-Token': service.ownToken })).text();
    expect(JSON.parse(text)).toMatchObject({
      keys: [{ ak: 'AK1', enabled: false }],
      quotas: { faceSets: expect.any(Number), requestsPerMinute: expect.any(Number) },
    });
    expect(text).not.toContain('sealed');
  });

  test("usage: the token's project and no other", async () => {
    await get(`${service.base}/face-sets`, { 'X-Auth-Token': service.ownToken });
    await get(`${service.base}/face-sets/none`, { 'X-Auth-Token': service.ownToken });
    const usage = async (token: string) =>
      (await (await get('/console/usage', { 'X-Auth-Token': token })).json()) as {
        operations: { operation: string; requests: number; errors: number }[];
      };
    const own = await usage(service.ownToken);
    expect(own.operations.find(({ operation }) => operation === 'face-set-show')).toMatchObject({
      errors: 1,
    });
    expect((await usage(service.otherToken)).operations).toEqual([]);
  });

  describe('crops of faces', () => {
    const ask = (token: string, body: unknown) =>
      app.request('/console/crops', {
        method: 'POST',
        headers: { 'X-Auth-Token': token },
        body: JSON.stringify(body),
      });
    const ids = { face_set_name: 'kept', face_ids: ['AbCdEfGh', 'none'.repeat(2)] };
    beforeAll(async () => {
      const headers = { 'X-Auth-Token': service.ownToken };
      const body = JSON.stringify({ face_set_name: 'kept' });
      await app.request(`${service.base}/face-sets`, { method: 'POST', headers, body });
    });

    test('are those of the own project’s faces, as far as they are kept', async () => {
      const answer = await ask(service.ownToken, ids);
      const crops = { AbCdEfGh: Buffer.from('jpeg of AbCdEfGh').toString('base64') };
      expect(await answer.json()).toEqual({ crops });
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
    });

    test.each([
      [{ frozen: true }, 'FRS.0202', 1],
      [{ subscriptions: { detect: '2026-01-01T00:00:00Z' } }, 'FRS.0020', 1],
      [{ quotas: { faceSets: 10, faceSetCapacity: 100_000, requestsPerMinute: 1 } }, 'FRS.0033', 2],
    ])('are refused where %j holds, as a list of faces is', async (held, code, times) => {
      const before = await service.changeProject(held);
      const answers = [];
      for (let time = 0; time < times; time += 1) {
        const answer = await ask(service.ownToken, ids);
        answers.push((await answer.json()).error_code);
      }
      await service.changeProject(before);
      expect(answers).toEqual([...Array(times - 1).fill(undefined), code]);
    });

    test('are not shown to another project, nor without a token', async () => {
      expect(await (await ask(service.otherToken, ids)).json()).toMatchObject({ error_code: 'FRS.0302' });
      expect((await ask('', ids)).status).toBe(401);
    });

    test.each([
      {},
      { ...ids, face_ids: [] },
      { ...ids, face_ids: ['x'] },
      { ...ids, face_ids: Array(101).fill('AbCdEfGh') },
      { ...ids, face_set_name: '../x' },
    ])('are refused to the request %j', async (body) => {
      expect(await (await ask(service.ownToken, body)).json()).toMatchObject({ error_code: 'FRS.0012' });
    });
  });

  test.each(['', 'wrong'])('both reports are refused to the token %j', async (token) => {
    const headers: Record<string, string> = token === '' ? {} : { 'X-Auth-Token': token };
    expect((await get('/console/usage', headers)).status).toBe(401);
    expect((await app.request('/console/live-report', { method: 'POST', headers })).status).toBe(401);
  });

  const report = async (fields: Record<string, string | Blob>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const headers = { 'X-Auth-Token': service.ownToken };
    const answer = await app.request('/console/live-report', { method: 'POST', headers, body });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const video = new Blob(['video']);

  test('a report of a video takes what live-detect takes', async () => {
    const fields = {
      video_file: video,
      actions: '1,4',
      action_time: '1000-3000,3000-5000',
      nod_threshold: '15',
    };
    expect(await report(fields)).toMatchObject({
      status: 200,
      body: {
        request: {
          actions: [1, 4],
          windows: [
            { from: 1000, to: 3000 },
            { from: 3000, to: 5000 },
          ],
          nodThreshold: 15,
        },
      },
    });
  });

  test.each([
    [{ video_file: video, actions: '9' }, 'FRS.0702'],
    [{ video_file: video, actions: '1', action_time: '5-1' }, 'FRS.0703'],
    [{ video_file: new Blob(['photo']), actions: '1' }, 'FRS.0701'],
  ])("and refuses with live-detect's codes: %j is %s", async (fields, code) => {
    expect(await report(fields)).toMatchObject({ status: 400, body: { error_code: code } });
  });

  test('it asks for the subscription of live-detect', async () => {
    const { subscriptions } = await service.changeProject({ subscriptions: {} });
    expect(await report({ video_file: video, actions: '1' })).toMatchObject({
      body: { error_code: 'FRS.0019' },
    });
    await service.changeProject({ subscriptions });
  });
});
