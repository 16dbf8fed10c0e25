import type { ResponseOf, VideoLivenessRequest } from '@openfrs/contract';
import type { Liveness } from '../ports/liveness.ts';
import { readActions, readWindows } from './actions.ts';
import { type MediaPorts, readOneMedia } from './media.ts';
import type { UseCase } from './use-case.ts';
import { warningsResponse } from './warnings.ts';

/** Chapter 4.3: does the video show a live person who makes the requested actions? */
export const liveDetect: UseCase<
  VideoLivenessRequest,
  MediaPorts & { readonly liveness: Liveness },
  ResponseOf<'live-detect'>
> = async ({ video, actions: codes, actionTime, nodThreshold }, project, ports, signal) => {
  const bytes = await readOneMedia(video, project, ports);
  const actions = readActions(codes);
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
    'warning-list': warningsResponse(verdict.warnings),
  };
};
