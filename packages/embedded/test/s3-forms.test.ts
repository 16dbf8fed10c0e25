import { GetObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { describe, expect, test } from 'vitest';
import { bucket, bytes, failure, useStores } from './stores.ts';

const use = useStores();

type Conditions = PresignedPostOptions['Conditions'];

async function post(
  Key: string,
  content: Buffer,
  Conditions: Conditions = [],
  change: (form: Map<string, string>) => void = () => {},
  more: Partial<PresignedPostOptions> = {},
) {
  const { url, fields } = await createPresignedPost(use.s3, {
    Bucket: bucket,
    Key,
    Conditions,
    Expires: 60,
    ...more,
  });
  const values = new Map(Object.entries(fields));
  change(values);
  const form = new FormData();
  for (const [name, value] of values) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(content)]), 'my photo.jpg');
  const answer = await fetch(url, { method: 'POST', body: form });
  return {
    status: answer.status,
    code: /<Code>(\w+)</.exec(await answer.text())?.[1],
    headers: answer.headers,
  };
}

const read = async (Key: string) => {
  const got = await use.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return {
    body: Buffer.from((await got.Body?.transformToByteArray()) ?? []),
    type: got.ContentType,
    meta: got.Metadata,
  };
};

describe('a form with a signed policy', () => {
  test('uploads a file', async () => {
    const content = bytes(200_000);
    const fields = { 'Content-Type': 'image/jpeg', 'x-amz-meta-from': 'form' };
    const done = await post('up/a.jpg', content, [['content-length-range', 1, 200_000]], undefined, {
      Fields: fields,
    });
    expect(done.status).toBe(204);
    const { body, type, meta } = await read('up/a.jpg');
    expect(body.equals(content)).toBe(true);
    expect({ type, meta }).toEqual({ type: 'image/jpeg', meta: { from: 'form' } });
  });

  test(`puts the file's own name for \${filename}`, async () => {
    expect((await post(`up/\${filename}`, bytes(10))).status).toBe(204);
    expect((await read('up/my photo.jpg')).body).toHaveLength(10);
  });

  test.each([
    ['too large', 1001, 'EntityTooLarge', 400],
    ['far too large', 5_000_000, 'EntityTooLarge', 400],
    ['too small', 9, 'EntityTooSmall', 400],
  ])('refuses a file that is %s', async (_, size, code, status) => {
    const done = await post('sized', bytes(size), [['content-length-range', 10, 1000]]);
    expect(done).toMatchObject({ status, code });
    expect(await failure(read('sized'))).toMatchObject({ name: 'NoSuchKey' });
  });

  test.each<[string, (form: Map<string, string>) => void, string]>([
    ['another key', (form) => form.set('key', 'other'), 'AccessDenied'],
    ['a field that no condition names', (form) => form.set('x-amz-meta-role', 'admin'), 'AccessDenied'],
    [
      'another policy',
      (form) => form.set('Policy', Buffer.from('{}').toString('base64')),
      'SignatureDoesNotMatch',
    ],
    ['another signature', (form) => form.set('X-Amz-Signature', '0'.repeat(64)), 'SignatureDoesNotMatch'],
    ['no policy', (form) => form.delete('Policy'), 'AccessDenied'],
  ])('refuses %s', async (_, change, code) => {
    expect(await post('signed', bytes(10), [], change)).toMatchObject({ status: 403, code });
  });

  test('ends', async () => {
    expect(await post('late', bytes(10), [], undefined, { Expires: -1 })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
  });

  test('that is broken is refused', async () => {
    const type = 'multipart/form-data; boundary=x';
    for (const body of [
      '',
      '--x\r\n',
      'nothing',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx',
    ]) {
      const answer = await fetch(`${use.stores.s3Endpoint}/${bucket}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });
});
