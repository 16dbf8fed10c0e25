import { expect, it } from 'vitest';
import { loginGuard } from './login-guard.ts';

const minute = new Date('2026-01-01T00:00:00Z');
const nextMinute = new Date('2026-01-01T00:01:00Z');
const refused = expect.objectContaining({ code: 'FRS.0033' });

/** A guard whose shared counters are lost: it knows what it remembers itself. */
function guard(limits: Parameters<typeof loginGuard>[1]) {
  const logins = loginGuard({ hit: async () => 0 }, limits);
  let names = 0;
  return {
    logins,
    fail: (account: string, source = '') => logins.begin(account, source, minute).end(false),
    /** More accounts than a guard remembers. */
    crowd: async (each: () => void = () => {}) => {
      for (let times = 0; times < 5200; times++) {
        each();
        await logins.begin(`crowd ${names++}`, '', minute).end(false);
      }
    },
  };
}

it('does not forget an account that is being guessed, whatever number of others are', async () => {
  const { logins, fail, crowd } = guard({ perAccount: 2, perSource: 2 });
  await fail('ann');
  await fail('ann');
  await crowd(() => expect(() => logins.begin('ann', '', minute)).toThrow(refused));
  await crowd(() => expect(() => logins.begin('ann', '', minute)).toThrow(refused));
});

it('never forgets a login that is in hand', async () => {
  const { logins, crowd } = guard({ pendingPerSource: 1 });
  const attempt = logins.begin('ann', 'home', minute);
  await crowd();
  await crowd();
  expect(() => logins.begin('ann', 'home', minute)).toThrow(refused);
  // Nor does a new minute.
  expect(() => logins.begin('ann', 'home', nextMinute)).toThrow(refused);
  await attempt.end(true);
  await logins.begin('ann', 'home', minute).end(true);
});

it('keeps no account from its owner because others hold logins of it', async () => {
  const { logins } = guard({ pendingPerSource: 2 });
  const held = ['one', 'other'].flatMap((source) => [1, 2].map(() => logins.begin('ann', source, minute)));
  expect(() => logins.begin('ann', 'one', minute)).toThrow(refused);
  await logins.begin('ann', 'home', minute).end(true);
  for (const attempt of held) await attempt.end(true);
});

it('does not forget failures for logins that were refused a place in the queue, with ever new names', async () => {
  const { logins, fail } = guard({ perAccount: 1 });
  await fail('ann');
  for (let times = 0; times < 10_100; times++)
    await logins.begin(`new ${times}`, 'hostile', minute).end(true);
  expect(() => logins.begin('ann', 'other', minute)).toThrow(refused);
});

it('counts a login that ends in the next minute for its own', async () => {
  const { logins } = guard({ perAccount: 1 });
  const late = logins.begin('ann', 'home', minute);
  expect(() => logins.begin('ann', 'home', nextMinute)).toThrow(refused);
  await late.end(false);
  await logins.begin('ann', 'home', nextMinute).end(true);
});
