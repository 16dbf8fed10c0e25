import { once } from '@openfrs/contract';
import * as z from 'zod';
import { IamError } from './iam-error.ts';

/** Made at the first login: most processes see none. */
const schemas = once(() => {
  const text = z.string().min(1).max(1024);
  const named = z.union([z.object({ id: text, name: text.optional() }), z.object({ name: text })]);

  const user = z.intersection(
    z.object({ password: z.string() }),
    z.union([z.object({ id: text }), z.object({ name: text, domain: named })]),
  );

  const scope = z.object({
    project: z.intersection(named, z.object({ domain: named.optional() })).optional(),
    domain: named.optional(),
  });

  const request = z.object({
    auth: z.object({
      identity: z.object({
        methods: z.array(z.string()).min(1),
        password: z.object({ user }),
      }),
      scope: scope.nullish(),
    }),
    // The reference shows it both inside `auth` and beside it (chapters 3.2 and 3.3).
    scope: scope.nullish(),
  });
  return { named, user, request };
});
type Schemas = ReturnType<typeof schemas>;

/** By id, or by name (of a project or user: within its domain). */
export type Named = z.infer<Schemas['named']>;

export interface TokenRequest {
  readonly user: z.infer<Schemas['user']>;
  /** Absent: an unscoped token. */
  readonly scope?: { readonly project: Named & { readonly domain?: Named } } | { readonly domain: Named };
}

/**
 * The body of POST /v3/auth/tokens (Keystone v3, password method).
 * @throws IamError 400
 */
export function parseTokenRequest(body: unknown): TokenRequest {
  const parsed = schemas().request.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new IamError(
      400,
      `Expecting a valid body: ${issue?.path.join('.') || 'auth'} is missing or malformed.`,
    );
  }
  const { auth, scope: beside } = parsed.data;
  if (auth.identity.methods.some((method) => method !== 'password')) {
    throw new IamError(400, 'The only method supported is password.');
  }
  const { project, domain } = auth.scope ?? beside ?? {};
  if (project !== undefined && domain !== undefined) {
    throw new IamError(400, 'Specify either a project or a domain as the scope, not both.');
  }
  const { user } = auth.identity.password;
  if (project !== undefined) {
    const { domain: of, ...rest } = project;
    return { user, scope: { project: of === undefined ? rest : { ...rest, domain: of } } };
  }
  return domain === undefined ? { user } : { user, scope: { domain } };
}
