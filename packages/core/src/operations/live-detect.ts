import { FrsError, type ResponseOf, type VideoLivenessRequest } from '@openfrs/contract';
import type { Project } from '../ports/accounts.ts';
import type { Action, Liveness } from '../ports/liveness.ts';
import { readActions, readWindows } from './actions.ts';
import type { ChallengePorts } from './live-challenge-create.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import type { UseCase } from './use-case.ts';
import { warningsResponse } from './warnings.ts';

type RedeemPorts = Pick<ChallengePorts, 'challenges' | 'now'>;

/** Chapter 4.3: does the video show a live person who makes the requested actions? */
export const liveDetect: UseCase<
  VideoLivenessRequest,
  MediaPorts & RedeemPorts & { readonly liveness: Liveness },
  ResponseOf<'live-detect'>
> = async (
  { video, actions: codes, challengeId, actionTime, nodThreshold, advice },
  project,
  ports,
  signal,
) => {
  if (challengeId === undefined && project.requiresChallenge === true) {
    throw new FrsError('FRS.0011', 'Parameter: challenge_id, which this project requires.');
  }
  // What has no form at all costs no challenge.
  if (challengeId !== undefined && actionTime !== undefined)
    readWindows(actionTime, actionTime.split(',').length);
  const bytes = await readOneMedia(video, project, ports);
  const actions =
    challengeId === undefined
      ? readActions(codes ?? '')
      : await actionsOfChallenge(challengeId, actionTime, project, ports);
  const request = {
    actions,
    ...(actionTime !== undefined && { windows: readWindows(actionTime, actions.length) }),
    nodThreshold,
  };
  const verdict = await ports.liveness.judgeVideo(bytes, request, signal);
  return {
    'video-result': {
      alive: verdict.alive,
      actions: verdict.actions.map(({ action, confidence }) => ({ action, confidence })),
      // Clients read it as a string always, so it is empty where no frame had a face.
      picture: Buffer.from(verdict.picture ?? []).toString('base64'),
    },
    'warning-list': warningsResponse(verdict.warnings, advice ? verdict.advice : {}),
  };
};

const reasons = {
  unknown: 'is no challenge of this project',
  used: 'was used before',
  expired: 'has expired',
} as const;

/** Used up before the video is judged, so that no other video can be tried on it. @throws FrsError FRS.0012, FRS.0703 */
async function actionsOfChallenge(
  id: string,
  actionTime: string | undefined,
  project: Project,
  { challenges, now }: RedeemPorts,
): Promise<readonly Action[]> {
  // Windows of another number than the actions cost no challenge, either.
  const check =
    actionTime === undefined
      ? undefined
      : (actions: readonly Action[]) => void readWindows(actionTime, actions.length);
  const redeemed = await challenges.redeem(project.id, id, now(), check);
  if ('actions' in redeemed) return redeemed.actions;
  throw new FrsError('FRS.0012', `Parameter: challenge_id: ${reasons[redeemed.refused]}.`);
}
