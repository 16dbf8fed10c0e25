import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '@openfrs/server';
import { clients, oldPythonClient, type Signed, type Unsigned } from '@openfrs/testing/signers';
import { afterAll, describe, expect, it } from 'vitest';
import { sendRaw } from './raw-http.ts';

/* What the official clients sign and send, byte for byte, against the whole service. */

const dataDir = await mkdtemp(join(tmpdir(), 'openfrs-wire-'));
const local = await startLocal({ dataDir, port: 0 });
afterAll(async () => {
  await local.stop();
  await rm(dataDir, { recursive: true });
});

const { endpoint, credentials } = local;
const key = { ak: credentials.FRS_AK, sk: credentials.FRS_SK };
const project = credentials.FRS_PROJECT_ID;
const sets = `/v2/${project}/face-sets`;
const json = { 'content-type': 'application/json' };
const list: Unsigned = { method: 'GET', endpoint, path: sets };
const create: Unsigned = {
  method: 'POST',
  endpoint,
  path: sets,
  headers: json,
  body: '{"face_set_name":"a","face_set_capacity":"1"}',
};

describe.each(clients)('a request of the %s client', (_, sign) => {
  const codeOf = async (request: Unsigned, now?: Date) => (await sendRaw(sign(request, key, now))).code;

  it.each<[string, Unsigned]>([
    ['without a body', list],
    ['with the {} body that clients put on GET', { ...list, headers: json, body: '{}' }],
    [
      'with a query in odd letters',
      { ...list, query: { 'k y+&=': "~!*'() %2F中😀/", b: ['2', '', '1'], A: '', 'a!': '1', 'a-': '2' } },
    ],
    [
      'with Enterprise-Project-Id and X-Project-Id',
      { ...list, headers: { 'Enterprise-Project-Id': '0', 'X-Project-Id': project } },
    ],
    ['with a header in other letters', { ...list, headers: { 'X-Remark': 'a,  b   cäö' } }],
  ])('%s is accepted', async (_what, request) => {
    const answer = await sendRaw(sign(request, key));
    expect([answer.status, answer.body]).toEqual([200, { face_sets_info: [] }]);
  });

  it('reaches its operation with the body it signed', async () => {
    expect(await codeOf(create)).toBe('FRS.0012');
    const odd = { ...create, body: `{"face_set_name": "${'ü中😀'}", "face_set_capacity": "10000"}` };
    expect(
      await codeOf(sign.name === 'nodeClient' ? { ...odd, body: JSON.stringify(JSON.parse(odd.body)) } : odd),
    ).toBe('FRS.0012');
  });

  it('reaches IAM', async () => {
    const query = { name: credentials.FRS_REGION };
    const projects = await sendRaw(
      sign({ method: 'GET', endpoint, path: '/v3/projects', query, headers: json, body: '{}' }, key),
    );
    expect(projects.body).toMatchObject({ projects: [{ id: project, name: credentials.FRS_REGION }] });
    const domains = await sendRaw(
      sign({ method: 'GET', endpoint, path: '/v3/auth/domains', headers: json, body: '{}' }, key),
    );
    expect(domains.body).toMatchObject({ domains: [{ name: credentials.FRS_DOMAIN }] });
  });

  it.each([
    '/v2//face-sets',
    `/v2/${project}//face-sets`,
    `//v2/${project}/face-sets`,
    `/v2/${project}/face-sets/a/b/c`,
    '/',
    '/v2/%',
    '/v2/%ff/../x',
  ])('to the path %s is answered 404', async (path) => {
    // Nothing decodes these; the signature can't matter.
    const answer = await sendRaw({ method: 'GET', url: endpoint + path, headers: sign(list, key).headers });
    expect([answer.status, answer.code]).toEqual([404, 'APIG.0101']);
  });

  it('is refused 16 minutes early or late', async () => {
    const minutes = (count: number) => codeOf(list, new Date(Date.now() + count * 60_000));
    expect(await Promise.all([minutes(14), minutes(-14), minutes(16), minutes(-16)])).toEqual([
      undefined,
      undefined,
      'APIG.0301',
      'APIG.0301',
    ]);
  });

  it('may be sent twice within a second', async () => {
    const signed = sign(list, key);
    expect(await Promise.all([sendRaw(signed), sendRaw(signed)])).toMatchObject([
      { status: 200 },
      { status: 200 },
    ]);
  });

  it('is refused when any byte of the signature or of the body was changed on the way', async () => {
    const signed = sign(create, key);
    const altered: Signed[] = [
      ...everyChange(signed.headers.Authorization ?? '').map((text) =>
        withHeader(signed, 'Authorization', text),
      ),
      ...everyChange(signed.headers['X-Sdk-Date'] ?? '').map((text) =>
        withHeader(signed, 'X-Sdk-Date', text),
      ),
      ...everyChange(String(create.body)).map((body) => ({ ...signed, body })),
    ];
    const codes = new Set<unknown>();
    for (let start = 0; start < altered.length; start += 20) {
      const answers = await Promise.all(altered.slice(start, start + 20).map(sendRaw));
      for (const { code } of answers) codes.add(code);
    }
    expect([...codes]).toEqual(['APIG.0301']);
  });
});

it('a multipart body may be signed with its real hash, as an old Python client does', async () => {
  const body = Buffer.from(
    '--x\r\nContent-Disposition: form-data; name="image_base64"\r\n\r\n!\r\n--x--\r\n',
  );
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
  const signed = oldPythonClient(
    { method: 'POST', endpoint, path: `/v2/${project}/face-detect`, headers, body },
    key,
  );
  expect((await sendRaw(signed)).code).toBe('FRS.0015');
  const changed = Buffer.from(body.toString().replace('!', '?'));
  expect((await sendRaw({ ...signed, body: changed })).code).toBe('APIG.0301');
});

/** The text with one character changed, for every character: to another one, and to its other case. */
function everyChange(text: string): string[] {
  return [...text].flatMap((letter, index) => {
    const swapped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
    return [letter === '0' ? '1' : '0', swapped]
      .filter((other) => other !== letter)
      .map((other) => text.slice(0, index) + other + text.slice(index + 1));
  });
}

function withHeader(signed: Signed, name: string, value: string): Signed {
  return { ...signed, headers: { ...signed.headers, [name]: value } };
}
