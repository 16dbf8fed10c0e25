import type { Session } from './session.ts';

/** What the local server saw in a video, frame by frame; see `LivenessReport` of @openfrs/vision. */
export interface LivenessReport {
  readonly request: {
    readonly windows?: readonly { readonly from: number; readonly to: number }[];
  };
  readonly durationMs: number;
  readonly frames: readonly {
    readonly timeMs: number;
    /** Degrees: > 0 towards the person's own left. */
    readonly yaw?: number;
    /** Degrees: > 0 up. */
    readonly pitch?: number;
    /** Gap of the lips: 0 closed, about 0.2 wide open. */
    readonly mouth?: number;
  }[];
}

/** Takes the fields of `live-detect`. Undefined where the deployment doesn't offer it. */
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
  return answer.ok ? ((await answer.json()) as LivenessReport) : undefined;
}
