import { type OperationName, operations } from '@openfrs/contract';
import { type ApiTokenSpec, apiTokenOf, createApiToken, type Project, type User } from '@openfrs/core';
import { picture, startTestService, type TestService } from '@openfrs/testing/test-service';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditLine } from './request-log.ts';

const lines: AuditLine[] = [];
let service: TestService;
let owner: User;
let project: Project;
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  service = await startTestService((line) => lines.push(line));
  owner = (await service.accounts.user(service.owner.userId)) as User;
  project = (await service.accounts.project(service.owner.projectId)) as Project;
  for (const name of ['people', 'others']) {
    await service.send('POST', `${service.base}/face-sets`, { face_set_name: name });
  }
});
afterAll(() => vi.restoreAllMocks());

const everything: ApiTokenSpec = { name: 'curl', days: 1, readOnly: false, faceSets: [] };
const tokenOf = (spec: Partial<ApiTokenSpec> = {}, now = new Date()) =>
  createApiToken(owner, project, { ...everything, ...spec }, { accounts: service.accounts, now });

async function answer(text: string, method: string, path: string) {
  const headers = { 'X-Auth-Token': text, 'Content-Type': 'application/json' };
  const { status, body } = await service.send(method, path, method === 'GET' ? undefined : '{}', headers);
  return { status, code: body?.error_code as string | undefined };
}

/** What each operation is to a token that may do all, may only read, may only touch the set that the path names, or another one. */
const expected: Readonly<Record<OperationName, readonly ('all' | 'read' | 'set' | 'other set')[]>> = {
  'face-detect': ['all', 'read', 'set', 'other set'],
  'face-compare': ['all', 'read', 'set', 'other set'],
  'live-detect': ['all', 'read', 'set', 'other set'],
  'live-challenge-create': ['all', 'read', 'set', 'other set'],
  'live-detect-face': ['all', 'read', 'set', 'other set'],
  'face-set-create': ['all'],
  'face-set-list': ['all', 'read'],
  'face-set-show': ['all', 'read', 'set'],
  'face-set-delete': ['all', 'set'],
  'face-search': ['all', 'read', 'set'],
  'face-add': ['all', 'set'],
  'face-list': ['all', 'read', 'set'],
  'face-update': ['all', 'set'],
  'face-delete': ['all', 'set'],
  'face-delete-batch': ['all', 'set'],
  'upload-create': ['all', 'set', 'other set'],
  'subscription-show': ['all', 'read', 'set', 'other set'],
  'token-create': [],
  'project-list': [],
  'domain-list': [],
};

