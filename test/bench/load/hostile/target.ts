/** Everything that a client needs; plain data, for it goes to other processes. */
export interface Target {
  readonly endpoint: string;
  /** The loopback address that the client connects from. */
  readonly from: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  /** The project's name. */
  readonly region: string;
  readonly projectId: string;
  readonly ak: string;
  readonly sk: string;
  /** For the project. */
  readonly token: string;
}

/** POST /v3/auth/tokens for the target's project, or with what is changed. */
export function loginBody(target: Target, change: { user?: string; password?: string } = {}): string {
  const { domain, region } = target;
  const user = {
    name: change.user ?? target.user,
    password: change.password ?? target.password,
    domain: { name: domain },
  };
  const identity = { methods: ['password'], password: { user } };
  return JSON.stringify({ auth: { identity, scope: { project: { name: region } } } });
}
