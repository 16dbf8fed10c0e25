import { photo } from '../../../../support/photos.ts';
import { ask } from '../ask.ts';
import { type Attack, flood, type Order } from '../attack.ts';

/** Of the set `large`. */
const faces = 60_000;

/** Searches of one kind, by the attacker's project. */
async function searches(order: Order, width: number, bodies: readonly object[]) {
  const { projectId, token } = order.target;
  const texts = bodies.map((body) => Buffer.from(JSON.stringify(body)));
  return () =>
    flood(order, width, (number) => ({
      path: `/v2/${projectId}/face-sets/large/search`,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: [texts[number % texts.length] ?? Buffer.of()],
    }));
}

export const firstSearch: Attack = {
  name: 'first-search',
  what: `the first searches after ${faces} faces were imported`,
  faces,
  prepare: (order) =>
    searches(order, 4, [{ image_base64: photo(4).toString('base64'), top_n: 1000, filter: 'l:[0 TO 500]' }]),
};

/** The same term again and again, and different ones in as many bytes. */
const same = Array<string>(2700).fill('l:9').join('||');
const different = Array.from({ length: 1900 }, (_, at) => `l:${at}`).join('||');

export const longFilters: Attack = {
  name: 'filters',
  what: `filters of 13 kB and up to 2,700 terms over ${faces} faces, 8 at a time`,
  faces,
  async prepare(order) {
    const { projectId, token } = order.target;
    // What a set costs the first time is another attack.
    await ask(
      order.target,
      {
        path: `/v2/${projectId}/face-sets/large/search`,
        headers: { 'x-auth-token': token, 'content-type': 'application/json' },
        body: [Buffer.from(JSON.stringify({ image_base64: photo(4).toString('base64'), filter: 'l:1' }))],
      },
      order.deadlineSeconds * 1000,
    );
    const image_base64 = photo(4).toString('base64');
    return searches(
      order,
      8,
      [same, different].map((filter) => ({ image_base64, filter })),
    );
  },
};
