import { randomBytes, randomInt } from 'node:crypto';
import type { CreateChallengeRequest, ResponseOf } from '@openfrs/contract';
import type { Challenges } from '../ports/challenges.ts';
import type { Action } from '../ports/liveness.ts';
import type { UseCase } from './use-case.ts';

/** Of four actions 36 sequences; one of more takes a person longer than a video may be. */
const drawnActions = 3;

export interface ChallengePorts {
  readonly challenges: Challenges;
  /** How long a challenge is good for, in milliseconds. */
  readonly challengeMs: number;
  readonly now: () => Date;
}

/** Beyond the reference: actions that nobody can foresee, good for one video of this project, for a short time. */
export const liveChallengeCreate: UseCase<
  CreateChallengeRequest,
  ChallengePorts,
  ResponseOf<'live-challenge-create'>
> = async ({ allowedActions }, project, { challenges, challengeMs, now }) => {
  const challenge = {
    id: randomBytes(16).toString('base64url'),
    actions: drawActions(allowedActions.map((code) => Number(code) as Action)),
    expires: new Date(now().getTime() + challengeMs),
  };
  await challenges.issue(project.id, challenge);
  return {
    challenge_id: challenge.id,
    actions: challenge.actions.join(','),
    expires_at: challenge.expires.toISOString(),
  };
};

/** Each as likely as any other, but that no action follows itself: a person can't tell where one nod ends. */
export function drawActions(allowed: readonly Action[]): Action[] {
  const drawn: Action[] = [];
  while (drawn.length < drawnActions) {
    const others = allowed.filter((action) => action !== drawn.at(-1));
    drawn.push(others[randomInt(others.length)] as Action);
  }
  return drawn;
}
