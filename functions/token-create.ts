import { createToken } from '@openfrs/core';
import { lambda, openDoor } from '@openfrs/http';
import { iam } from './wiring/iam.ts';

export const app = openDoor(
  'token-create',
  async ({ body, source, signal, ports }) => {
    const created = await createToken(body, { source, signal, now: ports.now() }, ports);
    return { status: 201, body: created.body, headers: { 'X-Subject-Token': created.token } };
  },
  iam,
);
export const handler = lambda(app);
