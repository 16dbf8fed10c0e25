import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, done, expectError, login, tokenOf } from '../../contract/support/client.ts';
import { service } from '../../contract/support/service.ts';
import { smallPhoto } from '../../support/small-photos.ts';

const set = 'clocked';
const image_base64 = smallPhoto(4).toString('base64');
const hour = 3_600_000;

/** Sets the service's clock; its stores keep theirs. */
const jump = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function listed(): Promise<string[]> {
  const { faces } = await done<{ faces: { external_image_id: string }[] }>('face-list', {
    set,
    query: 'limit=1000',
  });
  return faces.map(({ external_image_id }) => external_image_id);
}

describe("a clock that jumps under the service's feet", () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['an hour ahead', hour],
    ['an hour back', -hour],
    ['a month back', -30 * 24 * hour],
  ])('%s: what is under way ends well, and all that was acknowledged is there', async (name, ms) => {
    if (name === 'an hour ahead') await done('face-set-create', { json: { face_set_name: set } });
    const add = async (at: string) => {
      const json = { image_base64, single: true, external_image_id: `${name.replaceAll(' ', '-')}-${at}` };
      return [json.external_image_id, (await call('face-add', { set, json })).status] as const;
    };
    const before = await add('before');
    const under = [add('under'), add('way'), call('face-search', { set, json: { image_base64 } })] as const;
    jump(ms);
    const [one, two, search] = await Promise.all(under);
    expect(search.status).toBe(200);
    const added = [before, one, two, await add('after')];
    expect(added.map(([, status]) => status)).toEqual([200, 200, 200, 200]);
    const names = await listed();
    for (const [each] of added) expect(names.filter((other) => other === each)).toHaveLength(1);
    const found = await done<{ faces: unknown[] }>('face-search', { set, json: { image_base64 } });
    expect(found.faces.length).toBeGreaterThan(0);
  });

  it('a day ahead ends tokens, with APIG.0307, and a new one is accepted', async () => {
    const old = await tokenOf(service.owner);
    jump(25 * hour);
    expectError(await call('face-set-list'), 'APIG.0307');
    const fresh = (await login(service.owner)).headers.get('X-Subject-Token') ?? '';
    const headers = { 'X-Auth-Token': fresh };
    expect((await call('face-set-list', { headers })).status).toBe(200);
    vi.useRealTimers();
    // Back again, both are good: the older one has its day still before it.
    for (const token of [old, fresh]) {
      expect((await call('face-set-list', { headers: { 'X-Auth-Token': token } })).status).toBe(200);
    }
  });
});
