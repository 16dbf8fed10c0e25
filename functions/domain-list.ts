import { listDomains } from '@openfrs/core';
import { accountDoor, lambda } from '@openfrs/http';
import { iam } from './wiring/iam.ts';

export const app = accountDoor(
  'domain-list',
  (caller, { place, ports }) => listDomains(caller, place, ports),
  iam,
);
export const handler = lambda(app);
