import type { Action, LivenessRequest, WarningCode } from '@openfrs/core';
import type { ActionEvent } from './actions/detect-actions.ts';
import type { MatchedActions } from './actions/match-actions.ts';
import { type Continuity, continuityLimits } from './continuity.ts';
import type { MotionScore } from './pad/motion-score.ts';

/** A check that failed: what was measured, what would have passed, and what the person can do. */
export interface Refusal {
  readonly check:
    | 'action'
    | 'anti-spoof'
    | 'living motion'
    | 'face'
    | 'several faces'
    | 'same person'
    | 'cut'
    | 'face seen'
    | 'face lost'
    | 'duration';
  readonly action?: Action;
  readonly value: number;
  readonly limit: number;
  readonly advice: string;
}

interface Judged {
  readonly events: readonly ActionEvent[];
  readonly matched: MatchedActions;
  readonly continuity: Continuity;
  readonly live: number | undefined;
  readonly liveLimit: number;
  readonly motion: MotionScore | undefined;
  readonly faceless: boolean;
  /** The detector sees a face that the mesh model can't make out, or doubts: a mask, a hand or a scarf hides a part. */
  readonly covered: boolean;
  readonly several: boolean;
  /** Median size of the face in pixels of a 640 px frame. */
  readonly size: number;
  /** Milliseconds that were looked at, and the least, where that is too few. */
  readonly short?: { readonly value: number; readonly limit: number };
  /** How much was looked at, where that isn't the whole video; else empty. */
  readonly cut: string;
}

/** The warning of chapter 5.2.10 that a check's failure is told by. */
const warningOf: Readonly<Record<Refusal['check'], WarningCode>> = {
  action: 6,
  'anti-spoof': 7,
  'living motion': 7,
  face: 5,
  'several faces': 4,
  'same person': 7,
  cut: 7,
  'face seen': 7,
  'face lost': 7,
  duration: 2,
};

/** What to do, by the warning that goes with it; nothing is said twice. */
export function adviceOf(refusals: readonly Refusal[]): Partial<Record<WarningCode, string>> {
  const advice = new Map<WarningCode, Set<string>>();
  for (const { check, advice: sentences } of refusals) {
    const code = warningOf[check];
    const said = advice.get(code) ?? new Set();
    for (const sentence of sentences.split(/(?<=\.) /)) said.add(sentence);
    advice.set(code, said);
  }
  return Object.fromEntries([...advice].map(([code, said]) => [code, [...said].join(' ')]));
}

/** Smaller faces are asked to come closer. */
const wellSeen = 90;

/** Nobody who keeps a mask on can be asked for the mouth. */
const mouthHidden = ' Your mouth is hidden: uncover it, or have turns and nods asked for.';

const furtherBy: Readonly<Record<Action, string>> = {
  1: 'Turn your head further to your left, and back.',
  2: 'Turn your head further to your right, and back.',
  3: 'Lower or raise your head further, and back, without turning it.',
  4: 'Open your mouth wide, keep it open for a moment, and close it.',
  5: 'Close both eyes for a moment, and open them.',
};

/** Every check that a video failed, in the order in which a person should mend them. Each may lie in what was not looked at. */
export function refusalsOf(request: LivenessRequest, judged: Judged): Refusal[] {
  const { short, cut } = judged;
  const failed = failuresOf(request, judged);
  if (short !== undefined)
    failed.unshift({ check: 'duration', ...short, advice: 'Record one second at least.' });
  return cut === '' ? failed : failed.map((refusal) => ({ ...refusal, advice: `${refusal.advice} ${cut}` }));
}

function failuresOf({ actions }: LivenessRequest, judged: Judged): Refusal[] {
  const { continuity, live, liveLimit, matched } = judged;
  const closer = judged.size < wellSeen ? ' Come closer.' : '';
  if (judged.faceless)
    return [
      {
        check: 'face',
        value: 0,
        limit: 1,
        advice: judged.covered
          ? 'Uncover your face: a mask, a hand or a scarf hides a part of it.'
          : 'Hold your face into the middle of the picture, in the light.',
      },
    ];
  const refusals: Refusal[] = [];
  if (judged.several)
    refusals.push({
      check: 'several faces',
      value: 2,
      limit: 1,
      advice: 'Only one person may be in the picture.',
    });
  for (const [i, action] of actions.entries()) {
    const event = matched[i];
    if (event !== undefined && event.confidence >= 0.5) continue;
    const hidden = action === 4 && judged.covered ? mouthHidden : '';
    refusals.push(actionRefusal(action, event, judged.events, `${closer}${hidden}`));
  }
  if (live === undefined || live < liveLimit) {
    const advice =
      live === undefined
        ? 'Look straight at the camera first.'
        : `Look straight at the camera in even light, nothing before your face.${closer}`;
    refusals.push({ check: 'anti-spoof', value: live ?? 0, limit: liveLimit, advice });
  }
  const keep = 'Record it in one go, and keep your face in the picture.';
  const check = (name: Refusal['check'], value: number, limit: number, failed: boolean, advice = keep) => {
    if (failed) refusals.push({ check: name, value, limit, advice });
  };
  check(
    'living motion',
    judged.motion?.score ?? 0,
    0,
    judged.motion !== undefined && judged.motion.score > 0,
    `Look at the camera for a second before and after each movement, in even light.${closer}`,
  );
  const { sameness, jumps, seen, longestLossMs } = continuityLimits;
  check(
    'same person',
    continuity.sameness,
    sameness,
    continuity.sameness < sameness,
    'One person only, evenly lit, from the start to the end.',
  );
  check(
    'cut',
    continuity.jumps,
    jumps,
    continuity.jumps > jumps,
    'Move more slowly, and record it in one go.',
  );
  check('face seen', continuity.seen, seen, continuity.seen < seen);
  check(
    'face lost',
    continuity.longestLossMs,
    longestLossMs,
    continuity.longestLossMs > longestLossMs,
    'Turn less far, so that your face stays in sight.',
  );
  return refusals;
}

function actionRefusal(
  action: Action,
  event: ActionEvent | undefined,
  events: readonly ActionEvent[],
  closer: string,
): Refusal {
  const base = { check: 'action', action, limit: 1 } as const;
  if (event?.depthScore !== undefined && event.depthScore < 1)
    return {
      ...base,
      value: event.depthScore,
      advice: `Hold the camera still and move your head alone.${closer}`,
    };
  const other = events.find((found) => action < 3 && found.action === 3 - action && found.confidence >= 0.5);
  if (event === undefined && other !== undefined)
    return { ...base, value: 0, advice: `It was the other side. ${furtherBy[action]}` };
  return { ...base, value: event?.strength ?? 0, advice: `${furtherBy[action]}${closer}` };
}
