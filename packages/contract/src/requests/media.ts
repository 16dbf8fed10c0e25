import * as z from 'zod';
import { challengeIdPattern } from '../names.ts';
import { once } from '../once.ts';
import { boolean, type Media, mediaNames, mediaOf, mediaShape, number } from './parts.ts';
import type { RequestSchema } from './read.ts';

/** The codes of face-detect's `attributes`. */
export const attributeCodes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '11', '12', '13', '21'] as const;
export type AttributeCode = (typeof attributeCodes)[number];

const attributes = once(() =>
  z
    .string()
    .transform((text, context) => {
      const codes = text.split(',');
      const known = codes.filter((code): code is AttributeCode => attributeCodes.some((one) => one === code));
      if (known.length === codes.length) return [...new Set(known)];
      context.addIssue({
        code: 'custom',
        message: `must be a comma-separated list of ${attributeCodes.join(', ')}`,
      });
      return z.NEVER;
    })
    .meta({ description: `Attributes to judge, comma-separated: ${attributeCodes.join(', ')}.` }),
);

export interface DetectRequest {
  readonly image: Media;
  readonly attributes?: readonly AttributeCode[] | undefined;
}

export const detectRequest: RequestSchema<DetectRequest> = {
  oneOf: [mediaNames('image')],
  schema: once(() =>
    z
      .object({ ...mediaShape('image'), attributes: attributes().optional() })
      .transform((given) => ({ image: mediaOf('image', given) as Media, attributes: given.attributes })),
  ),
};

export interface CompareRequest {
  readonly image1: Media;
  readonly image2: Media;
}

export const compareRequest: RequestSchema<CompareRequest> = {
  oneOf: [mediaNames('image1'), mediaNames('image2')],
  schema: once(() =>
    z.object({ ...mediaShape('image1'), ...mediaShape('image2') }).transform((given) => ({
      image1: mediaOf('image1', given) as Media,
      image2: mediaOf('image2', given) as Media,
    })),
  ),
};

/** `actions` and `actionTime` are judged by the operation (FRS.0702, FRS.0703, FRS.0704). */
export interface VideoLivenessRequest {
  readonly video: Media;
  /** Absent where a challenge names them. */
  readonly actions?: string | undefined;
  /** Beyond the reference: of the challenge that drew the actions. */
  readonly challengeId?: string | undefined;
  readonly actionTime?: string | undefined;
  /** Degrees. */
  readonly nodThreshold: number;
  /** Beyond the reference: tell with each warning what the person can do. */
  readonly advice: boolean;
}

export const videoLivenessRequest: RequestSchema<VideoLivenessRequest> = {
  oneOf: [['actions', 'challenge_id'], mediaNames('video')],
  schema: once(() =>
    z
      .object({
        ...mediaShape('video'),
        actions: z
          .string()
          .meta({
            description:
              'Actions in their order, comma-separated: 1 shake left, 2 shake right, 3 nod, 4 mouth, 5 blink.',
            examples: ['1,3,2'],
          })
          .optional(),
        challenge_id: z
          .string()
          .regex(challengeIdPattern, 'must be the challenge_id that the service gave')
          .meta({
            description: 'Beyond the reference: the challenge that drew the actions, in place of them.',
          })
          .optional(),
        action_time: z
          .string()
          .meta({
            description: 'A window in milliseconds for each action.',
            examples: ['1000-3000,4000-7000'],
          })
          .optional(),
        nod_threshold: number({
          minimum: 1,
          maximum: 90,
          default: 10,
          description: 'Degrees of a nod.',
        }).optional(),
        advice: boolean(
          'Beyond the reference: tell with each warning what the person can do about it. It helps whoever attacks, too.',
        ).optional(),
      })
      .transform((given) => ({
        video: mediaOf('video', given) as Media,
        actions: given.actions,
        challengeId: given.challenge_id,
        actionTime: given.action_time,
        nodThreshold: given.nod_threshold ?? 10,
        advice: given.advice === true,
      })),
  ),
};

/** The actions that a challenge is drawn from, unless fewer are allowed: a blink is too short for a webcam's video. */
const challengeActions = ['1', '2', '3', '4'] as const;
export type ChallengeAction = (typeof challengeActions)[number];

export interface CreateChallengeRequest {
  /** Three at least, each once: of two a prepared video would be right every other time. */
  readonly allowedActions: readonly ChallengeAction[];
}

export const createChallengeRequest: RequestSchema<CreateChallengeRequest> = {
  schema: once(() =>
    z
      .object({
        allowed_actions: z
          .string()
          .transform((text, context) => {
            const codes = text.split(',');
            const known = challengeActions.filter((code) => codes.includes(code));
            if (known.length === codes.length && known.length > 2) return known;
            context.addIssue({
              code: 'custom',
              message: `must be three or more of ${challengeActions.join(', ')}, comma-separated, each once`,
            });
            return z.NEVER;
          })
          .meta({
            description:
              'Actions to draw from, comma-separated; 1,2,3 for people in masks, whose mouths are not seen.',
            default: challengeActions.join(','),
            examples: ['1,2,3'],
          })
          .optional(),
      })
      .transform((given) => ({ allowedActions: given.allowed_actions ?? challengeActions })),
  ),
};

export interface PhotoLivenessRequest {
  readonly image: Media;
}

export const photoLivenessRequest: RequestSchema<PhotoLivenessRequest> = {
  oneOf: [mediaNames('image')],
  schema: once(() =>
    z.object(mediaShape('image')).transform((given) => ({ image: mediaOf('image', given) as Media })),
  ),
};
