import { continuityLimits } from '../continuity.ts';
import { type Decision, decisionLimits } from '../decision.ts';
import type { Refusal } from '../refusals.ts';
import type { ReportFrame } from './report-frame.ts';

/** A check of a verdict. */
export interface Check {
  readonly name: Refusal['check'];
  /** Of an action, its code. */
  readonly action?: number;
  readonly value: number | undefined;
  /** What it must be: `≥ 0.5`. */
  readonly limit: string;
  readonly result: 'passed' | 'failed' | 'not checked';
  /** Why it was not made. */
  readonly reason?: string;
  /** Where it was seen, or how many frames tell. */
  readonly frames: string;
}

/** Every check of a report with its value, its limit and the frames that it rests on, in the order of the refusals. */
export function checksOf({
  judgement,
  frames,
  decodedMs,
}: {
  readonly judgement: Decision;
  readonly frames: readonly ReportFrame[];
  /** What was looked at. */
  readonly decodedMs: number;
}): Check[] {
  const { continuity, live, motion, refusals } = judgement;
  const count = (has: (frame: (typeof frames)[number]) => boolean) => `${frames.filter(has).length} frames`;
  const isFaceless = refusals.some((refusal) => refusal.check === 'face');
  /** @param missing why it can't have been made; a check that failed was */
  const verdict = (failed: boolean, missing: string | undefined): Pick<Check, 'result' | 'reason'> => {
    if (failed) return { result: 'failed' };
    const reason = isFaceless ? 'too few frames have a face' : missing;
    return reason === undefined ? { result: 'passed' } : { result: 'not checked', reason };
  };
  const check = (
    name: Check['name'],
    value: number | undefined,
    limit: string,
    from: string,
    missing?: string,
  ): Check => ({
    ...{ name, value, limit, frames: from },
    ...verdict(
      refusals.some((refusal) => refusal.check === name),
      missing,
    ),
  });
  const isRefused = refusals.some((refusal) => refusal.check !== 'living motion');
  const withFace = count(({ yaw }) => yaw !== undefined);
  const several = frames.filter(({ faces = 0 }) => faces > 1);
  return [
    check('face', frames.filter(({ yaw }) => yaw !== undefined).length, '≥ 5', withFace),
    {
      ...{ name: 'several faces', value: several.length, limit: 'few', frames: timesOf(several) },
      // Faces are counted where none can be made out, too.
      ...(judgement.warnings.includes(4)
        ? { result: 'failed' }
        : frames.some(({ faces }) => faces !== undefined)
          ? { result: 'passed' }
          : { result: 'not checked', reason: 'faces were counted in no frame' }),
    },
    ...judgement.actions.map(({ action, confidence }, i): Check => {
      const event = judgement.schedule[i];
      return {
        ...{ name: 'action', action, value: confidence, limit: '≥ 0.5' },
        ...verdict(confidence < 0.5 && !isFaceless, undefined),
        frames: event === undefined ? 'none' : `${Math.round(event.from)}–${Math.round(event.to)} ms`,
      };
    }),
    check(
      'anti-spoof',
      live,
      `≥ ${decisionLimits.live}`,
      `${timesOf(frames.filter(({ live: one = 1 }) => one < decisionLimits.live))} below it, of ${count((frame) => frame.live !== undefined)}`,
    ),
    check(
      'living motion',
      motion?.score,
      '≤ 0',
      motion === undefined ? 'none' : withFace,
      motion === undefined
        ? isRefused
          ? 'it was refused without it'
          : 'the video shows too little motion to tell'
        : undefined,
    ),
    check(
      'same person',
      continuity.sameness,
      `≥ ${continuityLimits.sameness}`,
      `${continuity.compared} frames`,
      continuity.compared < 2 ? 'fewer than two faces could be compared' : undefined,
    ),
    check('cut', continuity.jumps, `≤ ${continuityLimits.jumps}`, withFace),
    check('face seen', continuity.seen, `≥ ${continuityLimits.seen}`, `${frames.length} frames`),
    check('face lost', continuity.longestLossMs, `≤ ${continuityLimits.longestLossMs} ms`, withFace),
    {
      ...{ name: 'duration', value: decodedMs, limit: `≥ ${decisionLimits.lookedAtMs} ms` },
      // It needs no face.
      result: refusals.some((refusal) => refusal.check === 'duration') ? 'failed' : 'passed',
      frames: `${frames.length} frames`,
    },
  ];
}

/** Times of a few frames; the rest is counted. */
function timesOf(frames: readonly { readonly timeMs: number }[]): string {
  if (frames.length === 0) return 'none';
  const first = frames.slice(0, 5).map(({ timeMs }) => timeMs);
  const more = frames.length > first.length ? ` and ${frames.length - first.length} more` : '';
  return `${first.join(', ')} ms${more}`;
}
