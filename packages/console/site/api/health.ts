export interface Health {
  readonly status: 'ok' | 'degraded' | 'starting' | 'unknown';
  readonly reason?: string;
}

/** What the server says of itself; `unknown` where the deployment doesn't offer it (Lambda). @throws TypeError it can't be reached */
export async function readHealth(): Promise<Health> {
  const answer = await fetch('health', { cache: 'no-store' });
  const isJson = answer.headers.get('Content-Type')?.includes('json') === true;
  return answer.ok && isJson ? ((await answer.json()) as Health) : { status: 'unknown' };
}
