import { describe, expect, it } from 'vitest';
import { done, tokenOf } from '../../contract/support/client.ts';
import { service } from '../../contract/support/service.ts';
import { fixture } from '../support/fixture.ts';
import { exchangeBytes, openConnection } from '../support/talk.ts';

describe('one source with more connections than it may have', () => {
  it.each([
    ['idle', ''],
    ['in slow headers', 'GET /health HTTP/1.1\r\nHost: a\r\nX-A: '],
  ])('%s: it, and others, are served at once', async (_, text) => {
    const sockets = Array.from({ length: 2100 }, () => openConnection(text));
    const list = `GET /v2/${fixture.victim.projectId}/face-sets HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${await tokenOf(fixture.victim)}\r\n\r\n`;
    for (const from of ['127.0.0.1', '127.0.0.2']) {
      expect(await exchangeBytes(list, from)).toMatch(/^HTTP\/1\.1 200 /);
    }
    for (const socket of sockets) socket.destroy();
    await done('face-set-list', { account: fixture.victim });
  });
});

describe('hosts and targets that are none', () => {
  const hosts = [
    'xn--',
    'xn--a',
    '256.256.256.256',
    '0x7f.1',
    '',
    ' ',
    'a:99999',
    'a:b',
    'a:',
    ':80',
    'user:pass@a',
    '[::1',
    '[::1]',
    '[v1.x]',
    'a b',
    'a/b?c#d',
    'a\\b',
    '%00',
    '%zz',
    'ü',
    '-'.repeat(63),
    'a'.repeat(10_000),
    `${'a.'.repeat(2000)}a`,
  ];

  it('are answered by the contract, never with a 500, whoever asks', async () => {
    const token = await tokenOf(fixture.victim);
    const paths = [
      '/v3/projects',
      '/v3/auth/domains',
      `/v2/${fixture.victim.projectId}/face-sets`,
      '/x',
      '/%',
      '/%ff',
      '//',
    ];
    for (const host of hosts) {
      for (const path of paths) {
        for (const target of [path, `http://${host.trim()}${path}`]) {
          const answer = await exchangeBytes(
            `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nX-Auth-Token: ${token}\r\n\r\n`,
          );
          expect([host, target, answer]).toEqual([host, target, expect.stringMatching(/^HTTP\/1\.1 [24]/)]);
          expect([host, target, answer]).toEqual([host, target, expect.stringMatching(/x-request-id: /i)]);
        }
      }
    }
    expect((await fetch(`${service.endpoint}/health`)).status).toBe(200);
  });
});
