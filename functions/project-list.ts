import { listProjects } from '@openfrs/core';
import { accountDoor, lambda } from '@openfrs/http';
import { iam } from './wiring/iam.ts';

export const app = accountDoor(
  'project-list',
  (caller, { query, place, ports }) => listProjects(caller, query, place, ports),
  iam,
);
export const handler = lambda(app);
