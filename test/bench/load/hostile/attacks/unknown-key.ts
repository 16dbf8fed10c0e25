import { type Attack, flood } from '../attack.ts';

const width = 50;
const query = Array<string>(7000).fill('a').join('&');

/** Signed with a key that nobody has, over as many query pairs as a request line holds. */
export const unknownKey: Attack = {
  name: 'unknown-key',
  what: `signatures of an unknown access key over 7,000 query pairs, ${width} at a time`,
  prepare: async (order) => () => {
    const date = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    return flood(order, width, (number) => ({
      method: 'GET',
      path: `/v2/${order.target.projectId}/face-sets?${query}`,
      headers: {
        'x-sdk-date': date,
        authorization: `SDK-HMAC-SHA256 Access=UNKNOWN${number}, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
      },
    }));
  },
};
