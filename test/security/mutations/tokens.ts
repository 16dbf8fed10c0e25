import fc from 'fast-check';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { requestBytes } from '../support/http-text.ts';
import { mutatedJson } from './json.ts';
import { source } from './odd.ts';

/** Requests for a token as they should be, of users that exist and that don't. */
const base = fc
  .record({
    user: fc.constantFrom('victim', 'nobody'),
    scope: fc.constantFrom('project', 'id', 'domain', 'none'),
    domain: fc.constantFrom('name', 'id', 'both'),
  })
  .map(({ user, scope, domain }) => {
    const { victim } = fixture;
    const name = user === 'victim' ? victim.user : 'nobody';
    const by = { ...(domain !== 'id' && { name: victim.domain }), ...(domain !== 'name' && { id: 'x' }) };
    const scopes = {
      project: { project: { name: victim.region } },
      id: { project: { id: victim.projectId, domain: by } },
      domain: { domain: by },
      none: undefined,
    };
    const of = scopes[scope as keyof typeof scopes];
    const identity = { methods: ['password'], password: { user: { name, password: 'wrong', domain: by } } };
    return { auth: { identity, ...(of && { scope: of }) } };
  });

type Case = readonly [Buffer, string, string];

/** Bodies of the one operation that reads one of anybody. */
export const tokens: Kind<Case> = {
  name: 'token requests',
  share: 1 / 8,
  width: 8,
  arbitrary: fc.tuple(
    mutatedJson(base),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant('application/json') },
      fc.constantFrom(
        '',
        'text/plain',
        'application/json; charset=utf-16',
        'multipart/form-data; boundary=B',
        '*',
      ),
    ),
    source,
  ),
  async attempt([body, type, from]) {
    const bytes = requestBytes('POST', '/v3/auth/tokens', [['Content-Type', type]], body);
    expectContract(await converse(bytes, { source: from }), fixture.secrets);
  },
};
