import type { FrsOperationName, Operation } from '@openfrs/contract';
import { operations } from '@openfrs/contract';
import { pythonClient } from '@openfrs/testing/signers';
import { describe, expect, it } from 'vitest';
import { sendRaw } from '../../clients/raw-http.ts';
import {
  call,
  done,
  expectError,
  fetchReply,
  login,
  type Reply,
  tokenOf,
} from '../../contract/support/client.ts';
import { service } from '../../contract/support/service.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { fixture, set, victimsBucket, victimsState } from '../support/fixture.ts';
import { addressed, valid } from '../support/valid.ts';

const rows: readonly Operation[] = operations.filter(({ auth }) => auth === 'project');
const nameOf = (row: Operation) => row.name as FrsOperationName;

function expectNoLeak({ text }: Reply): void {
  for (const secret of [...fixture.secrets, fixture.victimsFace]) expect(text).not.toContain(secret);
}

describe('a stranger', () => {
  it.each(rows.map((row) => [row.name, row] as const))(
    'can not call %s in another project',
    async (_, row) => {
      const before = await victimsState();
      const { json, query } = valid[nameOf(row)]();
      for (const template of row.paths) {
        const path = template
          .replace('{project_id}', fixture.victim.projectId)
          .replace('{face_set_name}', set);
        const target = path + (query ? `?${query}` : '');
        const body = json === undefined ? {} : { body: JSON.stringify(json) };
        const headers = { 'X-Auth-Token': await tokenOf(fixture.attacker) };
        const byToken = await fetchReply(target, { method: row.method, headers, ...body });
        expectError(byToken, 'FRS.0028');
        expectNoLeak(byToken);
        for (const project of [undefined, fixture.attacker.projectId, fixture.victim.projectId]) {
          const signed = pythonClient(
            {
              method: row.method,
              endpoint: service.endpoint,
              path,
              ...(query && { query: Object.fromEntries(new URLSearchParams(query)) }),
              headers: { 'Content-Type': 'application/json', ...(project && { 'X-Project-Id': project }) },
              ...body,
            },
            fixture.attacker,
          );
          const { status, code } = await sendRaw(signed);
          expect([project, status, code]).toEqual([project, 403, 'FRS.0028']);
        }
      }
      expect(await victimsState()).toEqual(before);
    },
  );

  it.each(
    rows.filter(({ paths }) => paths[0].includes('{face_set_name}')).map((row) => [row.name, row] as const),
  )('does not reach a set of another project by %s in the own', async (_, row) => {
    const reply = await call(nameOf(row), {
      ...valid[nameOf(row)](),
      set: 'victims-own',
      account: fixture.attacker,
    });
    expectError(reply, 'FRS.0302');
  });

  it('does not reach the faces of a set that is called the same', async () => {
    const before = await victimsState();
    const { attacker: account, victimsFace: face_id } = fixture;
    const attempts: readonly (readonly [FrsOperationName, object, string])[] = [
      ['face-search', { json: { face_id } }, 'FRS.0403'],
      ['face-list', { query: `face_id=${face_id}` }, 'FRS.0403'],
      ['face-update', { json: { face_id, external_image_id: 'x' } }, 'FRS.0403'],
      ['face-delete', { query: `face_id=${face_id}` }, 'FRS.0403'],
      ['face-delete', { query: 'external_image_id=victims-image' }, 'FRS.0402'],
      ['face-delete', { query: 'id=victims-field' }, 'FRS.0401'],
      ['face-delete-batch', { json: { filter: `face_id:${face_id}` } }, 'FRS.0407'],
      ['face-delete-batch', { json: { filter: 'external_image_id:victims-image' } }, 'FRS.0407'],
    ];
    for (const [name, request, code] of attempts) {
      const reply = await call(name, { set, account, ...request });
      expect([name, reply.status, (reply.body as { error_code?: string }).error_code]).toEqual([
        name,
        400,
        code,
      ]);
      expectNoLeak(reply);
    }
    const found = await done('face-search', {
      set,
      account,
      json: { image_base64: smallPhoto(3).toString('base64') },
    });
    expect(found.faces).toEqual([]);
    expect((await done('face-list', { set, account })).faces).toEqual([]);
    expect(await victimsState()).toEqual(before);
  });

  it.each(addressed)(
    'can not read stored media of others by %s: neither buckets nor uploads',
    async (name, json) => {
      const form = await done<{ path: string }>('upload-create', { account: fixture.victim });
      const answers = new Set<string>();
      for (const url of [
        `/${victimsBucket}/photo.jpg`,
        `/${victimsBucket}/there-is-none.jpg`,
        '/no-such-bucket/photo.jpg',
        `/${service.bucket}/photo.jpg`,
        form.path,
        form.path.replace(fixture.victim.projectId, `${fixture.attacker.projectId}x`),
        '/openfrs-index/segments/x/y',
      ]) {
        const reply = await call(name, { set, account: fixture.attacker, json: json(url) });
        expectError(reply, 'FRS.0027');
        const [, bucket = ''] = url.split('/');
        answers.add(reply.text.replace(bucket, ''));
      }
      // Whether there is a bucket or an object can't be told from the answer.
      expect(answers.size).toBe(1);
    },
  );

  it('gets no token for another project, and lists the own account only', async () => {
    for (const scope of [
      { project: { id: fixture.victim.projectId } },
      { project: { name: fixture.victim.region, domain: { name: fixture.victim.domain } } },
      { domain: { name: fixture.victim.domain } },
    ]) {
      const reply = await login(fixture.attacker, scope);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('X-Subject-Token')).toBeNull();
    }
    const headers = { 'X-Auth-Token': await tokenOf(fixture.attacker) };
    for (const path of [
      '/v3/projects',
      '/v3/auth/projects',
      '/v3/auth/domains',
      `/v3/projects?domain_id=x`,
    ]) {
      const { text } = await fetchReply(path, { headers });
      expect(text).not.toContain(fixture.victim.projectId);
      expect(text).not.toContain(fixture.victim.domain);
    }
  });
});
