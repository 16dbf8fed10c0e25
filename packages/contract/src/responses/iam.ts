import * as z from 'zod';

const links = z.object({ next: z.null(), previous: z.null(), self: z.string() });

/** The answers of IAM's operations, as far as clients read them. */
export const iamResponses = {
  'token-create': z.object({
    token: z.object({
      expires_at: z.string(),
      issued_at: z.string(),
      methods: z.array(z.string()),
      roles: z.array(z.object({ id: z.string(), name: z.string() })),
      user: z.object({ id: z.string(), name: z.string() }),
    }),
  }),
  'project-list': z.object({
    projects: z.array(
      z.object({
        domain_id: z.string(),
        is_domain: z.boolean(),
        parent_id: z.string(),
        name: z.string(),
        description: z.string(),
        links,
        id: z.string(),
        enabled: z.boolean(),
      }),
    ),
    links,
  }),
  'domain-list': z.object({
    domains: z.array(z.object({ id: z.string(), name: z.string(), enabled: z.boolean() })),
    links,
  }),
} as const;

/** IAM's own form of an error. */
export const iamErrorResponse = z.object({
  error: z.object({ code: z.int(), message: z.string(), title: z.string() }),
});

const named = z.object({ name: z.string().optional(), id: z.string().optional() });

/** The body of POST /v3/auth/tokens, as a description: IAM itself reads it. */
export const tokenRequestBody = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.literal('password')),
      password: z.object({
        user: z.object({ name: z.string(), password: z.string(), domain: named }),
      }),
    }),
    scope: z.object({ project: named.optional(), domain: named.optional() }).optional(),
  }),
});
