import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import type { IHttpRequest } from '@huaweicloud/huaweicloud-sdk-core/http/IHttpRequest.js';
import { expect, it } from 'vitest';
import { signer } from './signature.ts';

const key = { ak: 'AK', sk: 'secret' };
const now = new Date('2026-01-02T03:04:05Z');

/** The official Node client's signature of the same request, with the same headers. */
function official(method: string, url: URL, headers: Record<string, string>, json?: object): string {
  const signed = AKSKSigner.sign(
    {
      method,
      endpoint: url.origin + url.pathname,
      queryParams: Object.fromEntries(url.searchParams),
      headers,
      ...(json && { data: json }),
    } as unknown as IHttpRequest,
    new BasicCredentials(key),
  ) as Record<string, string>;
  return signed.Authorization ?? '';
}

it.each([
  ['GET', '/v2/p/face-sets', undefined],
  ['GET', '/v2/p/face-sets/a/faces?offset=10&limit=5&a=%20~!', undefined],
  ['DELETE', '/v2/p/face-sets/a/faces?external_image_id=x-1_%E9%95%BF', undefined],
  ['POST', '/v2/p/face-sets', { face_set_name: '人' }],
])('signs %s %s as the official client does', async (method, path, json) => {
  const url = new URL(path, 'https://frs.example.com:8443');
  const body = json && JSON.stringify(json);
  const { Authorization, ...headers } = await signer(key, () => now).headersFor({ method, url, body });
  expect(Authorization).toBe(official(method, url, { host: url.host, ...headers }, json));
});

it('leaves a form of files unsigned', async () => {
  const url = new URL('https://frs.example.com/v2/p/face-detect');
  const headers = await signer(key, () => now).headersFor({ method: 'POST', url, body: new FormData() });
  expect(headers).toMatchObject({
    'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD',
    'X-Sdk-Date': '20260102T030405Z',
  });
  expect(headers.Authorization).toBe(
    official('POST', url, {
      host: url.host,
      'X-Sdk-Date': '20260102T030405Z',
      'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD',
    }),
  );
});
