import type { Accounts, Project } from '../ports/accounts.ts';
import type { Caller } from './caller.ts';

/** Where the request came in: the answer's links repeat it. */
export interface RequestUrl {
  /** `https://host` */
  readonly baseUrl: string;
  /** The path that was asked, e.g. `/v3/projects`. */
  readonly path: string;
}

interface Links {
  readonly next: null;
  readonly previous: null;
  readonly self: string;
}

export interface ProjectRow {
  readonly domain_id: string;
  readonly is_domain: false;
  readonly parent_id: string;
  readonly name: string;
  readonly description: string;
  readonly links: Links;
  readonly id: string;
  readonly enabled: boolean;
}

/**
 * GET /v3/projects and GET /v3/auth/projects: the projects of the caller's account, in the shape of chapter 6.3.1.
 * `query` is that of the request: `name`, `enabled`, `domain_id`, `parent_id`, `is_domain` filter as IAM's do.
 */
export async function listProjects(
  caller: Caller,
  query: { get(name: string): string | null },
  url: RequestUrl,
  { accounts }: { readonly accounts: Accounts },
): Promise<{ projects: ProjectRow[]; links: Links }> {
  const rows = (await accounts.projects(caller.domainId)).map((project) => projectRow(project, url.baseUrl));
  const wanted = (['name', 'enabled', 'domain_id', 'parent_id', 'is_domain'] as const).flatMap((field) => {
    const value = query.get(field);
    return value === null || value === '' ? [] : [{ field, value }];
  });
  return {
    projects: rows.filter((row) => wanted.every(({ field, value }) => String(row[field]) === value)),
    links: links(url.baseUrl + url.path),
  };
}

/** GET /v3/auth/domains: the caller's one account. */
export async function listDomains(
  caller: Caller,
  url: RequestUrl,
  { accounts }: { readonly accounts: Accounts },
): Promise<{
  domains: { id: string; name: string; enabled: boolean; description: string; links: Links }[];
  links: Links;
}> {
  const domain = await accounts.domain(caller.domainId);
  const rows = domain === undefined ? [] : [domain];
  return {
    domains: rows.map(({ id, name, enabled }) => ({
      id,
      name,
      enabled,
      description: '',
      links: links(`${url.baseUrl}/v3/domains/${id}`),
    })),
    links: links(url.baseUrl + url.path),
  };
}

function projectRow(project: Project, baseUrl: string): ProjectRow {
  return {
    domain_id: project.domainId,
    is_domain: false,
    parent_id: project.domainId,
    name: project.name,
    description: '',
    links: links(`${baseUrl}/v3/projects/${project.id}`),
    id: project.id,
    enabled: project.enabled,
  };
}

function links(self: string): Links {
  return { next: null, previous: null, self };
}
