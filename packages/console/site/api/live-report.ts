import type { Session } from './session.ts';

/** What the local server saw in a video, frame by frame; see `LivenessReport` of @openfrs/liveness. */
export interface LivenessReport {
  readonly request: {
    readonly windows?: readonly { readonly from: number; readonly to: number }[];
  };
  readonly durationMs: number;
  readonly judgement: {
    readonly events: readonly { readonly from: number; readonly to: number; readonly confidence: number }[];
    /** What failed, in the order in which a person should mend it. */
    readonly refusals: readonly { readonly advice: string }[];
  };
  readonly checks: readonly ReportCheck[];
  readonly frames: readonly {
    readonly timeMs: number;
    /** Degrees: > 0 towards the person's own left. */
    readonly yaw?: number;
    /** Degrees: > 0 up. */
    readonly pitch?: number;
    /** Gap of the lips: 0 closed, about 0.2 wide open. */
    readonly mouth?: number;
    /** Of the anti-spoof models, [0, 1]; asked every 400 ms. */
    readonly live?: number;
  }[];
}

export interface ReportCheck {
  /** `anti-spoof` … */
  readonly name: string;
  /** Of an action, its code. */
  readonly action?: number;
  readonly value?: number;
  /** `≥ 0.5` */
  readonly limit: string;
  readonly result: 'passed' | 'failed' | 'not checked';
  readonly reason?: string;
}

/** Takes the fields of `live-detect`. Undefined where the deployment doesn't offer it. @throws Error with the service's own words */
export async function readLiveReport(
  session: Session,
  fields: Readonly<Record<string, string | File>>,
): Promise<LivenessReport | undefined> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const answer = await fetch('console/live-report', {
    method: 'POST',
    headers: { 'X-Auth-Token': session.token },
    body,
  });
  if (answer.ok) return (await answer.json()) as LivenessReport;
  const refusal = await answer.json().catch(() => ({}));
  const { error_code: code, error_msg: message } = refusal as { error_code?: string; error_msg?: string };
  // A static site's answers have no code; an API without the path says that it has none.
  if (code === undefined || code === 'APIG.0101') return undefined;
  throw new Error(`${code} ${message ?? ''}`);
}
