import { memoryAccounts } from '@openfrs/testing/memory-accounts';
import { quickDerivation } from '@openfrs/testing/passwords';
import { expect, it } from 'vitest';
import {
  changeProject,
  createAccount,
  createProject,
  listDomains,
  listProjects,
  newSecretKey,
  secretKeys,
} from './index.ts';

const accounts = memoryAccounts();
const deps = { accounts, secrets: secretKeys(newSecretKey()), derivation: quickDerivation };
const spec = { user: 'ann', project: 'eu-west-0' };
const owner = await createAccount({ ...spec, domain: 'acme' }, deps);
await createAccount({ ...spec, domain: 'other' }, deps);
const second = await createProject({ id: owner.domainId }, { name: 'eu-west-1' }, accounts);
const caller = { kind: 'signature', userId: owner.userId, domainId: owner.domainId } as const;
const url = { baseUrl: 'https://frs.example.com', path: '/v3/projects' };
const list = async (query: string) =>
  (await listProjects(caller, new URLSearchParams(query), url, { accounts })).projects.map(
    ({ name }) => name,
  );

it('projects are listed as chapter 6.3.1 shows them', async () => {
  expect(await listProjects(caller, new URLSearchParams({ name: 'eu-west-1' }), url, { accounts })).toEqual({
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
  });
});

it('projects are filtered', async () => {
  expect(await list('')).toEqual(['eu-west-0', 'eu-west-1']);
  expect(await list('name=')).toEqual(['eu-west-0', 'eu-west-1']);
  expect(await list('name=eu-west-0')).toEqual(['eu-west-0']);
  expect(await list('name=eu')).toEqual([]);
  await changeProject(second, () => ({ enabled: false }), accounts);
  expect(await list('enabled=true&is_domain=false')).toEqual(['eu-west-0']);
  expect(await list(`domain_id=${owner.domainId}&enabled=false`)).toEqual(['eu-west-1']);
});

it('the one domain of the caller is listed', async () => {
  const { domains } = await listDomains(caller, { ...url, path: '/v3/auth/domains' }, { accounts });
  expect(domains).toMatchObject([{ id: owner.domainId, name: 'acme', enabled: true }]);
});
