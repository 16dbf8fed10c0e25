/** The signed-in project's requests, as the local server has counted them since its start, an hour at most. */
export interface UsageReport {
  readonly operations: readonly {
    readonly operation: string;
    readonly requests: number;
    readonly errors: number;
    /** Milliseconds, within 5 %. */
    readonly median: number;
    readonly p99: number;
  }[];
  /** One entry a minute, the oldest first; `time` in seconds since 1970. */
  readonly minutes: readonly { readonly time: number; readonly requests: number; readonly errors: number }[];
}

/** Undefined where the deployment doesn't offer it. */
export async function readUsage(token: string): Promise<UsageReport | undefined> {
  const answer = await fetch('console/usage', { headers: { 'X-Auth-Token': token } });
  return answer.ok ? ((await answer.json()) as UsageReport) : undefined;
}
