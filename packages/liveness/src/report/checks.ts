import { continuityLimits } from '../continuity.ts';
import { decisionLimits } from '../decision.ts';
import type { Refusal } from '../refusals.ts';
import type { LivenessReport } from './report.ts';

/** A check of a verdict, passed or not. */
export interface Check {
  readonly name: Refusal['check'];
  /** Of an action, its code. */
  readonly action?: number;
  readonly value: number | undefined;
  /** What it must be: `≥ 0.5`. */
  readonly limit: string;
  readonly passed: boolean;
  /** Where it was seen, or how many frames tell. */
  readonly frames: string;
}

/** Every check of a report with its value, its limit and the frames that it rests on, in the order of the refusals. */
export function checksOf({ judgement, frames }: LivenessReport): Check[] {
  const { continuity, live, motion, refusals } = judgement;
  const count = (has: (frame: (typeof frames)[number]) => boolean) => `${frames.filter(has).length} frames`;
  const check = (name: Check['name'], value: number | undefined, limit: string, from: string): Check => ({
    ...{ name, value, limit, frames: from },
    passed: !refusals.some((refusal) => refusal.check === name),
  });
  const withFace = count(({ yaw }) => yaw !== undefined);
  const several = frames.filter(({ faces = 0 }) => faces > 1);
  return [
    check('face', frames.filter(({ yaw }) => yaw !== undefined).length, '≥ 5', withFace),
    check('several faces', several.length, 'few', timesOf(several)),
    ...judgement.actions.map(({ action, confidence }, i): Check => {
      const event = judgement.schedule[i];
      return {
        ...{ name: 'action', action, value: confidence, limit: '≥ 0.5', passed: confidence >= 0.5 },
        frames: event === undefined ? 'none' : `${Math.round(event.from)}–${Math.round(event.to)} ms`,
      };
    }),
    check(
      'anti-spoof',
      live,
      `≥ ${decisionLimits.live}`,
      `${timesOf(frames.filter(({ live: one = 1 }) => one < decisionLimits.live))} below it, of ${count((frame) => frame.live !== undefined)}`,
    ),
    check('living motion', motion?.score, '≤ 0', motion === undefined ? 'not looked at' : withFace),
    check('same person', continuity.sameness, `≥ ${continuityLimits.sameness}`, withFace),
    check('cut', continuity.jumps, `≤ ${continuityLimits.jumps}`, withFace),
    check('face seen', continuity.seen, `≥ ${continuityLimits.seen}`, `${frames.length} frames`),
    check('face lost', continuity.longestLossMs, `≤ ${continuityLimits.longestLossMs} ms`, withFace),
  ];
}

/** Times of a few frames; the rest is counted. */
function timesOf(frames: readonly { readonly timeMs: number }[]): string {
  if (frames.length === 0) return 'none';
  const first = frames.slice(0, 5).map(({ timeMs }) => timeMs);
  const more = frames.length > first.length ? ` and ${frames.length - first.length} more` : '';
  return `${first.join(', ')} ms${more}`;
}
