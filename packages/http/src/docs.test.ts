import { gunzipSync } from 'node:zlib';
import { openApiDocument } from '@openfrs/contract/openapi';
import { describe, expect, it, vi } from 'vitest';
import { createApp } from './create-app.ts';
import { docsApp } from './docs.ts';

vi.mock(import('@openfrs/contract/openapi'), { spy: true });

const app = createApp(() => {}).route('/', docsApp('1.2.3'));

vi.spyOn(console, 'log').mockImplementation(() => {});

describe('the page to try the API at', () => {
  it('is complete without any other host', async () => {
    const page = await (await app.request('/docs')).text();
    expect(page).not.toMatch(/https?:\/\//);
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links).toHaveLength(4);
    for (const link of links.filter((one) => !one.startsWith('data:'))) {
      const answer = await app.request(`/${link}`);
      expect([link, answer.status]).toEqual([link, 200]);
      expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}-/);
      expect((await answer.text()).length).toBeGreaterThan(50);
    }
  });

  it('reads the OpenAPI document of this version', async () => {
    expect(await (await app.request('/openapi.json')).json()).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
    });
  });

  it('is built once: however often and however it is asked for', async () => {
    const spy = vi.mocked(openApiDocument).mockClear();
    const own = createApp(() => {}).route('/', docsApp('1.2.3'));
    for (const method of ['GET', 'HEAD', 'GET']) await own.request('/openapi.json', { method });
    await Promise.all(Array.from({ length: 20 }, () => own.request('/openapi.json')));
    expect(spy).toHaveBeenCalledTimes(1);
  });

  it.each(['/openapi.json', '/docs', '/docs/start.js', '/docs/swagger-ui.css'])(
    '%s comes compressed, without its body to HEAD, and not again to whoever has it',
    async (path) => {
      const plain = await app.request(path);
      const zipped = await app.request(path, { headers: { 'Accept-Encoding': 'br, gzip' } });
      expect(zipped.headers.get('Content-Encoding')).toBe('gzip');
      expect(gunzipSync(await zipped.arrayBuffer())).toEqual(Buffer.from(await plain.arrayBuffer()));
      const head = await app.request(path, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(head.headers.get('Content-Length')).toBe(plain.headers.get('Content-Length'));
      const etag = plain.headers.get('ETag') ?? '';
      const known = await app.request(path, { headers: { 'If-None-Match': `"other", W/${etag}` } });
      expect([known.status, await known.text(), known.headers.get('ETag')]).toEqual([304, '', etag]);
      expect(zipped.headers.get('ETag')).not.toBe(etag);
      const other = await app.request(path, { headers: { 'If-None-Match': '"other"' } });
      expect(other.status).toBe(200);
    },
  );

  it('serves no other files', async () => {
    for (const path of ['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/docs/index.html']) {
      expect((await app.request(path)).status).toBe(404);
    }
  });
});
