import { expect, it } from 'vitest';
import { memoryAccounts } from '../../test/memory-accounts.ts';
import {
  changeProject,
  createAccount,
  createProject,
  listDomains,
  listProjects,
  newSecretKey,
  secretKeys,
  showSubscription,
} from './index.ts';

const accounts = memoryAccounts();
const deps = { accounts, secrets: secretKeys(newSecretKey()) };
const spec = { user: 'ann', project: 'eu-west-0' };
const owner = await createAccount({ ...spec, domain: 'acme' }, deps);
await createAccount({ ...spec, domain: 'other' }, deps);
const second = await createProject({ id: owner.domainId }, { name: 'eu-west-1' }, accounts);
const caller = { kind: 'signature', userId: owner.userId, domainId: owner.domainId } as const;
const place = { baseUrl: 'https://frs.example.com', path: '/v3/projects' };
const list = async (query: string) =>
  (await listProjects(caller, new URLSearchParams(query), place, { accounts })).projects.map(
    ({ name }) => name,
  );

it('projects are listed as chapter 6.3.1 shows them', async () => {
  expect(await listProjects(caller, new URLSearchParams({ name: 'eu-west-1' }), place, { accounts })).toEqual(
    {
      projects: [
        {
          domain_id: owner.domainId,
          is_domain: false,
          parent_id: owner.domainId,
          name: 'eu-west-1',
          description: '',
          links: { next: null, previous: null, self: `https://frs.example.com/v3/projects/${second.id}` },
          id: second.id,
          enabled: true,
        },
      ],
      links: { next: null, previous: null, self: 'https://frs.example.com/v3/projects' },
    },
  );
});

it('projects are filtered', async () => {
  expect(await list('')).toEqual(['eu-west-0', 'eu-west-1']);
  expect(await list('name=')).toEqual(['eu-west-0', 'eu-west-1']);
  expect(await list('name=eu-west-0')).toEqual(['eu-west-0']);
  expect(await list('name=eu')).toEqual([]);
  await changeProject(second, { enabled: false }, accounts);
  expect(await list('enabled=true&is_domain=false')).toEqual(['eu-west-0']);
  expect(await list(`domain_id=${owner.domainId}&enabled=false`)).toEqual(['eu-west-1']);
});

it('the one domain of the caller is listed', async () => {
  const { domains } = await listDomains(caller, { ...place, path: '/v3/auth/domains' }, { accounts });
  expect(domains).toMatchObject([{ id: owner.domainId, name: 'acme', enabled: true }]);
});

it('subscriptions are shown with the time of each, and without one where there is none', async () => {
  const project = await createProject(
    { id: owner.domainId },
    { name: 'p', services: ['detect'], quotas: { faceSets: 3 } },
    accounts,
    new Date('2026-05-04T03:02:01.999Z'),
  );
  expect(showSubscription(project)).toEqual({
    max_face_set_number: 3,
    detect_service: { create_time: '2026-05-04 03:02:01', subscribe_status: true },
    live_detect_service: { subscribe_status: false },
    compare_service: { subscribe_status: false },
    search_service: { subscribe_status: false },
  });
});