describe('an API token', () => {
  it.each(operations.map((row) => [row.name, row] as const))(
    'opens %s as its scope says',
    async (name, row) => {
      const scopes = {
        all: {},
        read: { readOnly: true },
        set: { faceSets: ['people', 'more'] },
        'other set': { faceSets: ['others'] },
      };
      for (const [scope, spec] of Object.entries(scopes)) {
        const { text } = await tokenOf(spec);
        for (const template of row.paths) {
          const path = template.replace('{project_id}', project.id).replace('{face_set_name}', 'people');
          const { status, code } = await answer(text, row.method, path);
          const isOpen = (expected[name] as readonly string[]).includes(scope);
          if (name === 'token-create') expect([scope, status]).toEqual([scope, 400]);
          else if (isOpen) expect([401, 403], `${scope} ${status} ${code}`).not.toContain(status);
          else expect([scope, status, code]).toEqual([scope, 403, 'FRS.0002']);
          // The token's name in the log says who it was.
          if (row.auth === 'project') expect(lines.at(-1)?.token_id).toBe(text.split('_')[1]);
        }
        if (name === 'face-set-delete')
          await service.send('POST', `${service.base}/face-sets`, { face_set_name: 'people' });
      }
    },
  );

  it('of a set is not led to another by a path that is spelled otherwise', async () => {
    const { text } = await tokenOf({ faceSets: ['others'] });
    for (const name of ['%70eople', 'people%2F', 'others%2F..%2Fpeople', 'People']) {
      const { status } = await answer(text, 'GET', `${service.base}/face-sets/${name}`);
      expect([name, status]).toEqual([name, 403]);
    }
    expect((await answer(text, 'GET', `${service.base}/face-sets/%6fthers`)).status).toBe(200);
  });

  it('of a set reads no photo that enrolled into another, by whatever operation', async () => {
    const bucket = service.mediaBucket;
    await service.changeProject({ buckets: [bucket] });
    const { text } = await tokenOf({ faceSets: ['people'] });
    const photoOf = (of: string) => `/${bucket}/enrol/${of}/ann.jpg`;
    for (const key of [`${project.id}/people`, `${project.id}/others`])
      service.objects.set(photoOf(key).slice(1), picture(0));
    const people = `${service.base}/face-sets/people`;
    const requests: readonly (readonly [path: string, body: (url: string) => object])[] = [
      [`${service.base}/face-detect`, (image_url) => ({ image_url })],
      [`${service.base}/face-compare`, (image1_url) => ({ image1_url, image2_url: photoOf('x') })],
      [
        `${service.base}/face-compare`,
        (url) => ({ image1_url: photoOf(`${project.id}/people`), image2_url: url }),
      ],
      [`/v1/${project.id}/live-detect-face`, (image_url) => ({ image_url })],
      [`/v1/${project.id}/live-detect`, (video_url) => ({ video_url, actions: '1' })],
      [`${people}/search`, (image_url) => ({ image_url })],
      [`${people}/faces`, (image_url) => ({ image_url, external_image_id: 'copy' })],
    ];
    const codeOf = async (path: string, body: object, token = text) => {
      const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
      return (await service.send('POST', path, body, headers)).body?.error_code as string | undefined;
    };
    const { text: unscoped } = await tokenOf();
    for (const [path, body] of requests) {
      for (const other of [
        `${project.id}/others`,
        `${service.stranger.projectId}/people`,
        `${project.id}`,
        'x',
      ])
        expect([path, other, await codeOf(path, body(photoOf(other)))]).toEqual([path, other, 'FRS.0027']);
      for (const other of [`${service.stranger.projectId}/people`, 'x'])
        expect(await codeOf(path, body(photoOf(other)), unscoped)).toBe('FRS.0027');
    }
    const detect = `${service.base}/face-detect`;
    // Some engines take a key with other slashes for the same object.
    const others = `enrol/${project.id}/others/ann.jpg`;
    const upload = `uploads/${service.stranger.projectId}/one`;
    for (const key of [others, upload]) {
      for (const spelled of [`/${key}`, key.replaceAll('/', '//'), key.replaceAll('/', '\\')]) {
        const image_url = `/${bucket}/${spelled}`;
        expect([spelled, await codeOf(detect, { image_url })]).toEqual([spelled, 'FRS.0027']);
      }
    }
    expect(await codeOf(detect, { image_url: photoOf(`${project.id}/people`) })).toBeUndefined();
    expect(await codeOf(detect, { image_url: photoOf(`${project.id}/others`) }, unscoped)).toBeUndefined();
  });

  it('opens no other project, whoever owns it', async () => {
    const { text } = await tokenOf();
    for (const id of [service.stranger.projectId, 'nobody']) {
      expect((await answer(text, 'GET', `/v2/${id}/face-sets`)).code).toBe('FRS.0028');
    }
  });

  it('is refused when it is over, revoked, unknown or changed in any letter', async () => {
    const path = `${service.base}/face-sets`;
    const { text, token } = await tokenOf();
    expect((await answer(text, 'GET', path)).status).toBe(200);
    for (let at = 0; at < text.length; at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
      expect(await answer(changed, 'GET', path), changed).toEqual({ status: 401, code: 'APIG.0307' });
    }
    for (const cut of [text.slice(0, -1), `${text}a`, token.id, `frs_${token.id}_`, 'frs_']) {
      expect((await answer(cut, 'GET', path)).code, cut).toBe('APIG.0307');
    }
    const yesterday = new Date(Date.now() - 24 * 3_600_000 - 1000);
    const { text: over } = await tokenOf({ days: 1 }, yesterday);
    expect((await answer(over, 'GET', path)).code).toBe('APIG.0307');
    await service.accounts.removeApiToken((await apiTokenOf(text, service.accounts)).id);
    expect((await answer(text, 'GET', path)).code).toBe('APIG.0307');
  });

  it('ends with its user, and outlives a change of the password', async () => {
    const { text } = await tokenOf();
    const path = `${service.base}/face-sets`;
    await service.accounts.putUser({ ...owner, passwordHash: 'another' }, 'existing');
    expect((await answer(text, 'GET', path)).status).toBe(200);
    await service.accounts.putUser({ ...owner, enabled: false }, 'existing');
    expect((await answer(text, 'GET', path)).code).toBe('FRS.0002');
    await service.accounts.putUser(owner, 'existing');
  });

  it('is stored as a hash, and its uses are remembered', async () => {
    const { text, token } = await tokenOf();
    expect(JSON.stringify(await service.accounts.apiTokens(owner.id))).not.toContain(text.split('_')[2]);
    expect(service.tokenUses.has(token.id)).toBe(false);
    await answer(text, 'GET', `${service.base}/face-sets`);
    expect(service.tokenUses.get(token.id)).toBeInstanceOf(Date);
  });

  it.each([
    [{ days: 0 }, /1 to 3650 days/],
    [{ days: 3651 }, /1 to 3650 days/],
    [{ name: ' ' }, /name of a token/],
    [{ faceSets: ['a b'] }, /"a b" can't be/],
  ])('%o is refused with a sentence', async (spec, sentence) => {
    await expect(tokenOf(spec)).rejects.toThrow(sentence);
  });
});
