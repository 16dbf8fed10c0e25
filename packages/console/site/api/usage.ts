import type { AccountReport, UsageReport } from '../../server/usage-report.ts';

export type { AccountReport, UsageReport };

/** Undefined where the deployment doesn't offer it. */
export async function readUsage(token: string): Promise<(UsageReport & AccountReport) | undefined> {
  const answer = await fetch('console/usage', { headers: { 'X-Auth-Token': token } });
  return answer.ok ? ((await answer.json()) as UsageReport & AccountReport) : undefined;
}
