import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { createObjects } from '@openfrs/store';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, done } from '../../contract/support/client.ts';
import { service } from '../../contract/support/service.ts';
import { fixture } from '../support/fixture.ts';
import { addressed } from '../support/valid.ts';

const illegal = 'FRS.0035';
const invalid = 'FRS.0021';
const unauthorised = 'FRS.0027';
const missing = 'FRS.0024';

/** Addresses in disguise, and what the contract calls each. Asked for by the owner of `bucket`. */
function disguises(bucket: string, storage: string, port: number): (readonly [string, string])[] {
  const here = `127.0.0.1:${port}`;
  const hosts = [
    here,
    `localhost:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `0177.0.0.1:${port}`,
    `127.1:${port}`,
    `0.0.0.0:${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[0:0:0:0:0:0:0:1]:${port}`,
    `127。0。0。1:${port}`,
    `①②⑦.⓪.⓪.①:${port}`,
    `127.0.0.1.nip.io:${port}`,
    '169.254.169.254',
    '[fd00:ec2::254]',
    `user:secret@${here}`,
    `${bucket}.${storage}@${here}`,
    `${here}\\@${bucket}.${storage}`,
    `${bucket}.${storage}.evil.example`,
    `${bucket}.${storage}%2f@${here}`,
    `${bucket}.${storage}:80@${here}`,
    `x@${bucket}.${storage}`,
    `${here}%23.${storage}x`,
  ];
  return [
    ...hosts.flatMap((host) => [
      [`http://${host}/photo.jpg`, illegal] as const,
      [`https://${host}/photo.jpg`, illegal] as const,
    ]),
    ...[
      `HTTP://${here}/photo.jpg`,
      `http:${here}/photo.jpg`,
      `http:/${here}/photo.jpg`,
      `http:\\\\${here}\\photo.jpg`,
      `https://${here}#.${storage}/photo.jpg`,
      `https://${here}?.${storage}/photo.jpg`,
      `https://${here}\\.${storage}/photo.jpg`,
      `ftp://${here}/photo.jpg`,
      `gopher://${here}/_GET%20/`,
      'file:///etc/passwd',
      'file:/etc/passwd',
      'data:image/png;base64,AAAA',
      `jar:http://${here}/a!/b`,
      `s3://${bucket}/photo.jpg`,
      'javascript:alert(1)',
      `http://${bucket}.${storage}/photo.jpg`,
    ].map((url) => [url, illegal] as const),
    ...[
      '',
      '/',
      '//',
      bucket,
      `${bucket}/photo.jpg`,
      `//${here}/photo.jpg`,
      `/\\${here}/photo.jpg`,
      `\\\\${here}\\photo.jpg`,
      ` http://${here}/photo.jpg`,
      `\thttp://${here}/photo.jpg`,
      `ht\ntp://${here}/photo.jpg`,
      `/${here}/photo.jpg`,
      `/${bucket}:80/photo.jpg`,
      `/${bucket}@${here}/photo.jpg`,
      `/${bucket}?x/photo.jpg`,
      `/${bucket}#/photo.jpg`,
      `/${bucket}%2fother/photo.jpg`,
      `/${bucket}/`,
      `/${bucket}/../other/photo.jpg`,
      `/${bucket}/a/../../other/photo.jpg`,
      `/${bucket}/./photo.jpg`,
      `/../${bucket}/photo.jpg`,
      `/./photo.jpg`,
      `https://${bucket}.${storage}/%2e%2e/other/photo.jpg`,
      `https://${bucket}.${storage}/..%2fother`,
      `https://${bucket}.${storage}/a?versionId=x`,
      `https://${bucket}.${storage}/%zz`,
      `/${bucket}/${'a'.repeat(1025)}`,
      `/${bucket.toUpperCase()}/photo.jpg`,
    ].map((url) => [url, invalid] as const),
    ['/127.0.0.1/photo.jpg', unauthorised],
    ['/169.254.169.254/latest/meta-data/', unauthorised],
    ['/etc/passwd', unauthorised],
    [`https://other.${storage}/photo.jpg`, unauthorised],
    // A key may look like an address: it is looked up in the bucket, nowhere else.
    [`/${bucket}/http://${here}/photo.jpg`, missing],
    [`/${bucket}//${here}/photo.jpg`, missing],
    [`/${bucket}/%2e%2e/other/photo.jpg`, missing],
    [`https://${bucket}.${storage}/http%3A%2F%2F${here}%2F`, missing],
    [`/${bucket}/a\u0000b`, missing],
    [`/${bucket}/a\r\nHost: ${here}`, missing],
  ];
}

describe('image_url and video_url', () => {
  beforeAll(() => done('face-set-create', { json: { face_set_name: 'owners' } }));

  it.each(addressed)('of %s lead nowhere but to the storage, in whatever disguise', async (name, json) => {
    const storage = new URL(process.env.AWS_ENDPOINT_URL_S3 ?? '').host;
    const before = new Set(fixture.canary.connections());
    for (const [url, code] of disguises(service.bucket, storage, fixture.canary.port)) {
      const reply = await call(name, { set: 'owners', json: json(url) });
      expect([url, (reply.body as { error_code?: string }).error_code]).toEqual([url, code]);
    }
    expect(fixture.canary.visits()).toBe(0);
    const own = [
      service.endpoint,
      process.env.AWS_ENDPOINT_URL_S3,
      process.env.AWS_ENDPOINT_URL_DYNAMODB,
    ].map((url) => new URL(url ?? '').host);
    const added = [...fixture.canary.connections()].filter(
      (place) => !before.has(place) && !own.includes(place),
    );
    expect(added).toEqual([]);
  });

  it('follow no redirection of the storage', async () => {
    const storage = createServer((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${fixture.canary.port}/photo.jpg` }).end();
    });
    storage.listen(0, '127.0.0.1');
    await once(storage, 'listening');
    const { port } = storage.address() as AddressInfo;
    const s3 = new S3Client({ endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true });
    await expect(createObjects(s3).read('bucket', 'photo.jpg', 1000)).rejects.toMatchObject({
      code: 'FRS.0022',
    });
    expect(fixture.canary.visits()).toBe(0);
    s3.destroy();
    storage.closeAllConnections();
    storage.close();
  });
});
