/** One project's credentials at a running service. */
export interface Account {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  /** The project's name. */
  readonly region: string;
  readonly projectId: string;
  readonly ak: string;
  readonly sk: string;
}
