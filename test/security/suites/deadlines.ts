import { operations } from '@openfrs/contract';
import { parts } from '@openfrs/service';
import { nodeClient } from '@openfrs/testing/signers';
import { describe, expect, it, vi } from 'vitest';
import { call, done, tokenOf } from '../../contract/support/client.ts';
import { localService, service } from '../../contract/support/service.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { withLimits } from '../support/changeable-admission.ts';
import { fixture, set } from '../support/fixture.ts';
import { exchangeBytes, openConnection } from '../support/talk.ts';

/** Everything that requests take is given back when they have ended. */
async function expectNothingHeld(): Promise<void> {
  const { memory, queue } = localService().resolve(parts.admission);
  await vi.waitFor(() => expect([memory.reserved, queue.running, queue.waiting]).toEqual([0, 0, 0]), {
    timeout: 30_000,
  });
}

const content = 'x'.repeat(30_000);
const headers = (count: number) => Array.from({ length: count }, (_, n) => `X-${n}: 1\r\n`).join('');
const long = (bytes: number) => `X: ${'a'.repeat(bytes)}\r\n`;
const named = 'Content-Disposition: form-data; name="image_file"\r\n';

/** What stands before the content of a part; none of it made a difference but to the old parser. */
const variants: readonly (readonly [string, string])[] = [
  ['no header', ''],
  ['a type only', 'Content-Type: image/jpeg\r\n'],
  ['an attachment', 'Content-Disposition: attachment; name="image_file"\r\n'],
  ['a disposition without a name', 'Content-Disposition: form-data\r\n'],
  ['an empty disposition', 'Content-Disposition:\r\n'],
  ['an unquoted half', 'Content-Disposition: form-data; name="image_file\r\n'],
  ['a header that is none', 'nonsense\r\n'],
  ['33 headers before', headers(33) + named],
  ['100 headers before', headers(100) + named],
  ['17 kB of headers before', long(17_000) + named],
  ['70 kB of headers before', long(70_000) + named],
];

describe('a multipart part with', () => {
  const multipart = operations.filter((row) => 'body' in row && row.body === 'json-or-multipart');

  it.each(variants)('%s is answered by every operation', async (_, header) => {
    const token = await tokenOf(fixture.attacker);
    const body = `--B\r\n${header}\r\n${content}\r\n--B--\r\n`;
    expect(multipart.length).toBeGreaterThan(3);
    for (const { name, method, paths } of multipart) {
      const path = paths[0]
        .replace('{project_id}', fixture.attacker.projectId)
        .replace('{face_set_name}', set);
      const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${token}\r\nContent-Type: multipart/form-data; boundary=B`;
      const answer = await exchangeBytes(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      expect([name, answer]).toEqual([name, expect.stringMatching(/^HTTP\/1\.1 400 .*"error_code":"FRS\./s)]);
    }
    await expectNothingHeld();
  });
});

describe('clients that leave', () => {
  it('in mid-body give back what they hold', async () => {
    const token = await tokenOf(fixture.attacker);
    const head = `POST /v2/${fixture.attacker.projectId}/face-detect HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${token}`;
    const { memory } = localService().resolve(parts.admission);
    const sockets = Array.from({ length: 20 }, () =>
      openConnection(`${head}\r\nContent-Length: 12000000\r\n\r\n${content}`),
    );
    await vi.waitFor(() => expect(memory.reserved).toBeGreaterThan(0), { timeout: 30_000 });
    for (const socket of sockets) socket.destroy();
    await expectNothingHeld();
    await done('face-set-list', { account: fixture.victim });
  });
});

describe('bodies that stay unfinished', () => {
  const mebibyte = 1024 * 1024;

  /** Little memory for bodies. */
  const withMemory = (bodyBytes: number, work: () => Promise<void>) =>
    withLimits({ running: 4, waiting: 100, bodyBytes }, () => work().finally(expectNothingHeld));

  it('of a client with a token and signatures, right or wrong, keep no other client out', () =>
    withMemory(16 * mebibyte, async () => {
      const { memory } = localService().resolve(parts.admission);
      const path = `/v2/${fixture.attacker.projectId}/face-detect`;
      const request = { method: 'POST', endpoint: service.endpoint, path, body: '{}' };
      const signed = nodeClient(request, fixture.attacker).headers;
      const wrong = nodeClient(request, { ...fixture.attacker, sk: 'wrong' }).headers;
      const token = { 'X-Auth-Token': await tokenOf(fixture.attacker) };
      const size = 4 * mebibyte;
      const content = Buffer.alloc(size - 40, 'x');
      const open = (from: string, credential: Readonly<Record<string, string>>) => {
        const headers = Object.entries(credential).filter(([name]) => !/^(host|content-length)$/i.test(name));
        const host = new URL(service.endpoint).host;
        const lines = [...headers, ['Host', host], ['Content-Length', size]].map(
          ([name, value]) => `${name}: ${value}\r\n`,
        );
        const socket = openConnection(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, from);
        socket.write(content);
        socket.on('data', () => {});
        return socket;
      };
      for (const attack of [
        [token, token, signed, signed].map((credential) => ['127.0.0.2', credential] as const),
        ['127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.3'].map((from) => [from, wrong] as const),
      ]) {
        const sockets = attack.map(([from, credential]) => open(from, credential));
        await vi.waitFor(() => expect(memory.reserved).toBeGreaterThan(11 * mebibyte), { timeout: 30_000 });
        const image_base64 = smallPhoto(1).toString('base64');
        for (let time = 0; time < 3; time++) {
          const { status } = await call('face-detect', { account: fixture.victim, json: { image_base64 } });
          expect(status).toBe(200);
        }
        for (const socket of sockets) socket.destroy();
        await expectNothingHeld();
      }
    }));
});
