import type { VideoWarningResponse } from '@openfrs/contract';
import type { WarningCode } from '../ports/liveness.ts';

/** Chapter 5.2.10, table 5-14. */
const messages: Readonly<Record<WarningCode, string>> = {
  1: 'The face is not facing forward.',
  2: 'The video is shorter than 1 second.',
  3: 'The video is longer than 15 seconds.',
  4: 'There are two faces.',
  5: 'There is no face.',
  6: 'The movement of the action is too small.',
  7: 'The video quality is poor, or the video is not of a real person.',
  8: 'No preferred picture can be selected.',
  101: 'The overall quality of the face is too low.',
  102: 'The face is blurred.',
  103: 'The pose of the face is too large.',
  104: 'The face is occluded.',
  105: 'The picture is too dark.',
  106: 'There is more than one face in the picture.',
};

/** Each warning with its message, and beside it what the person can do about it where that is to be told. */
export function warningsResponse(
  codes: readonly WarningCode[],
  advice: Readonly<Partial<Record<WarningCode, string>>> = {},
): VideoWarningResponse[] {
  return codes.map((code) => {
    const told = advice[code];
    return { warningCode: code, warningMsg: messages[code], ...(told !== undefined && { advice: told }) };
  });
}
