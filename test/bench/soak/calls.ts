import type { Served } from '../load/served.ts';

/** What was done, as it was acknowledged. */
export interface Counts {
  sets: number;
  setsDeleted: number;
  facesAdded: number;
  facesDeleted: number;
  updates: number;
  searches: number;
  /** Answers that were not what they must be. */
  faults: number;
}

export const noCounts = (): Counts => ({
  sets: 0,
  setsDeleted: 0,
  facesAdded: 0,
  facesDeleted: 0,
  updates: 0,
  searches: 0,
  faults: 0,
});

export type Call = <Body>(method: string, path: string, json?: object) => Promise<Body | undefined>;

/** Calls below the project's face sets; what isn't answered 200 is counted as a fault and printed. */
export async function caller({ credentials, token }: Served, counts: Counts): Promise<Call> {
  const base = `${credentials.FRS_ENDPOINT}/v2/${credentials.FRS_PROJECT_ID}/face-sets`;
  const headers = { 'content-type': 'application/json', 'x-auth-token': await token() };
  return async <Body>(method: string, path: string, json?: object) => {
    const answer = await fetch(base + path, { method, headers, ...(json && { body: JSON.stringify(json) }) });
    const body = await answer.json();
    if (answer.status === 200) return body as Body;
    counts.faults += 1;
    console.log(`fault: ${method} ${path} ${answer.status} ${JSON.stringify(body)}`);
    return undefined;
  };
}

/** Runs `work` until the time is over, with at least `pauseMs` from one begin to the next. */
export async function repeat(
  end: number,
  pauseMs: number,
  work: (round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; Date.now() < end; round++) {
    const next = Date.now() + pauseMs;
    await work(round);
    const rest = Math.min(next, end) - Date.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}
