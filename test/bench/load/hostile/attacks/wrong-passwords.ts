import { type Attack, flood } from '../attack.ts';
import { loginBody } from '../target.ts';

const width = 150;

/** Of the attacker's own account and of users that don't exist. */
export const wrongPasswords: Attack = {
  name: 'passwords',
  what: `${width} wrong passwords at a time`,
  prepare: async (order) => () =>
    flood(order, width, (number) => ({
      path: '/v3/auth/tokens',
      headers: { 'content-type': 'application/json' },
      body: [
        Buffer.from(
          loginBody(order.target, {
            password: `wrong-${number}`,
            ...(number % 2 === 1 && { user: `nobody-${number}` }),
          }),
        ),
      ],
    })),
};
