import { describe, expect, test } from 'vitest';
import type { Account } from '../../support/account.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { done, refused } from '../support/client.ts';
import { newAccount } from '../support/operator.ts';

interface Form {
  readonly url: string;
  readonly fields: Record<string, string>;
  readonly path: string;
  readonly max_bytes: number;
  readonly expires_at: string;
}

const newForm = (account?: Account) => done<Form>('upload-create', account ? { account } : {});

/** Sends the form as a browser does: its fields, then the file. */
async function send({ url, fields }: Form, file: Uint8Array, changes: Record<string, string> = {}) {
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) data.append(name, value);
  data.append('file', new Blob([new Uint8Array(file)]));
  return fetch(url, { method: 'POST', body: data });
}

describe('Beyond the reference: uploads', () => {
  test('a file sent with the form can be named by its path, by its own project alone', async () => {
    const form = await newForm();
    expect(form.max_bytes).toBe(8 * 1024 * 1024);
    const left = Date.parse(form.expires_at) - Date.now();
    expect(left).toBeGreaterThan(60_000);
    expect(left).toBeLessThan(15 * 60_000);
    await refused('FRS.0024', 'face-detect', { json: { image_url: form.path } });
    expect((await send(form, smallPhoto(1))).status).toBe(204);
    const found = await done<{ faces: unknown[] }>('face-detect', { json: { image_url: form.path } });
    expect(found.faces).toHaveLength(3);
    const [, bucket = ''] = form.path.split('/');
    for (const buckets of [[], [bucket]]) {
      const account = await newAccount({ buckets });
      await refused('FRS.0027', 'face-detect', { account, json: { image_url: form.path } });
    }
  });

  test('works for a project that is authorised for no bucket', async () => {
    const account = await newAccount({ buckets: [] });
    const form = await newForm(account);
    expect(form.path).toContain(`/uploads/${account.projectId}/`);
    expect((await send(form, smallPhoto(2))).status).toBe(204);
    await done('face-detect', { account, json: { image_url: form.path } });
    await refused('FRS.0027', 'face-detect', {
      account,
      json: { image_url: form.path.replace('uploads', 'enrol') },
    });
  });

  test('a form takes neither a larger file, nor an empty one, nor another key', async () => {
    const form = await newForm();
    expect((await send(form, new Uint8Array(form.max_bytes + 1))).status).toBe(400);
    expect((await send(form, new Uint8Array(0))).status).toBe(400);
    const other = await send(form, smallPhoto(1), { key: `${form.fields.key}-other` });
    expect(other.status).toBe(403);
    await refused('FRS.0024', 'face-detect', { json: { image_url: form.path } });
  });

  test('each form has a key of its own', async () => {
    const forms = await Promise.all(Array.from({ length: 5 }, () => newForm()));
    expect(new Set(forms.map(({ path }) => path)).size).toBe(5);
  });
});
