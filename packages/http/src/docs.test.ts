import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import { docsApp } from './docs.ts';
import { notFound } from './not-found.ts';
import type { DoorEnv } from './wire.ts';

const app = new Hono<DoorEnv>().route('/', docsApp('1.2.3'));
app.notFound(notFound);

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
      expect((await answer.text()).length).toBeGreaterThan(50);
    }
  });

  it('reads the OpenAPI document of this version', async () => {
    expect(await (await app.request('/openapi.json')).json()).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
    });
  });

  it('serves no other files', async () => {
    for (const path of ['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/docs/index.html']) {
      expect((await app.request(path)).status).toBe(404);
    }
  });
});
